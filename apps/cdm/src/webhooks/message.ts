import type { UserTagEvent } from '@app/contracts/user-tag-event.contract';
import { hashKey } from '@app/data-vault/hash-key';

/** What is posted: a function of its events, so a message that is posted again is the same. */
export interface Message {
  id: string;
  body: string;
}

/** @param events at least one; those of a user in their order */
export function messageOf(events: UserTagEvent[]): Message {
  const id = hashKey('webhook_messages', ...events.map(({ event_id }) => event_id));
  const timestamp = events.at(-1)!.at;
  return { id, body: JSON.stringify({ type: 'tags.changed', timestamp, data: { events } }) };
}

/** A message without events, with which an editor tries an address. */
export function testMessage(id: string, at: Date): Message {
  return { id, body: JSON.stringify({ type: 'test', timestamp: at.toISOString(), data: { events: [] } }) };
}
