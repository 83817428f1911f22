import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import type { DeadLetter } from './dead-letter-record';
import { placeText, type Place } from './message-place';

/** What an operator did with a dead letter: it is no longer open. */
export interface Mark {
  deed: 'replayed' | 'discarded';
  at: Date;
  /** User of the API, or login of PostgreSQL; null: a release before this one did not keep it. */
  by: string | null;
}

/** How many dead letters of a topic are no longer open. */
export interface DoneLetters {
  topic: string;
  /** null: a release before this one did not keep it. */
  reason: string | null;
  letters: number;
}

interface PlaceRow {
  topic: string;
  partition: number;
  message_offset: string;
}

const places = columns(
  { topic: 'text', partition: 'integer', message_offset: 'bigint' },
  'topic',
  'partition',
  'message_offset',
);
const reasoned = columns(
  { topic: 'text', partition: 'integer', message_offset: 'bigint', reason: 'text' },
  'topic',
  'partition',
  'message_offset',
);

const isDone = (table: string) => /* sql */ `EXISTS (
  SELECT FROM operations.${table} done
  WHERE (done.topic, done.partition, done.message_offset) = (letters.topic, letters.partition, letters.message_offset))`;

/**
 * Marks dead letters as replayed. A transaction that wants the same ones waits until this one has ended.
 * @param by null: the login of PostgreSQL
 * @param again also those that are marked already
 * @returns those that this transaction has marked
 */
export async function claimForReplay(
  client: Client,
  letters: DeadLetter[],
  { by, again }: { by: string | null; again: boolean },
): Promise<DeadLetter[]> {
  if (again) {
    const text = /* sql */ `
      DELETE FROM operations.discarded_dead_letters letters USING ${places.unnest('again')}
      WHERE (letters.topic, letters.partition, letters.message_offset) = (again.topic, again.partition, again.message_offset)`;
    await places.run(client, { text }, letters.map(rowOf));
  }
  const text = /* sql */ `
    INSERT INTO operations.replayed_dead_letters (topic, partition, message_offset, reason, replayed_by)
    SELECT topic, partition, message_offset, reason, coalesce($5::text, session_user)
    FROM ${reasoned.unnest('letters')} WHERE NOT ${isDone('discarded_dead_letters')}
    ORDER BY topic, partition, message_offset
    ON CONFLICT (topic, partition, message_offset) DO UPDATE
      SET replayed_at = now(), replayed_by = EXCLUDED.replayed_by, reason = EXCLUDED.reason WHERE $6::boolean
    RETURNING topic, partition, message_offset`;
  return theseOf(letters, await reasoned.run<PlaceRow>(client, { text }, letters.map(rowOf), by, again));
}

/** As {@link claimForReplay}, for dead letters that nobody shall use. One that was replayed is done with already. */
export async function claimForDiscard(
  client: Client,
  letters: DeadLetter[],
  by: string | null,
): Promise<DeadLetter[]> {
  const text = /* sql */ `
    INSERT INTO operations.discarded_dead_letters (topic, partition, message_offset, reason, discarded_by)
    SELECT topic, partition, message_offset, reason, coalesce($5::text, session_user)
    FROM ${reasoned.unnest('letters')} WHERE NOT ${isDone('replayed_dead_letters')}
    ORDER BY topic, partition, message_offset
    ON CONFLICT (topic, partition, message_offset) DO NOTHING
    RETURNING topic, partition, message_offset`;
  return theseOf(letters, await reasoned.run<PlaceRow>(client, { text }, letters.map(rowOf), by));
}

/** By the text of the place, see {@link placeText}; those that are open have none. */
export async function marksOf(
  client: Client,
  letters: readonly { place: Place }[],
): Promise<Map<string, Mark>> {
  const text = /* sql */ `
    SELECT topic, partition, message_offset, 'replayed' AS deed, replayed_at AS at, replayed_by AS by
    FROM operations.replayed_dead_letters JOIN ${places.unnest('letters')} USING (topic, partition, message_offset)
    UNION ALL
    SELECT topic, partition, message_offset, 'discarded', discarded_at, discarded_by
    FROM operations.discarded_dead_letters JOIN ${places.unnest('letters')} USING (topic, partition, message_offset)`;
  const rows = await places.run<PlaceRow & Mark>(
    client,
    { text },
    letters.map(({ place }) => placeRow(place)),
  );
  return new Map(
    rows.map(({ topic, partition, message_offset: offset, ...mark }) => [
      placeText({ topic, partition, offset }),
      mark,
    ]),
  );
}

/** Those of all topics that are no longer open, each once. */
export async function countDone(client: Client): Promise<DoneLetters[]> {
  const { rows } = await client.query<DoneLetters>({
    name: 'count_done_letters',
    text: /* sql */ `
      SELECT topic, coalesce(replayed.reason, discarded.reason) AS reason, count(*)::integer AS letters
      FROM operations.replayed_dead_letters replayed
      FULL JOIN operations.discarded_dead_letters discarded USING (topic, partition, message_offset)
      GROUP BY 1, 2`,
  });
  return rows;
}

function rowOf({ place, reason }: DeadLetter) {
  return { ...placeRow(place), reason };
}

function placeRow({ topic, partition, offset }: Place): PlaceRow {
  return { topic, partition, message_offset: offset };
}

/** Those that a statement answered with, in their own order. */
function theseOf(letters: DeadLetter[], rows: PlaceRow[]): DeadLetter[] {
  const chosen = new Set(
    rows.map(({ topic, partition, message_offset: offset }) => placeText({ topic, partition, offset })),
  );
  return letters.filter(({ place }) => chosen.has(placeText(place)));
}
