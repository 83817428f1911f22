import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { messageBytes } from '@app/kafka/record-batch';
import type { Refused } from '@app/batches/outcome';
import type { OutgoingMessage } from '@app/kafka/outgoing-message';
import { Dictionary, UNDATED, type PresentEntry } from './dictionary';
import {
  encodeOutput,
  enrichOrder,
  type DictionaryAnswers,
  type Missing,
  type UsedEntries,
} from './enrich-order';
import { readAgain, type ReadOrder, type ReceivedOrder } from '../order/read-order';
import { StgEnvironment } from '../environment/stg.environment';

/** An order version, and what the dictionary made of it. */
export type EnrichedOrder = SendableOrder | IncompleteOrder;
export type SendableOrder = CompleteOrder | TooLargeOrder;

interface Named {
  received: ReceivedOrder;
  used: UsedEntries;
  /** Whether each entry has its time: one that has none is given one when it is stored. */
  isDated: boolean;
}

export interface CompleteOrder extends Named {
  kind: 'complete';
  output: OutgoingMessage;
}

/** The next topic would not take it. */
export interface TooLargeOrder extends Named {
  kind: 'too_large';
  refused: Refused;
}

export interface IncompleteOrder {
  kind: 'incomplete';
  received: ReceivedOrder;
  used: null;
  missing: Missing[];
}

/** A version that is in staging with what it was enriched with, perhaps long ago. */
export interface KeptOrder {
  received: ReceivedOrder;
  used: UsedEntries;
  /** What the dictionary makes of it now, where that was asked. */
  enriched?: EnrichedOrder;
}

/** Makes of order versions what is sent on, with the names of the dictionary. The one place where size is judged. */
@Injectable()
export class Enricher {
  constructor(
    private readonly dictionary: Dictionary,
    private readonly publisher: MessagePublisher,
    private readonly environment: StgEnvironment,
  ) {}

  /** @returns the orders, and the entries of the dictionary that have to be stored where they are used */
  async enrich(orders: ReadOrder[]): Promise<{ enriched: EnrichedOrder[]; unstored: PresentEntry[] }> {
    const answers = await this.dictionary.lookUp(orders.map(({ order }) => order));
    const enriched = await this.enrichAll(orders, () => answers);
    return { enriched, unstored: answers.unstored };
  }

  /**
   * A version is enriched once: one that was stored before is sent on with the entries of that time, whatever Redis
   * says by now.
   * @throws where the entries are gone
   */
  async recall(kept: KeptOrder[]): Promise<SendableOrder[]> {
    const others = kept.filter((order) => !asKept(order));
    const answers = others.length > 0 ? await this.dictionary.recall(others.map(({ used }) => used)) : [];
    const read = others.map(({ received }) => readAgain(received));
    const recalled = await this.enrichAll(read, (place) => answers[place]!);
    return [...kept.flatMap((order) => asKept(order) ?? []), ...recalled.map(unlessGone)];
  }

  /** @param answers of the dictionary for the order at this place */
  private async enrichAll(
    orders: ReadOrder[],
    answers: (place: number) => DictionaryAnswers,
  ): Promise<EnrichedOrder[]> {
    return this.publisher.byRoom(
      this.environment.OUTPUT_TOPIC,
      (room) => orders.map((read, place) => this.enrichOne(read, answers(place), room)),
      (enriched) => enriched.some(({ kind }) => kind === 'too_large'),
    );
  }

  /** At once from the order to the bytes that are sent: nothing in between is kept. */
  private enrichOne({ received, order }: ReadOrder, answers: DictionaryAnswers, room: number): EnrichedOrder {
    const enrichment = enrichOrder(order, received.version, answers);
    if (enrichment.kind === 'incomplete') {
      return { kind: 'incomplete', received, used: null, missing: enrichment.missing };
    }
    const { staged, used } = enrichment;
    const output = encodeOutput(staged);
    return messageBytes(output) <= room
      ? { kind: 'complete', received, used, isDated: isDated(staged), output }
      : {
          kind: 'too_large',
          received,
          used,
          isDated: isDated(staged),
          refused: tooLargeFor(this.environment.OUTPUT_TOPIC),
        };
  }
}

function isDated({ payload: { user, restaurant, products } }: StagedOrder): boolean {
  return (
    user.valid_from !== UNDATED &&
    restaurant.valid_from !== UNDATED &&
    products.every(({ valid_from }) => valid_from !== UNDATED)
  );
}

/** What the dictionary makes of a version now, if it is what it was stored with. */
function asKept({ used, enriched }: KeptOrder): SendableOrder | undefined {
  return enriched &&
    enriched.kind !== 'incomplete' &&
    enriched.isDated &&
    isDeepStrictEqual(used, enriched.used)
    ? enriched
    : undefined;
}

function unlessGone(enriched: EnrichedOrder): SendableOrder {
  if (enriched.kind === 'incomplete') {
    const { orderId } = enriched.received;
    throw new Error(`the dictionary entries of order ${orderId} are gone from stg.dictionary_entries`);
  }
  return enriched;
}

function tooLargeFor(topic: string): Refused {
  const message = `with names and categories the order is larger than a message of ${topic} may be`;
  return { kind: 'refused', reason: 'message_too_large', message };
}
