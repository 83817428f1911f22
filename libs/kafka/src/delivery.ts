import type { OutgoingMessage } from './outgoing-message';

/** The topic takes this message in no form: not the broker is away, the message itself is to blame. */
export interface TopicRefusal {
  /** As Kafka names it, e.g. `INVALID_RECORD`. */
  type: string;
  message: string;
}

/**
 * Messages on their way to one topic, and which of them are there: over several tries of the publisher only what is
 * left is sent again.
 */
export class Delivery<M extends OutgoingMessage = OutgoingMessage> {
  readonly acknowledged: M[] = [];
  readonly refused = new Map<M, TopicRefusal>();
  /** Those that are neither, in their order. */
  left: readonly M[];

  constructor(
    readonly topic: string,
    messages: readonly M[],
  ) {
    this.left = messages;
  }

  acknowledge(messages: readonly M[]): void {
    this.acknowledged.push(...messages);
    const there = new Set(messages);
    this.left = this.left.filter((message) => !there.has(message));
  }

  refuse(message: M, refusal: TopicRefusal): void {
    this.refused.set(message, refusal);
    this.left = this.left.filter((one) => one !== message);
  }
}

/** A topic refuses in every form what must not be lost. Its settings are to blame. */
export class TopicRefuses extends Error {
  override readonly name = 'TopicRefuses';
  /** Another try at once would not help. */
  readonly retriable = false;
}
