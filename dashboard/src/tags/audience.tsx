import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { FileFormat } from '@app/spreadsheets/sheet';
import { FileButtons } from '../scene/file-buttons';
import { useAnswer } from './answer-of';
import { AudienceTable } from './audience-table';
import { useStudio } from './studio';

/** While somebody types, the search waits so long for the next letter. */
const PAUSE_MS = 250;

/** The guests who hold a tag. */
export function Audience({ tag }: { tag: string }) {
  const studio = useStudio();
  const t = studio.t.value;
  const typed = useSignal('');
  const search = useSignal('');
  /** The cursors of the pages up to this one. */
  const cursors = useSignal<string[]>([]);
  useEffect(() => {
    if (typed.value.trim() === search.value) {
      return undefined;
    }
    const timer = setTimeout(() => {
      search.value = typed.value.trim();
      cursors.value = [];
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed.value]);
  const cursor = cursors.value[cursors.value.length - 1];
  const asked = useAnswer(
    studio.maySeePersons ? (abort) => studio.api.audience(tag, search.value, cursor, abort) : undefined,
    [tag, search.value, cursor, studio.overview.value?.find((one) => one.tag === tag)?.users],
  ).value;
  if (!studio.maySeePersons) {
    return <p class="none">{t.noPersons}</p>;
  }
  const next = asked.answer?.next;
  return (
    <section class="panel audience" aria-labelledby="audience-title" aria-busy={asked.isLoading}>
      <div class="section-head">
        <h2 id="audience-title">{t.audienceOf(tag)}</h2>
        <input
          type="search"
          class="search"
          placeholder={t.searchGuests}
          aria-label={t.searchGuests}
          value={typed}
          onInput={(event) => (typed.value = event.currentTarget.value)}
        />
        <Files tag={tag} search={search.value} />
      </div>
      {asked.error && (
        <p class="wrong" role="alert">
          {asked.error}
        </p>
      )}
      {asked.answer && <AudienceTable page={asked.answer} isFading={asked.isLoading} />}
      <div class="buttons">
        <PageButton
          text={`← ${t.previous}`}
          isOff={!cursors.value.length}
          turn={() => (cursors.value = cursors.value.slice(0, -1))}
        />
        <PageButton
          text={`${t.next} →`}
          isOff={!next || asked.isLoading}
          turn={() => (cursors.value = [...cursors.value, next!])}
        />
      </div>
    </section>
  );
}

function PageButton({ text, isOff, turn }: { text: string; isOff: boolean; turn: () => void }) {
  return (
    <button type="button" class="tool" disabled={isOff} onClick={turn}>
      {text}
    </button>
  );
}

/** The audience as a file that a spreadsheet of the reader's language opens. */
function Files({ tag, search }: { tag: string; search: string }) {
  const studio = useStudio();
  const fileOf = (format: FileFormat) => studio.api.audienceFile(tag, search, format, studio.language.value);
  return <FileButtons fileOf={fileOf} name={studio.t.value.fileName(tag)} />;
}
