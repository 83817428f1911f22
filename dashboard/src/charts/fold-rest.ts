export interface Folded<Part> {
  parts: Part[];
  /** What is shown as one part, "other". */
  rest: Part[];
}

/** So many parts are distinguished with ease. */
const EASY = 7;
/** As many colours as categories have, with that of the rest. */
const MOST = 15;

/**
 * @param parts largest first; beside a rest there are seven, or more until the rest is no larger than the largest part,
 *   fifteen at most
 */
export function foldRest<Part>(parts: Part[], sizeOf: (part: Part) => number): Folded<Part> {
  let left = parts.slice(EASY).reduce((sum, part) => sum + sizeOf(part), 0);
  let shown = EASY;
  while (shown < MOST && shown < parts.length && left > sizeOf(parts[0]!)) {
    left -= sizeOf(parts[shown]!);
    shown += 1;
  }
  // The rest is of two at least: one has a name.
  return parts.length <= shown + 1
    ? { parts, rest: [] }
    : { parts: parts.slice(0, shown), rest: parts.slice(shown) };
}
