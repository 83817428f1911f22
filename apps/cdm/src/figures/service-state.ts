import { LosslessNumber } from 'lossless-json';
import type { DoneLetters } from '@app/operations/letter-marks';
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
  dead_letters: ReportedLetters[];
}

/** Dead letters that the processes of a service have reported. */
type ReportedLetters = Pick<DeadLettersAnswer, 'reason' | 'messages'>;

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
  done: readonly DoneLetters[] = [],
): ServiceAnswer {
  if (!row) {
    return {
      service,
      lag: null,
      messages_per_second: 0,
      freshness_seconds: null,
      parked: [],
      dead_letters: [],
      dead_letter_topic: null,
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
    dead_letters: withOpen(
      withUnknown(row.dead_letters, deadLetters),
      done.filter(({ topic }) => topic === row.dead_letter_topic),
    ),
    dead_letter_topic: row.dead_letter_topic,
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
function withUnknown(reported: ReportedLetters[], inTopic: number | null): ReportedLetters[] {
  const known = reported.reduce((sum, { messages }) => sum + messages, 0);
  return inTopic !== null && inTopic > known
    ? [...reported, { reason: 'unknown', messages: inTopic - known }]
    : reported;
}

/**
 * Operators have done with some of them. A reason that no process reported, or that an older release did not keep, is
 * among the unknown ones.
 */
function withOpen(reported: ReportedLetters[], done: readonly DoneLetters[]): DeadLettersAnswer[] {
  const reasons = new Set(reported.map(({ reason }) => reason));
  const reasonOf = ({ reason }: DoneLetters) => (reasons.has(reason ?? '') ? reason : 'unknown');
  const counts = reported.map(({ reason, messages }) => {
    const ofReason = done.filter((one) => reasonOf(one) === reason);
    return { reason, messages, open: messages - ofReason.reduce((sum, { letters }) => sum + letters, 0) };
  });
  // More of a reason may be done with than was reported: those are the unknown ones, too.
  const surplus = counts.reduce((sum, { open }) => sum + Math.max(-open, 0), 0);
  return counts.map(({ reason, messages, open }) => ({
    reason,
    messages,
    open: Math.max(reason === 'unknown' ? open - surplus : open, 0),
  }));
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
