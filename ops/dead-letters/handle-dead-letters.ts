import type { Kafka } from 'kafkajs';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { RecordReader } from '@app/kafka/record-reader';
import type { DeadLetter } from '@app/operations/dead-letter-record';
import { eachDeadLetter, oneDeadLetter } from '@app/operations/each-dead-letter';
import { discardLetters, nothingHandled, replayLetters, type Handled } from '@app/operations/handle-letters';
import { matches, type LetterFilter } from '@app/operations/letter-filter';
import type { Place } from '@app/operations/message-place';
import type { Warehouse } from '@app/warehouse/warehouse';
import { deadLetterTopics } from '../topics/topic-table';

interface Servers {
  kafka: Kafka;
  warehouse: Warehouse;
}

/** Sends dead letters to the topics they came from; without `execute`, counts them. */
export async function replayDeadLetters(
  { kafka, warehouse }: Servers,
  what: Place | LetterFilter,
  { again, execute }: { again: boolean; execute: boolean },
): Promise<Handled> {
  const publisher = new MessagePublisher(kafka);
  try {
    return await handle(kafka, what, (letters, handled) =>
      replayLetters({ warehouse, publisher }, letters, handled, { by: null, again, execute }),
    );
  } finally {
    await publisher.onApplicationShutdown();
  }
}

/** Marks dead letters as done with; without `execute`, counts them. */
export function discardDeadLetters(
  { kafka, warehouse }: Servers,
  what: Place | LetterFilter,
  execute: boolean,
): Promise<Handled> {
  return handle(kafka, what, (letters, handled) =>
    discardLetters(warehouse, letters, handled, { by: null, execute }),
  );
}

async function handle(
  kafka: Kafka,
  what: Place | LetterFilter,
  use: (letters: DeadLetter[], handled: Handled) => Promise<void>,
): Promise<Handled> {
  const reader = new RecordReader(kafka);
  const handled = nothingHandled();
  try {
    if ('offset' in what) {
      await use([await oneDeadLetter(reader, what)], handled);
    } else {
      await eachDeadLetter(reader, what.topic ?? deadLetterTopics, (letters) =>
        use(
          letters.filter((one) => matches(what, one)),
          handled,
        ),
      );
    }
    return handled;
  } finally {
    await reader.close();
  }
}

/** For people: what was done, or would be. */
export function replayText(handled: Handled, execute: boolean): string {
  const { sent, noDeadLetters, incomplete } = handled;
  return [
    ...Array.from(sent, ([topic, count]) => `${execute ? 'Sent' : 'Would be sent'} to ${topic}: ${count}`),
    sent.size === 0 && 'There is nothing to replay.',
    doneBeforeText(handled, ' --again sends them once more.'),
    noDeadLetters > 0 && `Without the header dlq.topic, hence left out: ${noDeadLetters}`,
    incomplete > 0 &&
      `Without the value or headers of their message, hence left out: ${incomplete}. Their dlq.topic, partition and offset say where it is.`,
    !execute && sent.size > 0 && 'Nothing was sent: --execute does it.',
  ]
    .filter(Boolean)
    .join('\n');
}

/** For people: what was done, or would be. */
export function discardText(handled: Handled, execute: boolean): string {
  const { discarded } = handled;
  return [
    `${execute ? 'Discarded' : 'Would be discarded'}: ${discarded}`,
    doneBeforeText(handled, ''),
    !execute && discarded > 0 && 'Nothing was changed: --execute does it.',
  ]
    .filter(Boolean)
    .join('\n');
}

function doneBeforeText({ doneBefore }: Handled, more: string): string | false {
  return doneBefore > 0 && `Replayed or discarded before, hence left out: ${doneBefore}.${more}`;
}
