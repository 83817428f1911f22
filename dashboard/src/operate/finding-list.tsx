import { useSignal } from '@preact/signals';
import { mayAs } from '../access/caller';
import type { Column } from '../scene/chart';
import { sheetTime } from '../scene/sheet-time';
import { TableFiles } from '../scene/table-files';
import type { Finding } from './answers';
import { Choice } from './choice';
import { FindingTable, keyText } from './finding-table';
import { useOperateDesk, type OperateDesk } from './operate-desk';
import { PageButtons } from './page-buttons';
import { useAnswer } from './use-answer';

/** What the auditor found, the open ones first, then the newest. */
export function FindingList() {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const state = useSignal('open');
  const skip = useSignal(0);
  const { answer, error, isLoading } = useAnswer(
    (signal) => desk.api.findings({ state: state.value }, skip.value, signal),
    [state.value, skip.value],
  ).value;
  const { findings = [], matching = 0 } = answer ?? {};
  const choose = (chosen: string) => {
    state.value = chosen;
    skip.value = 0;
  };
  return (
    <section class="panel" aria-labelledby="findings-title" aria-busy={isLoading} id="findings">
      <header>
        <h3 id="findings-title">{t.findings}</h3>
        <TableFiles
          scene={desk.scene.value}
          name="findings"
          title={t.findings}
          columns={fileColumns(desk)}
          rows={() => desk.api.everyFinding({ state: state.value })}
          isOff={matching === 0}
        />
        <p class="note">{t.findingsNote}</p>
        {!mayAs('analyst', desk.caller.value) && <p class="note">{t.withoutPersons}</p>}
      </header>
      <form class="filters-of" onSubmit={(event) => event.preventDefault()}>
        <Choice
          name={t.state}
          value={state.value}
          values={['open', 'closed', 'all'].map((one) => [one, t.findingStates[one]!])}
          choose={choose}
        />
      </form>
      {error && (
        <p class="wrong" role="alert">
          {error.message}
        </p>
      )}
      {findings.length > 0 && <FindingTable findings={findings} isFading={isLoading} />}
      {findings.length === 0 && !error && <p class="none">{isLoading ? general.loading : t.noFindings}</p>}
      {matching > 0 && (
        <p class="hint" role="status">
          {t.foundOf(format.count(skip.value + findings.length), format.count(matching))}
        </p>
      )}
      <PageButtons skip={skip} shown={findings.length} matching={matching} />
    </section>
  );
}

function fileColumns(desk: OperateDesk): Column<Finding>[] {
  const t = desk.t.value;
  const { auditedThings } = desk.scene.value.t;
  return [
    { name: t.foundAt, value: ({ found_at: at }) => sheetTime(at), kind: 'time' },
    { name: t.round, value: ({ what }) => auditedThings[what] ?? what },
    { name: t.table, value: ({ table }) => table },
    { name: t.rowKey, value: keyText },
    { name: t.column, value: ({ column }) => (column === '*' ? t.wholeRow : column) },
    { name: t.against, value: ({ against }) => against },
    { name: t.expected, value: ({ expected }) => expected ?? t.none },
    { name: t.found, value: ({ found }) => found ?? t.none },
    { name: t.closedAt, value: ({ closed_at: at }) => at && sheetTime(at), kind: 'time' },
  ];
}
