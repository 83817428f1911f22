import type { Change, Rule } from './answers';
import { versionText } from './version-text';
import { useStudio } from './studio';

/** One change: who, when, and the rule before and after it. */
export function HistoryEntry({ change, undo }: { change: Change; undo: () => void }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { before, after, changed_by, changed_at } = change;
  const { tag } = (after ?? before)!;
  return (
    <li class={`change ${change.change}`}>
      <p>
        <strong>{t.changes[change.change]}</strong> <span class="change-tag">{tag}</span>{' '}
        <span class="hint">
          {changed_by}, {studio.scene.value.format.stamp(changed_at)}
        </span>
      </p>
      <dl>
        {before && <Version name={t.before} rule={before} other={after} />}
        {after && <Version name={t.after} rule={after} other={before} />}
      </dl>
      {studio.mayEdit && (
        <button type="button" class="tool" aria-label={t.undoOf(tag)} onClick={undo}>
          {t.undo}
        </button>
      )}
    </li>
  );
}

function Version({ name, rule, other }: { name: string; rule: Rule; other: Rule | null }) {
  const studio = useStudio();
  return (
    <div>
      <dt>{name}</dt>
      <dd>{versionText(studio, rule, other)}</dd>
    </div>
  );
}
