import { canonicalTime } from '@app/values/source-time';
import { excerpt } from '@app/values/json-text';
import { parseMessage } from '@app/contracts/parse-message';

export interface Product {
  name: string;
  category: string;
}

/** A user's entry. Times are canonical; null where the entry has none. */
export interface UserEntry {
  kind: 'user';
  name: string;
  login: string | null;
  time: string | null;
}

/** A restaurant's entry, the menu by product id. */
export interface RestaurantEntry {
  kind: 'restaurant';
  name: string;
  menu: Map<string, Product>;
  time: string | null;
}

export type EntryKind = 'user' | 'restaurant';
export type DictionaryEntry = UserEntry | RestaurantEntry;

/**
 * Reads the value of a dictionary key. A product without id, name or category is none: an order of it waits. Of a
 * product that a menu has twice, the first counts.
 * @throws Error that names what is wrong; the entry then counts as missing
 */
export function readEntry(kind: EntryKind, value: Buffer): DictionaryEntry {
  const object = parseMessage(value);
  const name = text(object, 'name');
  const time = timeOf(object);
  if (kind === 'user') {
    const { login = null } = object;
    if (login !== null && typeof login !== 'string') {
      throw new Error(`login must be a text, got ${excerpt(login)}`);
    }
    return { kind, name, login, time };
  }
  if (!Array.isArray(object.menu)) {
    throw new Error(`menu must be a list, got ${excerpt(object.menu)}`);
  }
  return { kind, name, menu: readMenu(object.menu), time };
}

function readMenu(products: unknown[]): Map<string, Product> {
  const menu = new Map<string, Product>();
  for (const product of products) {
    const { _id: id, name, category } = (product ?? {}) as Record<string, unknown>;
    if (
      [id, name, category].every((member) => typeof member === 'string' && member !== '') &&
      !menu.has(id as string)
    ) {
      menu.set(id as string, { name: name as string, category: category as string });
    }
  }
  return menu;
}

function timeOf(object: Record<string, unknown>): string | null {
  const field = object.update_ts_utc == null ? 'update_ts' : 'update_ts_utc';
  const given = object[field] ?? null;
  const time = given === null ? null : canonicalTime(given);
  if (time === undefined) {
    throw new Error(`${field} must be a time of the form YYYY-MM-DD HH:MM:SS, got ${excerpt(given)}`);
  }
  return time;
}

function text(object: Record<string, unknown>, field: string): string {
  const value = object[field];
  if (typeof value !== 'string' || value === '') {
    throw new Error(`${field} must be a text that is not empty, got ${excerpt(value)}`);
  }
  return value;
}
