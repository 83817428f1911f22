import type { Handled } from './answers';
import type { Filter, LetterDeed, ParkedDeed } from './operate-api';
import type { OperateDesk } from './operate-desk';

/** What was done, or would be, in sentences. */
export interface Done {
  /** Whether there is anything to do. */
  isSomething: boolean;
  lines: string[];
}

/**
 * Does something, or says what it would do.
 * @param onProgress gets how many messages are still to be looked at
 */
export type Run = (execute: boolean, onProgress: (left: number) => void) => Promise<Done>;

/** @param place of one dead letter */
export function letterDeed(desk: OperateDesk, deed: LetterDeed, place: string, again: boolean): Run {
  return async (execute) => {
    const query = { execute: String(execute), ...(deed === 'replay' && { again: String(again) }) };
    return handledLines(desk, await desk.api.handleLetter(place, deed, query), execute);
  };
}

/** @param query a filter, of all dead letters that match */
export function lettersDeed(desk: OperateDesk, deed: LetterDeed, query: Filter): Run {
  return async (execute, onProgress) => {
    const sum: Handled = { sent: [], discarded: 0, done_before: 0, not_sendable: 0 };
    for (let cursor = ''; ;) {
      const part = await desk.api.handleLetters(deed, { ...query, cursor, execute: String(execute) });
      addTo(sum, part);
      if (part.next === null) {
        return handledLines(desk, sum, execute);
      }
      onProgress(part.left);
      cursor = part.next;
    }
  };
}

export function parkedDeed(desk: OperateDesk, deed: ParkedDeed, query: Filter): Run {
  return async (execute) => {
    const { orders } = await desk.api.handleParked(deed, { ...query, execute: String(execute) });
    const t = desk.t.value;
    const count = desk.scene.value.format.count(orders);
    const sentence = { retry: [t.wouldTry, t.tried], discard: [t.wouldGiveUp, t.gaveUp] }[deed];
    return {
      isSomething: orders > 0,
      lines: [orders === 0 ? t.nothingToDo : sentence[execute ? 1 : 0]!(count)],
    };
  };
}

function addTo(sum: Handled, { sent, discarded, done_before, not_sendable }: Handled): void {
  for (const { topic, messages } of sent) {
    const known = sum.sent.find((one) => one.topic === topic);
    if (known) {
      known.messages += messages;
    } else {
      sum.sent.push({ topic, messages });
    }
  }
  sum.discarded += discarded;
  sum.done_before += done_before;
  sum.not_sendable += not_sendable;
}

function handledLines(desk: OperateDesk, handled: Handled, isDone: boolean): Done {
  const t = desk.t.value;
  const { count } = desk.scene.value.format;
  const { sent, discarded, done_before: before, not_sendable: left } = handled;
  const isSomething = sent.length > 0 || discarded > 0;
  return {
    isSomething,
    lines: [
      ...(isSomething ? [] : [t.nothingToDo]),
      ...sent.map(({ topic, messages }) => (isDone ? t.sent : t.wouldSend)(count(messages), topic)),
      ...(discarded > 0 ? [(isDone ? t.discarded : t.wouldDiscard)(count(discarded))] : []),
      ...(before > 0 ? [t.doneBefore(count(before))] : []),
      ...(left > 0 ? [t.notSendable(count(left))] : []),
    ],
  };
}
