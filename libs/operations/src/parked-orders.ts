import type { Client } from '@app/warehouse/warehouse';

/** Which of the orders that wait; those that are released already, and are about to be sent on, are never meant. */
export interface ParkedFilter {
  missing?: { kind: string; id?: string };
  /** Wait at least so many seconds. */
  olderThan?: number;
  objectId?: string;
  /** Of this version alone. */
  version?: string;
}

/** An entry of the dictionary that an order lacks; a dish lacks on the menu of a restaurant. */
export interface Missing {
  kind: 'user' | 'restaurant' | 'dish';
  id: string;
  restaurant_id?: string;
}

export interface ParkedOrder {
  object_id: string;
  order_version: string;
  /** ISO 8601, as the other times. */
  waiting_since: string;
  attempts: number;
  next_attempt_at: string;
  missing: Missing[];
  /** Place of the message: topic:partition:offset. */
  message: string;
}

export interface MissingEntry extends Missing {
  /** Orders that wait for it. */
  orders: number;
}

export interface ParkedList {
  /** Those that wait longest. */
  orders: ParkedOrder[];
  matching: number;
  /** What most of them wait for first. */
  missing: MissingEntry[];
}

/** A parked order with its message, key, value and headers in base64. */
export interface ParkedMessage extends ParkedOrder {
  key: string | null;
  value: string;
  headers: [name: string, value: string | null][];
}

/*
 * Functions of the owner of `stg` do it: neither the login of an operator nor that of cdm may touch its tables for it.
 */

/** @param skip so many that wait longer are left out */
export function listParked(
  client: Client,
  filter: ParkedFilter,
  limit: number,
  skip = 0,
): Promise<ParkedList> {
  return answerOf(client, 'pipeline.parked_orders', [...filterValues(filter), limit, skip]);
}

/** @returns null where this version does not wait */
export function parkedMessage(
  client: Client,
  { objectId, version }: { objectId: string; version: string },
): Promise<ParkedMessage | null> {
  return answerOf(client, 'pipeline.parked_message', [objectId, version]);
}

export function countParked(client: Client, filter: ParkedFilter): Promise<number> {
  return answerOf(client, 'pipeline.count_parked', filterValues(filter));
}

/**
 * Makes their next attempt due now.
 * @returns how many
 */
export function retryParked(client: Client, filter: ParkedFilter): Promise<number> {
  return answerOf(client, 'pipeline.retry_parked', filterValues(filter));
}

/**
 * Gives them up: stg makes dead letters of them, with the reason `no_dictionary`. Until it has, they are kept.
 * @param by who does it; null: the login of PostgreSQL
 * @returns how many
 */
export function giveUpParked(client: Client, filter: ParkedFilter, by: string | null): Promise<number> {
  return answerOf(client, 'pipeline.give_up_parked', [...filterValues(filter), by]);
}

function filterValues({ missing, olderThan, objectId, version }: ParkedFilter): unknown[] {
  return [missing && JSON.stringify([missing]), olderThan, objectId, version];
}

async function answerOf<Answer>(client: Client, name: string, values: unknown[]): Promise<Answer> {
  const places = values.map((_, place) => `$${place + 1}`).join(', ');
  const { rows } = await client.query<{ answer: string | null }>(
    `SELECT to_json(${name}(${places})) AS answer`,
    values,
  );
  return JSON.parse(rows[0]!.answer ?? 'null') as Answer;
}
