import { Delivery } from '@app/kafka/delivery';
import type { MessagePublisher } from '@app/kafka/message-publisher';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { isWhole, type DeadLetter } from './dead-letter-record';
import { claimForDiscard, claimForReplay, marksOf } from './letter-marks';
import { placeText } from './message-place';

/** What was done with dead letters, or would be. */
export interface Handled {
  /** Messages by the topic that they go to. */
  sent: Map<string, number>;
  discarded: number;
  /** Replayed or discarded before, hence left out. */
  doneBefore: number;
  /** Records of the topics that no service wrote. */
  noDeadLetters: number;
  /** Dead letters without the value or the headers of their message: the topic did not take them. */
  incomplete: number;
  /** Dead letters of a topic to which nothing may be sent from here. */
  foreign: number;
}

export interface Deed {
  /** Who does it; null: the login of PostgreSQL. */
  by: string | null;
  /** Without it nothing is changed: what would be done is counted. */
  execute: boolean;
}

export function nothingHandled(): Handled {
  return { sent: new Map(), discarded: 0, doneBefore: 0, noDeadLetters: 0, incomplete: 0, foreign: 0 };
}

/**
 * Sends dead letters to the topics they came from. They are marked in the transaction in which they are sent: two that
 * replay at once do not send the same, and after a crash in between they are sent again, which harms nothing.
 * @param handled counts what is done
 * @param again also those that are no longer open
 * @param topics to which something may be sent; default: all
 */
export async function replayLetters(
  { warehouse, publisher }: { warehouse: Warehouse; publisher: MessagePublisher },
  letters: DeadLetter[],
  handled: Handled,
  { by, execute, again, topics }: Deed & { again: boolean; topics?: ReadonlySet<string> },
): Promise<void> {
  const written = letters.filter(({ source }) => source !== undefined);
  const whole = written.filter(isWhole);
  const known = whole.filter(({ source }) => topics?.has(source!.topic) ?? true);
  const due = execute
    ? await warehouse.transaction(async (client) => {
        const claimed = await claimForReplay(client, known, { by, again });
        for (const [topic, ofTopic] of byTopic(claimed)) {
          await publish(publisher, topic, ofTopic);
        }
        return claimed;
      })
    : again
      ? known
      : await warehouse.read((client) => openOf(client, known));
  for (const [topic, ofTopic] of byTopic(due)) {
    handled.sent.set(topic, (handled.sent.get(topic) ?? 0) + ofTopic.length);
  }
  handled.doneBefore += known.length - due.length;
  handled.noDeadLetters += letters.length - written.length;
  handled.incomplete += written.length - whole.length;
  handled.foreign += whole.length - known.length;
}

/**
 * Marks dead letters as done with: they are no longer listed or counted as open. They stay in their topic.
 * @param handled counts what is done
 */
export async function discardLetters(
  warehouse: Warehouse,
  letters: DeadLetter[],
  handled: Handled,
  { by, execute }: Deed,
): Promise<void> {
  const due = execute
    ? await warehouse.transaction((client) => claimForDiscard(client, letters, by))
    : await warehouse.read((client) => openOf(client, letters));
  handled.discarded += due.length;
  handled.doneBefore += letters.length - due.length;
}

async function openOf(client: Client, letters: DeadLetter[]): Promise<DeadLetter[]> {
  const marks = await marksOf(client, letters);
  return letters.filter(({ place }) => !marks.has(placeText(place)));
}

/** @throws also where the topic refuses one: all of the transaction stay unmarked */
async function publish(publisher: MessagePublisher, topic: string, letters: DeadLetter[]): Promise<void> {
  const delivery = new Delivery(
    topic,
    letters.map(({ original }) => original),
  );
  await publisher.publish(delivery);
  for (const [message, { type, message: words }] of delivery.refused) {
    const { place } = letters.find(({ original }) => original === message)!;
    throw new ReplayRefused(`${topic} does not take ${placeText(place)}: ${type}: ${words}`);
  }
}

/** The topic that a message came from does not take it again. */
export class ReplayRefused extends Error {}

function byTopic(letters: DeadLetter[]): Map<string, DeadLetter[]> {
  const topics = new Set(letters.map(({ source }) => source!.topic));
  return new Map(
    Array.from(topics, (topic) => [topic, letters.filter(({ source }) => source!.topic === topic)]),
  );
}
