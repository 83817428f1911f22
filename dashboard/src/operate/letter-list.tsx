import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { TableFiles } from '../scene/table-files';
import { Choice } from './choice';
import { deadLetterCodes } from './dead-letter-codes';
import { Deed } from './deed';
import { lettersDeed } from './deeds';
import { letterColumns, LetterTable } from './letter-table';
import { useOperateDesk } from './operate-desk';
import { PagedLetters } from './paged-letters';

const services = ['stg', 'dds', 'cdm'];

/** What services refused, the newest first, by filters. */
export function LetterList() {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const filter = useSignal<LetterFilter>({ state: 'open', service: '', reason: '', object_id: '' });
  const paged = useMemo(() => new PagedLetters(desk.api.letters), []);
  const { letters, next, held, left, isLoading, error } = paged.shown.value;
  useEffect(() => {
    void paged.load(filter.value);
  }, [filter.value, desk.deeds.value]);
  useEffect(() => () => paged.close(), []);
  const choose = (change: Partial<LetterFilter>) => (filter.value = { ...filter.value, ...change });
  return (
    <section class="panel" aria-labelledby="letters-title" aria-busy={isLoading} id="letters">
      <header>
        <h3 id="letters-title">{t.letters}</h3>
        <TableFiles
          scene={desk.scene.value}
          name="refused-messages"
          title={t.letters}
          columns={letterColumns(desk)}
          rows={() => desk.api.everyLetter(filter.value)}
          isOff={letters.length === 0}
        />
      </header>
      <LetterFilters filter={filter.value} choose={choose} />
      {error && (
        <p class="wrong" role="alert">
          {error}
        </p>
      )}
      {letters.length > 0 && <LetterTable letters={letters} isFading={isLoading} />}
      {letters.length === 0 && !error && <p class="none">{isLoading ? general.loading : t.noLetters}</p>}
      {!error && (
        <p class="hint" role="status">
          {t.lookedAt(format.count(held - left), format.count(held))}
        </p>
      )}
      <div class="buttons">
        {next && (
          <button
            type="button"
            class="tool"
            disabled={isLoading}
            onClick={() => void paged.load(filter.value, next)}
          >
            {t.lookFurther}
          </button>
        )}
        {desk.isOperator.value && letters.length > 0 && <DeedsOfAll filter={filter.value} />}
      </div>
    </section>
  );
}

/** Which dead letters are listed. */
type LetterFilter = Record<'state' | 'service' | 'reason' | 'object_id', string>;

interface LetterFiltersProps {
  filter: LetterFilter;
  choose: (change: Partial<LetterFilter>) => void;
}

function LetterFilters({ filter, choose }: LetterFiltersProps) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { t: general } = desk.scene.value;
  return (
    <form class="filters-of" onSubmit={(event) => event.preventDefault()}>
      <Choice
        name={t.state}
        value={filter.state}
        values={['open', 'replayed', 'discarded', 'all'].map((state) => [state, t.states[state]!])}
        choose={(state) => choose({ state })}
      />
      <Choice
        name={general.service}
        value={filter.service}
        values={[['', t.any], ...services.map((service): [string, string] => [service, service])]}
        choose={(service) => choose({ service })}
      />
      <Choice
        name={general.reason}
        value={filter.reason}
        values={[
          ['', t.any],
          ...deadLetterCodes.map((code): [string, string] => [code, general.reasons[code]!]),
        ]}
        choose={(reason) => choose({ reason })}
      />
      <OrderField choose={(object_id) => choose({ object_id })} />
    </form>
  );
}

/** What can be done with all that the filter means; those that are done with need no deed. */
function DeedsOfAll({ filter }: { filter: LetterFilter }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  if (filter.state !== 'open') {
    return null;
  }
  const { state: _, ...meant } = filter;
  const isFiltered = Object.values(meant).some(Boolean);
  const query = { ...meant, all: isFiltered ? '' : 'true' };
  return (
    <>
      <Deed label={t.replayAll} note={t.replayNote} run={lettersDeed(desk, 'replay', query)} />
      <Deed label={t.discardAll} note={t.discardNote} run={lettersDeed(desk, 'discard', query)} />
    </>
  );
}

function OrderField({ choose }: { choose: (order: string) => void }) {
  const desk = useOperateDesk();
  return (
    <label>
      <span>{desk.scene.value.t.orderId}</span>
      <input
        type="text"
        inputMode="numeric"
        pattern="\d{1,19}"
        maxLength={19}
        onChange={({ currentTarget }) => currentTarget.checkValidity() && choose(currentTarget.value)}
      />
    </label>
  );
}
