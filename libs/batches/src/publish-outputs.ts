import type { DeadLetterReason } from '@app/contracts/dead-letter.contract';
import { Delivery } from '@app/kafka/delivery';
import type { MessagePublisher } from '@app/kafka/message-publisher';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { traces } from '@app/tracing/tracing';
import { deadLetter, outputRefused } from './dead-letter';
import type { KafkaRecord } from './outcome';
import { tracedBatch, traceOutputs } from './trace-outputs';

export interface Published {
  /** Outputs that are acknowledged, or whose dead letter is. */
  done: OutgoingMessage[];
  /** Records whose dead letter is acknowledged. */
  refused: { record: KafkaRecord; reason: DeadLetterReason }[];
  /** Why not everything is done, if so: to be thrown when the rest is recorded. */
  failure?: unknown;
}

interface Topics {
  OUTPUT_TOPIC: string;
  DEAD_LETTER_TOPIC: string;
}

/**
 * Publishes the outputs of a job, once: a record whose output the topic refuses becomes a dead letter.
 * @param outputs each with the record that it was made of
 */
export async function publishOutputs(
  publisher: MessagePublisher,
  topics: Topics,
  service: string,
  outputs: ReadonlyMap<OutgoingMessage, KafkaRecord>,
): Promise<Published> {
  const work = () => publishEach(publisher, topics, service, outputs);
  return traces?.batch(tracedBatch([...outputs.values()], 'release'), work) ?? work();
}

async function publishEach(
  publisher: MessagePublisher,
  { OUTPUT_TOPIC, DEAD_LETTER_TOPIC }: Topics,
  service: string,
  outputs: ReadonlyMap<OutgoingMessage, KafkaRecord>,
): Promise<Published> {
  await traceOutputs(publisher, OUTPUT_TOPIC, outputs);
  const delivery = new Delivery(OUTPUT_TOPIC, [...outputs.keys()]);
  const refused = new Map<
    OutgoingMessage,
    { output: OutgoingMessage; record: KafkaRecord; reason: DeadLetterReason }
  >();
  let failure = await failureOf(publisher.publish(delivery));
  for (const [output, refusal] of delivery.refused) {
    const record = outputs.get(output)!;
    const outcome = outputRefused(OUTPUT_TOPIC, refusal);
    refused.set(deadLetter(record, outcome, service), { output, record, reason: outcome.reason });
  }
  const deadLetters = new Delivery(DEAD_LETTER_TOPIC, [...refused.keys()]);
  failure ??= await failureOf(publisher.publish(deadLetters));
  const given = deadLetters.acknowledged.map((letter) => refused.get(letter)!);
  return { done: [...delivery.acknowledged, ...given.map(({ output }) => output)], refused: given, failure };
}

function failureOf(publishing: Promise<void>): Promise<unknown> {
  return publishing.then(
    () => undefined,
    (error: unknown) => error,
  );
}
