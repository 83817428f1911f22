import { LosslessNumber } from 'lossless-json';
import type { DeadLettersAnswer, ParkedAnswer, ServiceAnswer } from './pipeline.contract';

/** What the processes of a service have told, put together. */
export interface ServiceRow {
  service: string;
  source_topic: string;
  consumer_group: string;
  dead_letter_topic: string;
  messages_per_second: number;
  last_message_sent_at: Date | null;
  last_message_delay: number | null;
  parked: ParkedAnswer[];
  newest_object_id: string | null;
  newest_order_version: string | null;
  newest_at: Date | null;
  seen_at: Date;
  dead_letters: DeadLettersAnswer[];
}

/** What the broker knows of it; null where it did not tell. */
export interface BrokerFigures {
  lag: number | null;
  deadLetters: number | null;
}

/** A service that tells nothing for so long is silent: it tells every two seconds. */
const SILENT_MS = 15_000;
/** A service that has messages to read, and finishes none sent within so long, does not get on. */
const STUCK_MS = 60_000;

export function serviceAnswer(
  service: string,
  row: ServiceRow | undefined,
  { lag, deadLetters }: BrokerFigures,
  now: Date,
): ServiceAnswer {
  if (!row) {
    return {
      service,
      lag: null,
      messages_per_second: 0,
      freshness_seconds: null,
      parked: [],
      dead_letters: [],
      newest_version: null,
      seen_at: null,
    };
  }
  return {
    service,
    lag,
    messages_per_second: row.messages_per_second,
    freshness_seconds: freshness(row, lag, now),
    parked: row.parked,
    dead_letters: withUnknown(row.dead_letters, deadLetters),
    newest_version:
      row.newest_order_version === null
        ? null
        : {
            object_id: new LosslessNumber(row.newest_object_id!),
            order_version: row.newest_order_version,
            at: row.newest_at!,
          },
    seen_at: row.seen_at,
  };
}

function freshness(row: ServiceRow, lag: number | null, now: Date): number | null {
  const { last_message_delay: delay, last_message_sent_at: sentAt } = row;
  if (delay === null || sentAt === null) {
    return null;
  }
  return lag ? Math.max(delay, (now.getTime() - sentAt.getTime()) / 1000) : delay;
}

/** The topic has dead letters that nobody told of, where a process was killed before it did. */
function withUnknown(told: DeadLettersAnswer[], inTopic: number | null): DeadLettersAnswer[] {
  const known = told.reduce((sum, { messages }) => sum + messages, 0);
  return inTopic !== null && inTopic > known
    ? [...told, { reason: 'unknown', messages: inTopic - known }]
    : told;
}

/** Since when figures may lack orders: the earliest moment from which a service is silent, or does not get on. */
export function staleSince(
  services: ServiceAnswer[],
  rows: ReadonlyMap<string, ServiceRow>,
  now: Date,
): Date | null {
  const times = services.flatMap(({ service, lag, seen_at }) => {
    if (seen_at === null) {
      return [now];
    }
    const sentAt = rows.get(service)?.last_message_sent_at ?? null;
    const isStuck = lag !== null && lag > 0 && sentAt !== null && now.getTime() - sentAt.getTime() > STUCK_MS;
    return [
      ...(now.getTime() - seen_at.getTime() > SILENT_MS ? [seen_at] : []),
      ...(isStuck ? [sentAt] : []),
    ];
  });
  return times.length === 0 ? null : times.reduce((oldest, time) => (time < oldest ? time : oldest));
}
