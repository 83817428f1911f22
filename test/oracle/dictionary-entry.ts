import { member, NotJson, parseJson, type Json } from './json';
import { sourceTime } from './source-time';

export interface Dish {
  name: string;
  category: string;
}

/** What a value of the dictionary says; `menu` is empty in a user's entry. */
export interface EntryContent {
  name: string;
  login: string | null;
  menu: Map<string, Dish>;
  /** Undefined where the entry has none. */
  time?: string;
}

export type EntryKind = 'user' | 'restaurant';

/** Undefined for a value that cannot be used; it counts as if the key were not there. */
export function readEntry(kind: EntryKind, text: string): EntryContent | undefined {
  const entry = readJson(text);
  const name = string(member(entry, 'name'));
  const login = optional(member(entry, 'login'));
  const given = optional(member(entry, 'update_ts_utc')) ?? optional(member(entry, 'update_ts'));
  const time = given?.type === 'string' ? sourceTime(given.value) : undefined;
  const menu = member(entry, 'menu');
  const usable =
    name && (!given || time) && (kind === 'user' ? !login || login.type === 'string' : menu?.type === 'list');
  if (!usable) {
    return undefined;
  }
  return {
    name,
    login: kind === 'user' ? (string(login) ?? null) : null,
    menu: kind === 'restaurant' && menu?.type === 'list' ? readMenu(menu.items) : new Map(),
    time,
  };
}

function readJson(text: string): Json | undefined {
  try {
    const { value, unstorable } = parseJson(text);
    return unstorable ? undefined : value;
  } catch (error) {
    if (error instanceof NotJson) {
      return undefined;
    }
    throw error;
  }
}

/** A dish that lacks its id, name or category is ignored; of a dish that comes twice, the first counts. */
function readMenu(items: Json[]): Map<string, Dish> {
  const menu = new Map<string, Dish>();
  for (const item of items) {
    const id = string(member(item, '_id'));
    const name = string(member(item, 'name'));
    const category = string(member(item, 'category'));
    if (id && name && category && !menu.has(id)) {
      menu.set(id, { name, category });
    }
  }
  return menu;
}

function string(json: Json | undefined): string | undefined {
  return json?.type === 'string' ? json.value : undefined;
}

function optional(json: Json | undefined): Json | undefined {
  return json?.type === 'null' ? undefined : json;
}
