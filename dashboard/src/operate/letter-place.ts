import type { Letter } from './answers';

/** Where a dead letter is: topic:partition:offset. */
export function placeOf({
  topic,
  partition,
  offset,
}: Pick<Letter, 'topic' | 'partition' | 'offset'>): string {
  return `${topic}:${partition}:${offset}`;
}
