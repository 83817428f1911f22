import type { PartitionRange, RecordReader } from '@app/kafka/record-reader';
import { readDeadLetter, type DeadLetter } from './dead-letter-record';
import { placeOfText, placeText } from './message-place';

/** What one question may read. A topic may hold millions, and the asker waits. */
export interface Bounds {
  letters: number;
  bytes: number;
  /** Milliseconds. */
  time: number;
}

/** A part of the dead letters that the topics hold, the newest first. */
export interface LetterPage<Kept> {
  letters: Kept[];
  /** Where the next page begins; undefined: all have been looked at. */
  next?: string;
  /** Dead letters that the topics hold. */
  held: number;
  /** Of them, those that neither this page nor one before has looked at. */
  left: number;
}

/** Looks through dead letters, those of a partition, and keeps some, in their order. What is kept stays in memory. */
type Choose<Kept> = (letters: DeadLetter[]) => Promise<Kept[]>;

/** The end of a partition that was not handed over yet. */
interface Tail<Kept> extends PartitionRange {
  /** All before this offset is still to be read. */
  end: bigint;
  /** Read and not handed over, the oldest first. */
  read: Kept[];
  /** How many dead letters are read at once: more where they are small. */
  step: bigint;
}

const FIRST_STEP = 16n;
const MOST_STEP = 4_096n;
/** About so many bytes are read at once. */
const STEP_BYTES = 2 * 1024 * 1024;

/**
 * Merges the partitions of topics from their ends, so that the newest come first. Where the bounds end the reading
 * before each partition was read, what was read comes first.
 * @param from `next` of the page before
 * @param choose what is kept of what was read
 * @throws naming a topic that is missing
 */
export async function newestLetters<Kept extends Pick<DeadLetter, 'place' | 'refusedAt'>>(
  reader: RecordReader,
  topics: readonly string[],
  choose: Choose<Kept>,
  { most, from, bounds }: { most: number; from?: string; bounds: Bounds },
): Promise<LetterPage<Kept>> {
  const budget = { ...bounds, until: performance.now() + bounds.time };
  const ranges = await reader.ranges(topics);
  const tails = ranges.map((range) => tailOf<Kept>(range, from));
  const letters: Kept[] = [];
  while (letters.length < most) {
    for (const tail of tails) {
      while (tail.read.length === 0 && tail.end > tail.low && hasLeft(budget)) {
        await readBefore(reader, tail, choose, budget);
      }
    }
    const newest = newestOf(tails);
    if (!newest) {
      break;
    }
    letters.push(newest.read.pop()!);
  }
  const open = tails.map((tail) => ({ ...tail, end: endOf(tail) })).filter(({ end, low }) => end > low);
  return {
    letters,
    next:
      open.length > 0
        ? open.map((tail) => placeText({ ...tail, offset: String(tail.end) })).join(',')
        : undefined,
    held: Number(ranges.reduce((sum, { low, high }) => sum + high - low, 0n)),
    left: Number(open.reduce((sum, { end, low }) => sum + end - low, 0n)),
  };
}

/** Whether a text can be the `next` of a page of these topics. */
export function isNext(text: string, topics: readonly string[]): boolean {
  return text.split(',').every((part) => topics.includes(placeOfText(part)?.topic ?? ''));
}

function tailOf<Kept>(range: PartitionRange, from: string | undefined): Tail<Kept> {
  const { topic, partition, low, high } = range;
  const asked = from
    ?.split(',')
    .map(placeOfText)
    .find((place) => place?.topic === topic && place.partition === partition);
  const end = from === undefined ? high : BigInt(asked?.offset ?? low);
  return { ...range, end: end < low ? low : end > high ? high : end, read: [], step: FIRST_STEP };
}

/** Everything before this offset comes on a later page. */
function endOf<Kept extends Pick<DeadLetter, 'place'>>({ read, end }: Tail<Kept>): bigint {
  const last = read.at(-1);
  return last ? BigInt(last.place.offset) + 1n : end;
}

function hasLeft({ letters, bytes, until }: Bounds & { until: number }): boolean {
  return letters > 0 && bytes > 0 && performance.now() < until;
}

/** Reads the step before what was read; the bounds are looked at between steps. */
async function readBefore<Kept>(
  reader: RecordReader,
  tail: Tail<Kept>,
  choose: Choose<Kept>,
  budget: Bounds,
): Promise<void> {
  const { topic, partition, end } = tail;
  const start = end - tail.step < tail.low ? tail.low : end - tail.step;
  let bytes = 0;
  for (let from = start; from < end;) {
    const { records, next } = await reader.read(topic, partition, from, STEP_BYTES);
    const wanted = records.filter(({ offset }) => BigInt(offset) < end);
    bytes += wanted.reduce((sum, { key, value }) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0);
    tail.read.push(...(await choose(wanted.map((record) => readDeadLetter(topic, partition, record)))));
    from = next === from ? end : next;
  }
  budget.letters -= Number(end - start);
  budget.bytes -= bytes;
  tail.end = start;
  tail.step = nextStep(tail.step, bytes);
}

/** Twice as many while they are small, and half as many where they are large. */
function nextStep(step: bigint, bytes: number): bigint {
  if (bytes > STEP_BYTES) {
    return step > 1n ? step / 2n : step;
  }
  return step < MOST_STEP ? step * 2n : step;
}

/** The one whose last was refused last; undefined where nothing is read. */
function newestOf<Kept extends Pick<DeadLetter, 'refusedAt'>>(tails: Tail<Kept>[]): Tail<Kept> | undefined {
  let newest: Tail<Kept> | undefined;
  for (const tail of tails) {
    const last = tail.read.at(-1);
    if (last && (!newest || last.refusedAt > newest.read.at(-1)!.refusedAt)) {
      newest = tail;
    }
  }
  return newest;
}
