import { useAnswer } from './answer-of';
import type { Column } from '../scene/chart';
import { TableFiles } from '../scene/table-files';
import { OverlapTable, sharedRows, type SharedRow } from './overlap-table';
import { useStudio } from './studio';
import type { TagTexts } from './tag-texts';
import { TagChoice } from './tag-choice';

const MOST_TAGS = 10;

/** How many guests two or more tags share. */
export function Overlaps() {
  const studio = useStudio();
  const t = studio.t.value;
  const known = studio.overview.value ?? [];
  const chosen = studio.view.value.tags ?? [];
  const asked = useAnswer(chosen.length > 1 ? (abort) => studio.api.overlap(chosen, abort) : undefined, [
    chosen.join('\0'),
    known.map(({ users }) => users).join(),
  ]).value;
  return (
    <section class="panel overlap" aria-labelledby="overlap-title" aria-busy={asked.isLoading}>
      <div class="section-head">
        <h2 id="overlap-title">{t.overlap}</h2>
        <TableFiles
          scene={studio.scene.value}
          name="overlap"
          title={t.overlap}
          columns={fileColumns(t)}
          rows={() => sharedRows(asked.answer!)}
          isOff={!asked.answer}
        />
      </div>
      <TagChoice
        note={t.chooseTags}
        chosen={chosen}
        choose={(tags) => studio.open('overlap', { tags })}
        most={MOST_TAGS}
      />
      {asked.error && (
        <p class="wrong" role="alert">
          {asked.error}
        </p>
      )}
      {asked.answer && <OverlapTable overlap={asked.answer} />}
    </section>
  );
}

function fileColumns(t: TagTexts): Column<SharedRow>[] {
  return [
    { name: t.tag, value: ({ tag }) => tag },
    { name: t.audience, value: ({ users }) => users, kind: 'number' },
    { name: t.otherTag, value: ({ other }) => other },
    { name: t.holdBoth, value: ({ shared }) => shared, kind: 'number' },
    { name: t.shareOfTag, value: ({ users, shared }) => (users ? shared / users : null), kind: 'share' },
  ];
}
