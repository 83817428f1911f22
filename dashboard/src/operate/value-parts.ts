import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** A message to be shown: so much of it as people read, with the field that breaks a rule. */
export interface ValueParts {
  before: string;
  marked: string;
  after: string;
  /** There is more of it before or behind. */
  isCut: boolean;
}

/** Characters that are shown at most: a browser lays out no megabytes. */
const MOST_SHOWN = 20_000;
/** Before the mark, where the message is longer. */
const BEFORE_MARK = 4_000;
const MOST_MARKED = 2_000;

/**
 * @param field its path, as `payload.order_items[0].price`; where the message lacks it, what should hold it is marked
 */
export function valueParts(text: string, field: string | null): ValueParts {
  const { from, to } = field === null ? NOTHING : placeOfField(text, field);
  const start = Math.max(0, Math.min(from - BEFORE_MARK, text.length - MOST_SHOWN));
  const end = Math.min(text.length, start + MOST_SHOWN);
  const markEnd = Math.min(to, from + MOST_MARKED, end);
  return {
    before: text.slice(start, from),
    marked: text.slice(from, markEnd),
    after: text.slice(Math.max(markEnd, from), end),
    isCut: start > 0 || end < text.length,
  };
}

const NOTHING = { from: 0, to: 0 };

function placeOfField(text: string, field: string): { from: number; to: number } {
  const root = parseTree(text);
  const path = root ? pathOf(field) : [];
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root!, path.slice(0, length));
    if (node) {
      return { from: node.offset, to: node.offset + node.length };
    }
  }
  return NOTHING;
}

function pathOf(field: string): (string | number)[] {
  return Array.from(field.matchAll(/\[(\d+)\]|[^.[\]]+/g), ([part, place]) =>
    place === undefined ? part : Number(place),
  );
}
