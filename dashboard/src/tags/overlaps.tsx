import { useAnswer } from './answer-of';
import { OverlapTable } from './overlap-table';
import { useStudio } from './studio';
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
      <h2 id="overlap-title">{t.overlap}</h2>
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
