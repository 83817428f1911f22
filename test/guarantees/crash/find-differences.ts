import type { Pipeline } from '../../harness/pipeline';
import type { StoredMessage } from '../../harness/scratch-topics';
import { expectedOf } from '../../oracle/expected';
import { deadLetterDifferences, outputDifferences } from '../../oracle/message-differences';
import { differencesWithTags } from '../tags/tag-differences';

const SOURCE = 'order-service_orders';

/**
 * Where tables and topics are not what the messages of the source topic stand for; none when all is exact. A dead
 * letter may be there again after a crash, as any other message.
 * @param dictionary all that it ever held, each key with one value
 */
export async function findDifferences(
  pipeline: Pipeline,
  dictionary: Record<string, string>,
): Promise<string[]> {
  const topic = pipeline.topics.name(SOURCE);
  const messages = await pipeline.topics.read(SOURCE);
  const expected = expectedOf(topic, [{ dictionary, messages }]);
  const stagedOrders = await pipeline.outputs('stg');
  const vaultOrders = await pipeline.outputs('dds');
  const differences = [
    ...(await differencesWithTags(pipeline, expected.tables)),
    ...outputDifferences('stg-service-orders', expected.stagedOrders, stagedOrders),
    ...outputDifferences('dds-service-orders', expected.vaultOrders, vaultOrders),
    ...deadLetterDifferences(topic, expected.deadLetters, eachOnce(await pipeline.deadLetters('stg'))),
    ...(await unexpectedLetters(pipeline, 'dds')),
    ...(await unexpectedLetters(pipeline, 'cdm')),
  ];
  console.log(
    `${messages.length} messages at the source, ${stagedOrders.length} and ${vaultOrders.length} between the services, ` +
      `${differences.length} differences`,
  );
  return differences;
}

async function unexpectedLetters(pipeline: Pipeline, name: 'dds' | 'cdm'): Promise<string[]> {
  return (await pipeline.deadLetters(name)).map(
    ({ headers }) =>
      `${name} has refused a message: ${String(headers['dlq.reason'])}, ${String(headers['dlq.message'])}`,
  );
}

function eachOnce(letters: StoredMessage[]): StoredMessage[] {
  const place = ({ headers }: StoredMessage) =>
    `${String(headers['dlq.topic'])}/${String(headers['dlq.partition'])}/${String(headers['dlq.offset'])}`;
  return [...new Map(letters.map((letter) => [place(letter), letter])).values()];
}
