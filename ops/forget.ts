import type { Warehouse } from '@app/warehouse/warehouse';
import { forgetInDictionary } from './forget/forget-in-dictionary';
import { forgetInWarehouse } from './forget/forget-in-warehouse';
import { help, readForgetOptions, type ForgetOptions } from './forget/forget-options';
import { lettersOfUser, lettersText } from './forget/letters-of-user';
import { connectKafka } from './servers/connect-kafka';
import { withWarehouse } from './servers/with-warehouse';

/** npm run forget: blanks name and login of a user, or says what that would change. Never prints them. */
try {
  const options = readForgetOptions(process.argv.slice(2));
  if (!options) {
    console.log(help);
  } else {
    await withWarehouse(process.env, (warehouse) => forget(warehouse, options));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function forget(
  warehouse: Warehouse,
  { userId, execute, deadLetterTopics }: ForgetOptions,
): Promise<void> {
  const { env } = process;
  const trial = await forgetInWarehouse(warehouse, userId, false);
  if (trial.length === 0) {
    throw new Error(`The warehouse knows no user "${userId}".`);
  }
  // The dictionary first: from then on nobody reads the name any more who could store it.
  if (env.REDIS_URL) {
    const told = await forgetInDictionary(env, userId, execute);
    console.log(
      `Entry in the dictionary: ${!told ? 'nothing to blank' : execute ? 'blanked' : 'would be blanked'}`,
    );
  } else {
    console.log(
      'The dictionary was not looked at: REDIS_URL is not set. A name in it goes out with his next order.',
    );
  }
  const rows = execute ? await forgetInWarehouse(warehouse, userId, true) : trial;
  for (const { place, changed } of rows) {
    console.log(`Rows of ${place} that ${execute ? 'were' : 'would be'} blanked: ${changed}`);
  }
  if (env.KAFKA_BROKERS) {
    console.log(lettersText(await lettersOfUser(await connectKafka(env), deadLetterTopics, userId)));
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
