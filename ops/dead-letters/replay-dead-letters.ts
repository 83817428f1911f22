import type { Kafka } from 'kafkajs';
import { Delivery } from '@app/kafka/delivery';
import { MessagePublisher } from '@app/kafka/message-publisher';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { deadLetterTopics } from '../topics/topic-table';
import { eachDeadLetter, oneDeadLetter } from './each-dead-letter';
import { matches, type LetterFilter } from './letter-filter';
import { isWhole, placeText, type DeadLetter, type Place } from './read-dead-letter';

export interface Replay {
  /** Messages by the topic that they go to, or would go to. */
  sent: Map<string, number>;
  replayedBefore: number;
  /** Records of the topics that no service wrote. */
  noDeadLetters: number;
  /** Dead letters without the value or the headers of their message: the topic did not take them. */
  incomplete: number;
}

/**
 * Sends dead letters to the topics they came from; without `execute`, says which. Marked in the transaction in which
 * they are sent: two that replay at once do not send the same, and after a crash in between they are sent again, which
 * harms nothing.
 */
export async function replayDeadLetters(
  kafka: Kafka,
  warehouse: Warehouse,
  what: Place | LetterFilter,
  { again, execute }: { again: boolean; execute: boolean },
): Promise<Replay> {
  const publisher = new MessagePublisher(kafka);
  const replay: Replay = { sent: new Map(), replayedBefore: 0, noDeadLetters: 0, incomplete: 0 };
  const use = async (letters: DeadLetter[]) => {
    const written = letters.filter(({ source }) => source !== undefined);
    const known = written.filter(isWhole);
    const due = await warehouse.transaction(async (client) => {
      const chosen = execute ? await claim(client, known, again) : await unmarked(client, known, again);
      for (const [topic, ofTopic] of execute ? byTopic(chosen) : []) {
        await publish(publisher, topic, ofTopic);
      }
      return chosen;
    });
    byTopic(due).forEach((ofTopic, topic) =>
      replay.sent.set(topic, (replay.sent.get(topic) ?? 0) + ofTopic.length),
    );
    replay.replayedBefore += known.length - due.length;
    replay.noDeadLetters += letters.length - written.length;
    replay.incomplete += written.length - known.length;
  };
  try {
    if ('offset' in what) {
      await use([await oneDeadLetter(kafka, what)]);
    } else {
      const { topic = deadLetterTopics } = what;
      await eachDeadLetter(kafka, topic, (letters) => use(letters.filter((one) => matches(what, one))));
    }
    return replay;
  } finally {
    await publisher.onApplicationShutdown();
  }
}

/** For people: what was done, or would be. */
export function replayText(
  { sent, replayedBefore, noDeadLetters, incomplete }: Replay,
  execute: boolean,
): string {
  return [
    ...Array.from(sent, ([topic, count]) => `${execute ? 'Sent' : 'Would be sent'} to ${topic}: ${count}`),
    sent.size === 0 && 'There is nothing to replay.',
    replayedBefore > 0 && `Replayed before, hence left out: ${replayedBefore}. --again sends them once more.`,
    noDeadLetters > 0 && `Without the header dlq.topic, hence left out: ${noDeadLetters}`,
    incomplete > 0 &&
      `Without the value or headers of their message, hence left out: ${incomplete}. Their dlq.topic, partition and offset say where it is.`,
    !execute && sent.size > 0 && 'Nothing was sent: --execute does it.',
  ]
    .filter(Boolean)
    .join('\n');
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
    throw new Error(`${topic} does not take ${placeText(place)}: ${type}: ${words}`);
  }
}

function byTopic(letters: DeadLetter[]): Map<string, DeadLetter[]> {
  const topics = new Set(letters.map(({ source }) => source!.topic));
  return new Map(
    Array.from(topics, (topic) => [topic, letters.filter(({ source }) => source!.topic === topic)]),
  );
}

/** Marks the dead letters; another command that wants the same ones waits until these are sent. */
async function claim(client: Client, letters: DeadLetter[], again: boolean): Promise<DeadLetter[]> {
  return theseOf(
    letters,
    await client.query<PlaceRow>(
      /* sql */ `
      INSERT INTO operations.replayed_dead_letters (topic, partition, message_offset)
      SELECT topic, partition, message_offset
      FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS letters (topic, partition, message_offset)
      ORDER BY topic, partition, message_offset
      ON CONFLICT (topic, partition, message_offset) DO UPDATE SET replayed_at = now() WHERE $4
      RETURNING topic, partition, message_offset`,
      [...placeColumns(letters), again],
    ),
  );
}

async function unmarked(client: Client, letters: DeadLetter[], again: boolean): Promise<DeadLetter[]> {
  return theseOf(
    letters,
    await client.query<PlaceRow>(
      /* sql */ `
      SELECT topic, partition, message_offset
      FROM unnest($1::text[], $2::integer[], $3::bigint[]) AS letters (topic, partition, message_offset)
      WHERE $4 OR NOT EXISTS (
        SELECT FROM operations.replayed_dead_letters replayed
        WHERE (replayed.topic, replayed.partition, replayed.message_offset) =
          (letters.topic, letters.partition, letters.message_offset))`,
      [...placeColumns(letters), again],
    ),
  );
}

interface PlaceRow {
  topic: string;
  partition: number;
  message_offset: string;
}

function placeColumns(letters: DeadLetter[]): unknown[] {
  const places = letters.map(({ place }) => place);
  return [
    places.map(({ topic }) => topic),
    places.map(({ partition }) => partition),
    places.map(({ offset }) => offset),
  ];
}

/** Those that a statement answered with, in their own order. */
function theseOf(letters: DeadLetter[], { rows }: { rows: PlaceRow[] }): DeadLetter[] {
  const chosen = new Set(
    rows.map(({ topic, partition, message_offset: offset }) => placeText({ topic, partition, offset })),
  );
  return letters.filter(({ place }) => chosen.has(placeText(place)));
}
