import { useSignal } from '@preact/signals';
import type { Overview, Rule } from './answers';
import { Go } from './go';
import { sentenceOf } from './sentence';
import { speechOf } from './speech';
import { useStudio } from './studio';
import { TagRow } from './tag-row';

export interface ListedTag {
  tag: string;
  rules: Rule[];
  /** Undefined of a tag that is newer than the audiences that are known. */
  overview?: Overview;
}

/** All tags with their rules and audiences. */
export function TagList() {
  const studio = useStudio();
  const t = studio.t.value;
  const search = useSignal('');
  const rules = studio.rules.value;
  const speech = speechOf(studio);
  const wanted = search.value.trim().toLocaleLowerCase();
  const tags = listed(rules ?? [], studio.overview.value ?? []);
  const found = tags.filter(({ tag, rules: its }) =>
    [tag, ...its.map(({ conditions }) => sentenceOf(conditions, speech))].some((text) =>
      text.toLocaleLowerCase().includes(wanted),
    ),
  );
  return (
    <section aria-labelledby="tags-title" aria-busy={!rules}>
      <div class="section-head">
        <h2 id="tags-title">{t.allTags}</h2>
        <input
          type="search"
          class="search"
          placeholder={t.searchTags}
          aria-label={t.searchTags}
          value={search}
          onInput={(event) => (search.value = event.currentTarget.value)}
        />
        <Go show="rule" class="main-button">
          {studio.mayEdit ? t.newTag : t.tryRule}
        </Go>
      </div>
      {studio.failure.value && (
        <p class="old" role="status">
          {t.failed} {studio.failure.value}
        </p>
      )}
      {!rules && !studio.failure.value && <p class="none">{t.loading}</p>}
      {rules && found.length === 0 && <p class="none">{tags.length ? t.noneFound : t.noTags}</p>}
      <ul class="tag-rows">
        {found.map((one) => (
          <TagRow key={one.tag} {...one} />
        ))}
      </ul>
    </section>
  );
}

/** The largest audience first; tags that nobody holds yet at the end. */
function listed(rules: Rule[], overview: Overview[]): ListedTag[] {
  const byTag = new Map(overview.map((one) => [one.tag, one]));
  const names = new Set([...byTag.keys(), ...rules.map(({ tag }) => tag)]);
  return [...names]
    .map((tag) => ({ tag, rules: rules.filter((rule) => rule.tag === tag), overview: byTag.get(tag) }))
    .sort((one, other) => (other.overview?.users ?? 0) - (one.overview?.users ?? 0));
}
