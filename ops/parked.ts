import { discardParked } from './parked/discard-parked';
import { listParked, listText } from './parked/list-parked';
import { help, readCommand } from './parked/parked-options';
import { countParked, retryNow } from './parked/parked-orders';
import { connectKafka } from './servers/connect-kafka';
import { withWarehouse } from './servers/with-warehouse';

/** npm run parked: lists, retries and discards orders that wait for the dictionary. */
try {
  const command = readCommand(process.argv.slice(2));
  if (command.name === 'help') {
    console.log(help);
  } else if (command.name === 'list') {
    const list = await withWarehouse(process.env, (warehouse) =>
      warehouse.read((client) => listParked(client, command.filter, command.limit)),
    );
    console.log(command.json ? JSON.stringify(list, null, 2) : listText(list));
  } else if (!command.execute) {
    const orders = await withWarehouse(process.env, (warehouse) =>
      warehouse.read((client) => countParked(client, command.filter)),
    );
    console.log(
      `Orders that would be ${command.name === 'retry' ? 'tried at once' : 'discarded'}: ${orders}`,
    );
    if (orders > 0) {
      console.log('Nothing was changed: --execute does it.');
    }
  } else if (command.name === 'retry') {
    const orders = await withWarehouse(process.env, (warehouse) =>
      warehouse.transaction((client) => retryNow(client, command.filter)),
    );
    console.log(`Orders that stg tries at once: ${orders}`);
  } else {
    const kafka = await connectKafka(process.env);
    const topic = process.env.DEAD_LETTER_TOPIC || 'stg-service-dlq';
    const orders = await withWarehouse(process.env, (warehouse) =>
      discardParked(kafka, warehouse, topic, command.filter),
    );
    console.log(`Orders discarded, now dead letters of ${topic}: ${orders}`);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
