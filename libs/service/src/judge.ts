import { defectIn, refusalOf } from '@app/kafka/kafka-refusal';
import { serverOf, type Server } from '@app/servers/server-of';
import type { Judgement } from '@app/servers/verdict';
import { reasonOf } from '@app/servers/reason-of';
import { verdictOf } from '@app/warehouse/sqlstate';

/** Where to look when the words of a server do not say it. */
const titles = { postgresql: 'PostgreSQL', redis: 'Redis' };
const variables = { postgresql: 'DATABASE_URL', redis: 'REDIS_URL' };

/** What an error means for the work that met it, which server it came from, and why. */
export function judge(given: unknown): Judgement {
  // kafkajs wraps what its own code throws as if a broker had said it.
  const error = (serverOf(given) === 'kafka' && defectIn(given)) || given;
  const verdict = verdictOf(error);
  const server = serverOf(error);
  if (server === undefined) {
    // What no server said comes from our own code or a library's, and waiting does not help.
    return { verdict: verdict === 'wait' ? 'defect' : verdict, reason: reasonOf(error) };
  }
  return { verdict, server, reason: reasonWithVariables(server, error) };
}

function reasonWithVariables(server: Server, error: unknown): string {
  if (server === 'kafka') {
    return refusalOf(error).message;
  }
  const reason = reasonOf(error);
  return reason.startsWith(`${titles[server]} cannot be used`)
    ? reason
    : `${titles[server]} cannot be used, see ${variables[server]}: ${reason}`;
}
