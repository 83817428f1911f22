import type { DictionaryEntry } from './dictionary';

/** What a file of one's own has for the dictionary and for the topic. */
export interface OwnLines {
  entries: DictionaryEntry[];
  messages: string[];
}

/**
 * A line that is a JSON object with an `_id` is an entry of the dictionary, as Redis has users and restaurants. Any
 * other is a message as it is, also one that stg refuses. Empty lines are left out.
 */
export function ownLines(text: string): OwnLines {
  const own: OwnLines = { entries: [], messages: [] };
  for (const line of text.split(/\r?\n/).filter((one) => one.trim() !== '')) {
    const key = idOf(line);
    if (key === undefined) {
      own.messages.push(line);
    } else {
      own.entries.push({ key, value: line });
    }
  }
  return own;
}

function idOf(line: string): string | undefined {
  try {
    const { _id } = JSON.parse(line) as { _id?: unknown };
    return typeof _id === 'string' ? _id : undefined;
  } catch {
    return undefined;
  }
}
