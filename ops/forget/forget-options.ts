import { parseArgs } from 'node:util';

export const help = `npm run forget -- USER_ID [--execute]

A person's right to be forgotten: blanks name and login of the user with this id of the source wherever the warehouse keeps
them, and remembers whom, so that a repeated message, a replay or a rebuild does not bring them back. Orders, keys, counters and
tags stay, without the person. Without --execute it says what would change.

With REDIS_URL it blanks the entry of the dictionary too. The source has to forget the user as well, or it writes the name
anew. With KAFKA_BROKERS it lists the dead letters that hold the id. It changes no topic.

  --dead-letter-topic NAME   may be given several times. Default: stg-service-dlq, dds-service-dlq, cdm-service-dlq

Environment: DATABASE_URL (its user has the role forgetting, or owns the tables); REDIS_URL (with REDIS_SSL_CA);
KAFKA_BROKERS (with KAFKA_SSL, KAFKA_SSL_CA, KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD).
`;

export interface ForgetOptions {
  userId: string;
  execute: boolean;
  deadLetterTopics: string[];
}

/**
 * Reads the command line.
 * @returns undefined where the help is asked for
 * @throws naming what can't be used
 */
export function readForgetOptions(args: string[]): ForgetOptions | undefined {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      execute: { type: 'boolean', default: false },
      'dead-letter-topic': {
        type: 'string',
        multiple: true,
        default: ['stg-service-dlq', 'dds-service-dlq', 'cdm-service-dlq'],
      },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    return undefined;
  }
  const [userId] = positionals;
  if (positionals.length !== 1 || !userId) {
    throw new Error(
      `forget takes one USER_ID, the id of the user at the source: ${positionals.length} were given.`,
    );
  }
  return { userId, execute: values.execute, deadLetterTopics: values['dead-letter-topic'] };
}
