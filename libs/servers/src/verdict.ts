import type { Server } from './server-of';

/**
 * What an error of a batch means for the batch.
 * - `repeat`: a deadlock or serialization failure; the batch is repeated at once
 * - `forget`: a foreign key is missing, so keys that were remembered as stored are not; the batch is repeated in full
 *   first
 * - `condemn`: PostgreSQL refuses the data itself; the batch is halved until the one bad message is found
 * - `defect`: an error of our own code; no message is to blame
 * - `wait`: all else, a server that is down, a missing table, a revoked grant; the batch waits
 */
export type Verdict = 'repeat' | 'forget' | 'condemn' | 'defect' | 'wait';

/**
 * What an error means, and why, in words for logs and health answers. Only what no server said can be a defect, and
 * only a server is waited for.
 */
export type Judgement =
  | { verdict: 'wait'; server: Server; reason: string }
  | { verdict: Exclude<Verdict, 'wait'>; server?: Server; reason: string };

export type Judge = (error: unknown) => Judgement;
