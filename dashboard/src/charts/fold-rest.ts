export interface Folded<Part> {
  parts: Part[];
  /** What the pie shows as one part, "other". */
  rest: Part[];
}

/** More parts than these cannot be distinguished in a pie. */
export const MOST_PARTS = 8;

/** @param parts largest first; of more than eight, the first seven stay and the rest is one */
export function foldRest<Part>(parts: Part[]): Folded<Part> {
  return parts.length <= MOST_PARTS
    ? { parts, rest: [] }
    : { parts: parts.slice(0, MOST_PARTS - 1), rest: parts.slice(MOST_PARTS - 1) };
}
