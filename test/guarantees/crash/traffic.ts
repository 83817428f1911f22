import { setTimeout as pause } from 'node:timers/promises';
import { dictionaryEntries, makeDictionary } from '../../../dev/orders/dictionary';
import { orderHistory } from '../../../dev/orders/order-history';
import type { Pipeline } from '../../harness/pipeline';
import { Random } from '../../history/random';
import { putRules, rulesFor } from '../tags/put-rules';

const END = Date.UTC(2023, 7, 12);
const FIRST_OBJECT_ID = 10_999_500;
const PARTITIONS = 6;
/** Of the users one in so many is not in the dictionary at first: their orders are parked. */
const LATE_USERS = 20;

export interface TrafficOptions {
  seed: number;
  /** Distinct orders; there are about twice as many messages. */
  orders: number;
  users?: number;
  restaurants?: number;
  /** Each version once, and every user in the dictionary from the start. */
  isClean?: boolean;
  /** Where the schemas are not there yet, rules can't be either. */
  hasRules?: boolean;
  /** Sent by one producer, and by none in transactions: the last offset of a partition is that of a message. */
  isPlain?: boolean;
}

/**
 * The orders of a week and their dictionary, sent piece by piece as other people's producers do. Versions of one order
 * go to all partitions in turn.
 */
export class Traffic {
  /**
   * Key to value: all that is ever in the dictionary. What tables hold in the end does not depend on when an entry
   * came.
   */
  readonly dictionary: Record<string, string>;
  /** What is missing at first. */
  readonly late: Record<string, string>;
  private readonly values: string[];
  private readonly hasRules: boolean;
  private readonly random?: Random;
  private sent = 0;

  constructor(
    private readonly pipeline: Pipeline,
    {
      seed,
      orders,
      users = 200,
      restaurants = 10,
      isClean = false,
      hasRules = true,
      isPlain = false,
    }: TrafficOptions,
  ) {
    this.hasRules = hasRules;
    this.random = isPlain ? undefined : new Random(seed);
    const made = makeDictionary({ seed, users, restaurants });
    const entries = dictionaryEntries(made).map(({ key, value }) => [key, value] as const);
    const latecomers = made.latecomers.history.map((latecomer) =>
      'user' in latecomer ? latecomer.user.entry : latecomer.restaurant.entry,
    );
    this.late = isClean
      ? {}
      : Object.fromEntries([
          ...entries.slice(0, users).filter((_, place) => place % LATE_USERS === 0),
          ...latecomers.map(({ key, value }) => [key, value] as const),
        ]);
    this.dictionary = { ...Object.fromEntries(entries), ...this.late };
    const messages = orderHistory({
      dictionary: made,
      seed,
      orders,
      end: END,
      firstOrderId: FIRST_OBJECT_ID,
      isClean,
      latecomers: isClean ? [] : made.latecomers.history,
    });
    this.values = Array.from(messages, ({ text }) => text);
  }

  get length(): number {
    return this.values.length;
  }

  get left(): number {
    return this.values.length - this.sent;
  }

  /** Adds rules of tags, by default; fills the dictionary, but for the late entries; and gets the producers ready. */
  async open(): Promise<void> {
    await this.pipeline.sendOrders([], { random: this.random });
    if (this.hasRules) {
      await putRules(this.pipeline, rulesFor(this.dictionary));
    }
    await this.pipeline.dictionary.put(
      Object.fromEntries(Object.entries(this.dictionary).filter(([key]) => !(key in this.late))),
    );
  }

  /** Brings the late entries into the dictionary. */
  async complete(): Promise<void> {
    await this.pipeline.dictionary.put(this.late);
  }

  /** Sends the next messages, all that are left by default. */
  async send(count = this.left): Promise<void> {
    const piece = this.values.slice(this.sent, this.sent + count);
    await this.pipeline.sendOrders(
      piece.map((value, place) => ({ value, partition: (this.sent + place) % PARTITIONS })),
      { random: this.random },
    );
    this.sent += piece.length;
  }

  /** Sends pieces with pauses between them until the work is done; what is left then follows at once. */
  async flowDuring(work: Promise<unknown>, piece: number, pauseMs: number): Promise<void> {
    const flow = { isOn: true };
    const end = work.finally(() => (flow.isOn = false));
    end.catch(() => {}); // reported below
    while (flow.isOn && this.left > 0) {
      await this.send(piece);
      await Promise.race([pause(pauseMs), end]);
    }
    await end;
    await this.send();
  }
}
