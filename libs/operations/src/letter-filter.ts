import type { DeadLetter } from './dead-letter-record';

/** Which dead letters are meant: of these topics, or of all dead-letter topics. */
export interface LetterFilter {
  topic?: string[];
  reason?: string;
  since?: Date;
  until?: Date;
  objectId?: string;
}

/** Whether a dead letter is one of those that are asked for; its topic is. */
export function matches({ reason, since, until, objectId }: LetterFilter, letter: DeadLetter): boolean {
  const refusedAt = new Date(letter.refusedAt);
  return (
    (reason === undefined || letter.reason === reason) &&
    (since === undefined || refusedAt >= since) &&
    (until === undefined || refusedAt < until) &&
    (objectId === undefined || letter.orderId === objectId)
  );
}
