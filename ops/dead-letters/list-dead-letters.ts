import type { RecordReader } from '@app/kafka/record-reader';
import type { DeadLetter } from '@app/operations/dead-letter-record';
import { eachDeadLetter } from '@app/operations/each-dead-letter';
import { matches, type LetterFilter } from '@app/operations/letter-filter';
import { marksOf, type Mark } from '@app/operations/letter-marks';
import { placeText } from '@app/operations/message-place';
import type { Warehouse } from '@app/warehouse/warehouse';
import { textTable } from '../command/text-table';
import { deadLetterTopics } from '../topics/topic-table';

/** What operators have done with dead letters. */
export const letterStates = ['open', 'replayed', 'discarded', 'all'] as const;

/** Which dead letters are listed, by what was done with them, and the database that keeps it. */
interface Deeds {
  warehouse: Warehouse;
  state: (typeof letterStates)[number];
}

/** What a list shows of a dead letter: nothing of what it holds but the order. */
interface Listed extends Pick<
  DeadLetter,
  'place' | 'refusedAt' | 'reason' | 'service' | 'source' | 'orderId'
> {
  /** What was done with it; null: nothing; undefined: that was not asked for. */
  done?: Mark | null;
}

export interface DeadLetterList {
  /** Those that were refused last, in this order. */
  deadLetters: Listed[];
  matching: number;
  counts: { topic: string; reason: string; deadLetters: number }[];
}

/**
 * Counts the dead letters that match and keeps the last ones; of all others nothing stays in memory.
 * @param deeds undefined: what was done with them is not asked for
 */
export async function listDeadLetters(
  reader: RecordReader,
  filter: LetterFilter,
  limit: number,
  deeds?: Deeds,
): Promise<DeadLetterList> {
  let newest: Listed[] = [];
  let matching = 0;
  const counts = new Map<string, DeadLetterList['counts'][number]>();
  await eachDeadLetter(reader, filter.topic ?? deadLetterTopics, async (letters) => {
    for (const listed of await listedOf(
      letters.filter((one) => matches(filter, one)),
      deeds,
    )) {
      const { topic } = listed.place;
      const count = counts.get(`${topic} ${listed.reason}`) ?? {
        topic,
        reason: listed.reason,
        deadLetters: 0,
      };
      counts.set(`${topic} ${listed.reason}`, count);
      count.deadLetters += 1;
      matching += 1;
      newest.push(listed);
    }
    newest = newest.toSorted((a, b) => (sortText(a) < sortText(b) ? -1 : 1)).slice(-limit || Infinity);
  });
  return {
    deadLetters: newest,
    matching,
    counts: [...counts.values()].sort((a, b) => b.deadLetters - a.deadLetters),
  };
}

/** Without what they hold; those in the state that is asked for. */
async function listedOf(letters: DeadLetter[], deeds: Deeds | undefined): Promise<Listed[]> {
  const bare = letters.map((letter): Listed => {
    const { original: _, message: __, ...listed } = letter;
    return listed;
  });
  if (!deeds) {
    return bare;
  }
  const marks = await deeds.warehouse.read((client) => marksOf(client, bare));
  return bare
    .map((letter) => ({ ...letter, done: marks.get(placeText(letter.place)) ?? null }))
    .filter(({ done }) => deeds.state === 'all' || deeds.state === (done?.deed ?? 'open'));
}

/** Several are refused at the same moment. */
function sortText({ refusedAt, place }: Listed): string {
  return `${refusedAt} ${placeText(place)}`;
}

/** The list for people: one line a dead letter, then the counts. */
export function listText({ deadLetters, matching, counts }: DeadLetterList): string {
  if (matching === 0) {
    return 'There are no such dead letters.';
  }
  const hasDeeds = deadLetters.some(({ done }) => done !== undefined);
  const head = ['dead letter', 'refused at', 'reason', 'order', 'message', ...(hasDeeds ? ['done'] : [])];
  const lines = deadLetters.map(({ place, refusedAt, reason, orderId = '', source, done }) => [
    placeText(place),
    refusedAt,
    reason || 'no dead letter',
    orderId,
    source ? placeText(source) : '',
    ...(hasDeeds ? [done ? doneText(done) : 'open'] : []),
  ]);
  const sums = counts.map((count) => [
    count.topic,
    count.reason || 'no dead letter',
    String(count.deadLetters),
  ]);
  return [
    lines.length > 0 && textTable([head, ...lines], [...head.keys()]),
    lines.length < matching &&
      `The ${lines.length} that were refused last of ${matching}; --limit shows more.`,
    textTable([['topic', 'reason', 'dead letters'], ...sums], [0, 1]),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function doneText({ deed, at, by }: Mark): string {
  return `${deed} ${at.toISOString()} by ${by ?? 'somebody unknown'}`;
}
