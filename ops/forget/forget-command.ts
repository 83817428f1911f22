import type { Command } from 'commander';
import { several } from '../command/option-values';
import { kafkaVariables } from '../servers/connect-kafka';
import { databaseOf, databaseVariables } from '../servers/databases';
import { withRecordReader } from '../servers/with-record-reader';
import { withWarehouse, type Warehouses } from '../servers/with-warehouse';
import { refuseDistributed } from '../servers/refuse-distributed';
import { deadLetterTopics } from '../topics/topic-table';
import { forgetInDictionary } from './forget-in-dictionary';
import { forgetInWarehouse } from './forget-in-warehouse';
import { lettersOfUser, lettersText } from './letters-of-user';

interface Options {
  execute?: true;
  deadLetterTopic?: string[];
}

/** Never prints name or login. */
export function forgetCommand(command: Command): void {
  command
    .description(
      "A person's right to be forgotten: blanks name and login of the user with this id of the source wherever the warehouse " +
        'keeps them, and remembers the user, so that a repeated message, a replay or a rebuild does not bring them back. ' +
        'Orders, keys, counters and tags stay, without the person. Without --execute it says what would change.\n\n' +
        'With REDIS_URL it blanks the entry of the dictionary too. The source has to forget the user as well, or it writes the ' +
        'name again. With KAFKA_BROKERS it lists the dead letters that hold the id. It changes no topic.',
    )
    .argument('<user-id>', 'the id of the user at the source')
    .option('--execute', 'does it')
    .option(
      '--dead-letter-topic <name>',
      `may be given several times (default: ${deadLetterTopics.join(', ')})`,
      several,
    )
    .addHelpText(
      'after',
      `\nEnvironment: ${databaseVariables}\n` +
        '(the user of each has the role forgetting, or owns the tables); REDIS_URL (with REDIS_SSL_CA);\n' +
        kafkaVariables,
    )
    .action(forget);
}

async function forget(userId: string, options: Options): Promise<void> {
  const { execute = false, deadLetterTopic = deadLetterTopics } = options;
  const { env } = process;
  await withNames(env, async (warehouses) => {
    await refuseDistributed(warehouses.dds);
    const trial = await forgetInWarehouse(warehouses, userId, false);
    if (trial.length === 0) {
      throw new Error(`The warehouse knows no user "${userId}".`);
    }
    // The dictionary first: from then on nobody reads the name any more who could store it.
    if (env.REDIS_URL) {
      const found = await forgetInDictionary(env, userId, execute);
      console.log(
        `Entry in the dictionary: ${!found ? 'nothing to blank' : execute ? 'blanked' : 'would be blanked'}`,
      );
    } else {
      console.log(
        'The dictionary was not looked at: REDIS_URL is not set. A name in it goes out with the next order of the user.',
      );
    }
    const rows = execute ? await forgetInWarehouse(warehouses, userId, true) : trial;
    for (const { place, changed } of rows) {
      console.log(`Rows of ${place} that ${execute ? 'were' : 'would be'} blanked: ${changed}`);
    }
  });
  if (env.KAFKA_BROKERS) {
    const letters = await withRecordReader(env, (reader) => lettersOfUser(reader, deadLetterTopic, userId));
    console.log(lettersText(letters));
  } else {
    console.log('Dead letters were not looked at: KAFKA_BROKERS is not set.');
  }
  console.log(
    'stg-service-orders keeps what was sent before until its retention ends, backups until they are deleted.',
  );
  if (!execute) {
    console.log('Nothing was changed: --execute does it.');
  }
}

/** Does work with the warehouses that keep names. */
function withNames(
  env: NodeJS.ProcessEnv,
  work: (warehouses: Pick<Warehouses, 'stg' | 'dds'>) => Promise<void>,
): Promise<void> {
  const isOne = databaseOf(env, 'stg').url === databaseOf(env, 'dds').url;
  return withWarehouse(env, 'stg', (stg) =>
    isOne ? work({ stg, dds: stg }) : withWarehouse(env, 'dds', (dds) => work({ stg, dds })),
  );
}
