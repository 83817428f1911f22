import type { DeadLetterReason } from '@app/contracts/dead-letter.contract';
import type { Header, OutgoingMessage } from '@app/kafka/outgoing-message';

/** A message as it was read. The place (topic, partition, offset) identifies it. */
export interface KafkaRecord {
  topic: string;
  partition: number;
  offset: string;
  /** Milliseconds since 1970, as the broker has it. */
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  /** In their order. */
  headers: readonly Header[];
  /** It stands for a record batch that could not be read. */
  refused?: Refused;
}

/** What became of one message of a batch; every message has exactly one outcome. */
export type Outcome =
  /** Stored. The output, if any, is sent on before the offset moves; a repeat inside the batch has none. */
  | { kind: 'processed'; output?: OutgoingMessage }
  /** No order; recorded. */
  | { kind: 'skipped' }
  /** Stored; it waits for something that is missing (kinds of dictionary entries), and is sent on by a job. */
  | { kind: 'parked'; missing: string[] }
  | Refused;

/** Can never be used: becomes a dead letter before the offset moves. */
export interface Refused {
  kind: 'refused';
  reason: DeadLetterReason;
  message: string;
}

/**
 * A handler of batches: an ordinary `@EventPattern` method. It returns one outcome a record, in their order, when all
 * effects are durable. Whatever it throws repeats the batch, in whole or in halves; see the verdicts of the batch
 * server.
 */
export type BatchHandler = (records: KafkaRecord[]) => Promise<Outcome[]>;
