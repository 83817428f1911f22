import { LosslessNumber } from 'lossless-json';
import type { DeadLettersAnswer, ParkedAnswer, ServiceAnswer } from './pipeline.contract';

/** What the processes of a service have reported, put together. */
export interface ServiceRow {
  service: string;
  source_topic: string;
  consumer_group: string;
  dead_letter_topic: string;
  messages_per_second: number;
  last_message_delay: number | null;
  parked: ParkedAnswer[];
  newest_object_id: string | null;
  newest_order_version: string | null;
  newest_at: Date | null;
  seen_at: Date;
  dead_letters: DeadLettersAnswer[];
}

/** What the broker knows of it; null where it did not answer. */
export interface BrokerFigures {
  lag: number | null;
  /** For how many seconds messages have been seen waiting at each look; undefined: none are. */
  behindSeconds?: number;
  deadLetters: number | null;
}

/**
 * A service that reports nothing for so long is silent: it does every two seconds. So is one that has reported in the
 * future: the clock was set back since.
 */
const SILENT_MS = 15_000;
/** Figures that are later by so much lack orders, for people who look at them. */
const LATE_SECONDS = 60;

export function serviceAnswer(
  service: string,
  row: ServiceRow | undefined,
  { lag, behindSeconds, deadLetters }: BrokerFigures,
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
    freshness_seconds: freshness(row, behindSeconds),
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

/**
 * The delay of the last message, or, while others wait, for how long they do: since they were first seen to, since how
 * old the last message is says nothing where the source has been quiet.
 */
function freshness(row: ServiceRow, behindSeconds: number | undefined): number | null {
  const { last_message_delay: delay } = row;
  return behindSeconds === undefined ? delay : Math.max(delay ?? 0, behindSeconds);
}

/** The topic has dead letters that no process reported, where a process was killed before it did. */
function withUnknown(reported: DeadLettersAnswer[], inTopic: number | null): DeadLettersAnswer[] {
  const known = reported.reduce((sum, { messages }) => sum + messages, 0);
  return inTopic !== null && inTopic > known
    ? [...reported, { reason: 'unknown', messages: inTopic - known }]
    : reported;
}

/** Since when figures may lack orders: the earliest moment from which a service is silent, or late with what waits. */
export function staleSince(services: ServiceAnswer[], now: Date): Date | null {
  const times = services.flatMap(({ lag, freshness_seconds, seen_at }) => {
    if (seen_at === null) {
      return [now];
    }
    const isLate = lag !== null && lag > 0 && freshness_seconds !== null && freshness_seconds > LATE_SECONDS;
    return [
      ...(Math.abs(now.getTime() - seen_at.getTime()) > SILENT_MS ? [seen_at < now ? seen_at : now] : []),
      ...(isLate ? [new Date(now.getTime() - 1_000 * freshness_seconds)] : []),
    ];
  });
  return times.length === 0 ? null : times.reduce((oldest, time) => (time < oldest ? time : oldest));
}
