import type { Server } from '@app/servers/server-of';
import { secondsUnanswered } from '@app/warehouse/warehouse-metrics';

/** A statement of a batch or a job takes a second or so. */
const LATE_SECONDS = 15;

/** Something keeps work from going on: which server, where that is known, and why. */
export interface Hindrance {
  server?: Server;
  reason: string;
}

/** Work that has shown no progress for long: of a statement that is not answered PostgreSQL is the server. */
export function lateness(what: string): Hindrance {
  const seconds = secondsUnanswered();
  return seconds < LATE_SECONDS
    ? { reason: `${what} makes no progress` }
    : {
        server: 'postgresql',
        reason: `PostgreSQL cannot be used, see DATABASE_URL: ${what} waits for the answer to a statement, perhaps for a lock`,
      };
}
