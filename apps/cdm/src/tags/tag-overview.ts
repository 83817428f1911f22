import type { Client } from '@app/warehouse/warehouse';
import type { TagOverview } from './tags.contract';

export const DAYS = 30;

/** A tag as the database counts it. */
export interface CountedTag {
  tag: string;
  users: number;
  /** Today in the time zone of the source. */
  today: string;
  /** Assignments and revocations by day, of those days that have any. */
  changes: Record<string, [gained: number, lost: number]>;
  progress: number | null;
}

/**
 * Every tag that a rule gives or somebody holds, the largest audience first.
 * @param zone time zone of the source, whose midnights part the days
 */
export async function tagOverview(client: Client, zone: string): Promise<TagOverview[]> {
  const { rows } = await client.query<CountedTag>(statement, [zone]);
  return rows.map(overviewOf);
}

/** Goes from the audience of now back to those of the days before: events say how many came and went in between. */
export function overviewOf({ tag, users, today, changes, progress }: CountedTag): TagOverview {
  const [gained_today, lost_today] = changes[today] ?? [0, 0];
  const days: TagOverview['days'] = [];
  let atItsEnd = users;
  for (let back = 0; back < DAYS; back += 1) {
    const day = dayBefore(today, back);
    days.unshift({ day, users: atItsEnd });
    const [gained, lost] = changes[day] ?? [0, 0];
    atItsEnd += lost - gained;
  }
  return { tag, users, gained_today, lost_today, days, progress };
}

function dayBefore(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
}

/**
 * The events of a day are counted by themselves, and not with those of before: so the index on their time is enough.
 * Keys of users are digests, spread evenly: the first two bytes of the last one that is done say which share is. A rule
 * that now gives another tag, or none, is evaluated for the tag that it gave too.
 */
const statement = /* sql */ `
  WITH clock AS MATERIALIZED (
    SELECT (now() AT TIME ZONE $1)::date AS today, ((now() AT TIME ZONE $1)::date - ${DAYS - 1})::timestamp AT TIME ZONE $1 AS first
  ), change AS MATERIALIZED (
    SELECT tag COLLATE "C" AS tag, (at AT TIME ZONE $1)::date AS day,
      count(*) FILTER (WHERE event = 'assigned') AS gained, count(*) FILTER (WHERE event = 'revoked') AS lost
    FROM cdm.user_tag_events WHERE at >= (SELECT first FROM clock) GROUP BY 1, 2
  ), changed AS (
    SELECT tag, jsonb_object_agg(day, jsonb_build_array(gained, lost)) AS changes FROM change GROUP BY tag
  ), audience AS MATERIALIZED (
    SELECT tag COLLATE "C" AS tag, count(*)::integer AS users FROM cdm.user_tags GROUP BY 1
  ), evaluated AS MATERIALIZED (
    SELECT rule.tag COLLATE "C" AS tag, last_user FROM cdm.tag_evaluations JOIN cdm.tag_rules rule ON rule.id = rule_id
    UNION ALL
    SELECT (before ->> 'tag') COLLATE "C", last_user
    FROM cdm.tag_evaluations evaluation JOIN cdm.tag_rule_changes change
      ON change.rule_id = evaluation.rule_id AND change.changed_at = evaluation.created_at
  ), progress AS (
    SELECT tag, min(CASE WHEN last_user IS NULL THEN 0
      ELSE (get_byte(uuid_send(last_user), 0) * 256 + get_byte(uuid_send(last_user), 1)) / 65536.0 END)::float8 AS progress
    FROM evaluated GROUP BY tag
  )
  SELECT tag, coalesce(users, 0) AS users, today::text, coalesce(changes, '{}') AS changes, progress
  FROM (SELECT tag COLLATE "C" AS tag FROM cdm.tag_rules UNION SELECT tag FROM audience) AS known
  LEFT JOIN audience USING (tag) LEFT JOIN changed USING (tag) LEFT JOIN progress USING (tag) CROSS JOIN clock
  ORDER BY users DESC, tag`;
