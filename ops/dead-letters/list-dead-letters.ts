import type { RecordReader } from '@app/kafka/record-reader';
import type { DeadLetter } from '@app/operations/dead-letter-record';
import { eachDeadLetter } from '@app/operations/each-dead-letter';
import { matches, type LetterFilter } from '@app/operations/letter-filter';
import { placeText } from '@app/operations/message-place';
import { textTable } from '../command/text-table';
import { deadLetterTopics } from '../topics/topic-table';

/** What a list shows of a dead letter: nothing of what it holds but the order. */
type Listed = Pick<DeadLetter, 'place' | 'refusedAt' | 'reason' | 'service' | 'source' | 'orderId'>;

export interface DeadLetterList {
  /** Those that were refused last, in this order. */
  deadLetters: Listed[];
  matching: number;
  counts: { topic: string; reason: string; deadLetters: number }[];
}

/** Counts the dead letters that match and keeps the last ones; of all others nothing stays in memory. */
export async function listDeadLetters(
  reader: RecordReader,
  filter: LetterFilter,
  limit: number,
): Promise<DeadLetterList> {
  let newest: Listed[] = [];
  let matching = 0;
  const counts = new Map<string, DeadLetterList['counts'][number]>();
  await eachDeadLetter(reader, filter.topic ?? deadLetterTopics, async (letters) => {
    for (const { original: _, message: __, ...listed } of letters.filter((one) => matches(filter, one))) {
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

/** Several are refused at the same moment. */
function sortText({ refusedAt, place }: Listed): string {
  return `${refusedAt} ${placeText(place)}`;
}

/** The list for people: one line a dead letter, then the counts. */
export function listText({ deadLetters, matching, counts }: DeadLetterList): string {
  if (matching === 0) {
    return 'There are no such dead letters.';
  }
  const lines = deadLetters.map(({ place, refusedAt, reason, orderId = '', source }) => [
    placeText(place),
    refusedAt,
    reason || 'no dead letter',
    orderId,
    source ? placeText(source) : '',
  ]);
  const sums = counts.map((count) => [
    count.topic,
    count.reason || 'no dead letter',
    String(count.deadLetters),
  ]);
  return [
    lines.length > 0 &&
      textTable([['dead letter', 'refused at', 'reason', 'order', 'message'], ...lines], [0, 1, 2, 3, 4]),
    lines.length < matching &&
      `The ${lines.length} that were refused last of ${matching}; --limit shows more.`,
    textTable([['topic', 'reason', 'dead letters'], ...sums], [0, 1]),
  ]
    .filter(Boolean)
    .join('\n\n');
}
