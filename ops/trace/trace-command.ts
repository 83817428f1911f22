import type { Command } from 'commander';
import { orderId } from '../command/option-values';
import { topicOption } from '../dead-letters/letter-options';
import { kafkaVariables } from '../servers/connect-kafka';
import { databaseVariables } from '../servers/databases';
import { withRecordReader } from '../servers/with-record-reader';
import { isKnown, traceOrder } from './trace-order';
import { traceText } from './trace-text';

interface Options {
  deadLetters: boolean;
  topic?: string[];
  json?: true;
}

export function traceCommand(command: Command): void {
  command
    .description(
      'Shows the life of one order: each version with what changed, when each layer stored it, the dictionary entries and ' +
        'menus behind it, what it counts for in the marts, and why it waits or was refused. It changes nothing.',
    )
    .argument('<order id>', 'the id of the order at the source', orderId)
    .addOption(topicOption())
    .option('--no-dead-letters', 'leaves dead letters out, which are looked through one by one')
    .option('--json', 'all of it as JSON, with the payloads as received')
    .addHelpText(
      'after',
      `\nEnvironment: ${databaseVariables};\n${kafkaVariables}, but for --no-dead-letters\n` +
        'Exit code: 0, or 1 where there is no such order or it could not be found out.',
    )
    .action(async (id: string, { deadLetters, topic, json }: Options) => {
      const trace = deadLetters
        ? await withRecordReader(process.env, (reader) => traceOrder(process.env, id, { reader, topic }))
        : await traceOrder(process.env, id);
      console.log(json ? JSON.stringify(trace, null, 2) : traceText(trace));
      process.exitCode = isKnown(trace) ? 0 : 1;
    });
}
