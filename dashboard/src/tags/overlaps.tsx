import { useAnswer } from './answer-of';
import { OverlapTable } from './overlap-table';
import { useStudio } from './studio';

const MOST_TAGS = 10;

/** How many guests two or more tags share. */
export function Overlaps() {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const known = studio.overview.value ?? [];
  const chosen = studio.view.value.tags ?? [];
  const asked = useAnswer(chosen.length > 1 ? (abort) => studio.api.overlap(chosen, abort) : undefined, [
    chosen.join('\0'),
    known.map(({ users }) => users).join(),
  ]).value;
  const toggle = (tag: string) => {
    const tags = chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag];
    studio.open('overlap', { tags });
  };
  return (
    <section class="panel overlap" aria-labelledby="overlap-title" aria-busy={asked.isLoading}>
      <h2 id="overlap-title">{t.overlap}</h2>
      <fieldset class="tag-choice">
        <legend class="note">{t.chooseTags}</legend>
        {known.map(({ tag, users }) => (
          <label key={tag} class="chip">
            <input
              type="checkbox"
              checked={chosen.includes(tag)}
              disabled={!chosen.includes(tag) && chosen.length >= MOST_TAGS}
              onChange={() => toggle(tag)}
            />
            <span>{tag}</span> <span class="hint">{format.count(users)}</span>
          </label>
        ))}
      </fieldset>
      {asked.error && (
        <p class="wrong" role="alert">
          {asked.error}
        </p>
      )}
      {asked.answer && <OverlapTable overlap={asked.answer} />}
    </section>
  );
}
