import type { Overlap } from './answers';
import { useStudio } from './studio';

/** What each two tags share, as a table of both. */
export function OverlapTable({ overlap }: { overlap: Overlap }) {
  const studio = useStudio();
  const t = studio.t.value;
  const { format } = studio.scene.value;
  const { tags, pairs, all } = overlap;
  const shared = (one: string, other: string) => sharedBy(pairs, one, other);
  return (
    <>
      <p class="matching" role="status">
        <strong id="shared">{format.count(all)}</strong> {t.holdAll(all, tags.length)}
      </p>
      <div class="wide" role="region" tabIndex={0} aria-labelledby="overlap-title">
        <table class="matrix">
          <thead>
            <tr>
              <td />
              {tags.map(({ tag }) => (
                <th key={tag} scope="col" class="figure">
                  {tag}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tags.map(({ tag, users }) => (
              <tr key={tag}>
                <th scope="row" class="text">
                  {tag}
                </th>
                {tags.map((other) =>
                  other.tag === tag ? (
                    <td key={other.tag} class="figure own">
                      {format.count(users)}
                    </td>
                  ) : (
                    <td key={other.tag} class="figure">
                      {format.count(shared(tag, other.tag))}
                      <span class="hint">{format.share(users ? shared(tag, other.tag) / users : null)}</span>
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="note">{t.overlapNote}</p>
    </>
  );
}

/** Each two tags, in both directions: a share is one of the first of them. */
export function sharedRows({ tags, pairs }: Overlap): SharedRow[] {
  return tags.flatMap(({ tag, users }) =>
    tags
      .filter((other) => other.tag !== tag)
      .map((other) => ({ tag, users, other: other.tag, shared: sharedBy(pairs, tag, other.tag) })),
  );
}

export interface SharedRow {
  tag: string;
  /** Guests who hold the tag, and those of them who hold the other one, too. */
  users: number;
  other: string;
  shared: number;
}

function sharedBy(pairs: Overlap['pairs'], one: string, other: string): number {
  return pairs.find(({ tags }) => tags.includes(one) && tags.includes(other))?.users ?? 0;
}
