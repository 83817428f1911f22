import { isWhole, type DeadLetter } from '@app/operations/dead-letter-record';
import type { Handled } from '@app/operations/handle-letters';
import type { LetterFilter } from '@app/operations/letter-filter';
import type { Mark } from '@app/operations/letter-marks';
import { placeText } from '@app/operations/message-place';
import { contentOf, headersContent } from './content.contract';
import type { HandledLetters, LetterQuery, ListedLetter, WholeLetter } from './dead-letters.contract';

/** What a list keeps of a dead letter: all but its message and the words about it. */
export type KeptLetter = Omit<DeadLetter, 'original' | 'message'> & { isWhole: boolean; mark?: Mark };

export function keptLetter(letter: DeadLetter, mark: Mark | undefined): KeptLetter {
  const { original: _, message: __, ...kept } = letter;
  return { ...kept, isWhole: kept.source !== undefined && isWhole(letter), mark };
}

export function listedLetter({ place, mark, source, ...letter }: KeptLetter): ListedLetter {
  return {
    ...place,
    reason: letter.reason,
    field: letter.field ?? null,
    service: letter.service,
    refused_at: letter.refusedAt || null,
    order_id: letter.orderId ?? null,
    message: source ? placeText(source) : null,
    is_whole: letter.isWhole,
    state: mark?.deed ?? 'open',
    done_at: mark?.at.toISOString() ?? null,
    done_by: mark?.by ?? null,
  };
}

export function wholeLetter(letter: DeadLetter, mark: Mark | undefined): WholeLetter {
  const { key, value, headers } = letter.original;
  return {
    ...listedLetter(keptLetter(letter, mark)),
    because: letter.message,
    altered: letter.altered,
    key: key && contentOf(key),
    value: value && contentOf(value),
    headers: headersContent(headers),
  };
}

export function handledAnswer(handled: Handled, executed: boolean): HandledLetters {
  const { sent, discarded, doneBefore, noDeadLetters, incomplete, foreign } = handled;
  return {
    executed,
    sent: Array.from(sent, ([topic, messages]) => ({ topic, messages })),
    discarded,
    done_before: doneBefore,
    not_sendable: noDeadLetters + incomplete + foreign,
  };
}

export function filterOf({ reason, object_id, since, until }: LetterQuery): LetterFilter {
  return {
    reason,
    objectId: object_id,
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
  };
}
