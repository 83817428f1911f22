/** Answers of Redis that say where to look; all others are about the address and what is behind it. */
const places: [RegExp, string][] = [
  [
    /^(CROSSSLOT|MOVED|ASK|TRYAGAIN)\b|not allowed in cluster mode/,
    'REDIS_URL, which begins with redis+cluster:// where Redis is a cluster',
  ],
  [/cluster support disabled/, 'REDIS_URL, which begins with redis:// where Redis is no cluster'],
  [/\bCLUSTERDOWN\b/, 'CLUSTER INFO of the cluster in REDIS_URL'],
  [/\bMASTERDOWN\b/, 'replica-serve-stale-data of the replica in REDIS_URL, and its master'],
  [/\bREADONLY\b/, 'REDIS_URL, which names a replica'],
  [/\bLOADING\b/, 'the log of Redis, which reads its data from the disk'],
  [/\bBUSY\b/, 'the script that Redis runs'],
  [/\bOOM\b/, 'maxmemory of Redis'],
  [/\bMISCONF\b/, 'the disk of Redis'],
  [/\bNOREPLICAS\b/, 'min-replicas-to-write of Redis'],
  [/max number of clients/, 'maxclients of Redis'],
  [/DB index/, 'the database in REDIS_URL'],
  [/\bNOPERM\b/, 'the rights of the user in REDIS_URL'],
  [/\bunknown command\b/, 'the commands that Redis allows'],
  [/\b(WRONGPASS|NOAUTH)\b|invalid (username-)?password|unauthenticated/, 'user and password in REDIS_URL'],
  [/No such master/, 'the name of the master in REDIS_URL'],
];

/** A sentence that names Redis, what to look at, and what is wrong; without values. */
export function redisReason(error: Error, isEncrypted: boolean): string {
  const message = messageOf(error);
  const place = places.find(([pattern]) => pattern.test(message))?.[1];
  return `Redis cannot be used, see ${place ?? (isEncrypted ? 'REDIS_URL and REDIS_SSL_CA' : 'REDIS_URL')}: ${message}`;
}

interface Failure extends NodeJS.ErrnoException {
  /** What the last node of a cluster said that was asked. */
  lastNodeError?: Error;
}

function messageOf(error: Error): string {
  // A host with several addresses is refused with an error that says nothing itself.
  const { message, code, lastNodeError } = (
    error instanceof AggregateError ? error.errors[0] : error
  ) as Failure;
  if (lastNodeError) {
    return messageOf(lastNodeError);
  }
  const [, ofSentinels] = /^All sentinels are unreachable.*Last error: (.*)/.exec(message) ?? [];
  if (ofSentinels !== undefined) {
    return `the sentinels name no master: ${ofSentinels}`;
  }
  if (message.startsWith('Socket timeout')) {
    return 'no answer, the connection is dropped';
  }
  return message === 'Command timed out' ? 'no answer' : message || code || 'unknown';
}
