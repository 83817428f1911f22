import { createHash } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { SerializationFailure } from './sqlstate';

/** A statement is not there that was prepared; one is there that was not. */
const LOST = ['26000', '42P05'];

const logger = new Logger('warehouse');
const names = new Map<string, string>();
/** Until a pooler is met that gives transactions other connections and leaves their prepared statements behind. */
let areKept = true;

/**
 * Under which name a statement is prepared; undefined: it is not. With the digest of its text, for behind a pooler
 * another release may have prepared a statement of this name.
 */
export function nameOf(name: string, text: string): string | undefined {
  let unique = names.get(text);
  if (unique === undefined) {
    unique = `${name} ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
    names.set(text, unique);
  }
  return areKept ? unique : undefined;
}

/**
 * Where a prepared statement was lost, none is prepared in this process any more, and what it was part of is repeated
 * at once.
 * @throws every other error as it is
 */
export function unlessLost(error: unknown): never {
  const { code } = error as { code?: string };
  if (!LOST.includes(code!)) {
    throw error;
  }
  const reason = 'the pooler of DATABASE_URL does not carry prepared statements';
  if (areKept) {
    areKept = false;
    logger.warn(`${reason}: from now on none are prepared`);
  }
  throw new SerializationFailure(reason);
}
