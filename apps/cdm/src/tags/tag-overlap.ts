import type { Client } from '@app/warehouse/warehouse';
import type { OverlapAnswer } from './tags.contract';

/** Users who hold exactly these of the tags, by their places from 0. */
export interface Holders {
  places: number[];
  users: number;
}

/** How many users hold each of the tags, each two of them, and all. */
export async function tagOverlap(client: Client, tags: string[]): Promise<OverlapAnswer> {
  const { rows } = await client.query<Holders>(
    /* sql */ `
    SELECT places, count(*)::integer AS users
    FROM (
      SELECT array_agg(array_position($1::text[], tag::text) - 1) AS places
      FROM cdm.user_tags WHERE tag = ANY ($1::text[]) GROUP BY user_id
    ) AS held
    GROUP BY places`,
    [tags],
  );
  return overlapOf(tags, rows);
}

export function overlapOf(tags: string[], holders: Holders[]): OverlapAnswer {
  const holding = (...places: number[]) =>
    holders
      .filter((held) => places.every((place) => held.places.includes(place)))
      .reduce((sum, { users }) => sum + users, 0);
  return {
    tags: tags.map((tag, place) => ({ tag, users: holding(place) })),
    pairs: tags.flatMap((one, place) =>
      tags.slice(place + 1).map((other, further) => ({
        tags: [one, other] as [string, string],
        users: holding(place, place + 1 + further),
      })),
    ),
    all: holding(...tags.keys()),
  };
}
