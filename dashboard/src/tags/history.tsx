import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { TableFiles } from '../scene/table-files';
import type { Change } from './answers';
import { changeColumns } from './change-columns';
import { HistoryEntry } from './history-entry';
import { useStudio } from './studio';

/** What was changed, newest first. @param rule undefined: all rules */
export function History({ rule }: { rule: string | undefined }) {
  const studio = useStudio();
  const t = studio.t.value;
  const changes = useSignal<Change[] | undefined>(undefined);
  const next = useSignal<number | null>(null);
  const problem = useSignal('');
  const load = async (cursor?: number) => {
    try {
      const page = await studio.api.history(rule, cursor);
      changes.value = [...(cursor ? (changes.value ?? []) : []), ...page.changes];
      next.value = page.next;
      problem.value = '';
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  useEffect(() => void load(), [rule]);
  const undo = async ({ rule_id, number, before, after }: Change) => {
    try {
      await studio.api.undo(rule_id, number);
      studio.notice.value = t.undone((before ?? after)!.tag);
      await Promise.all([load(), studio.load()]);
    } catch (error) {
      problem.value = (error as Error).message;
    }
  };
  const newest = changes.value?.[0];
  const tag = rule && (newest?.after ?? newest?.before)?.tag;
  return (
    <section
      class="panel history"
      aria-labelledby="history-title"
      aria-busy={!changes.value && !problem.value}
    >
      <div class="section-head">
        <h2 id="history-title">{tag ? t.historyOf(tag) : t.history}</h2>
        <HistoryFiles rule={rule} isOff={!changes.value?.length} />
      </div>
      {problem.value && (
        <p class="wrong" role="alert">
          {problem.value}
        </p>
      )}
      {!changes.value && !problem.value && <p class="none">{t.loading}</p>}
      {changes.value?.length === 0 && <p class="none">{t.noHistory}</p>}
      <ol class="changes">
        {changes.value?.map((change) => (
          <HistoryEntry key={change.number} change={change} undo={() => void undo(change)} />
        ))}
      </ol>
      {next.value && (
        <button type="button" class="tool" onClick={() => void load(next.value!)}>
          {t.older}
        </button>
      )}
    </section>
  );
}

/** The whole history as a file. */
function HistoryFiles({ rule, isOff }: { rule: string | undefined; isOff: boolean }) {
  const studio = useStudio();
  return (
    <TableFiles
      scene={studio.scene.value}
      name="history"
      title={studio.t.value.ruleChanges}
      columns={changeColumns(studio)}
      rows={() => studio.api.wholeHistory(rule)}
      isOff={isOff}
    />
  );
}
