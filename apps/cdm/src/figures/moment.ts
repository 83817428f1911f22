/** What a question of the past is about: what was known, and what was true; undefined: now. */
export interface Moment {
  /** An instant, with a zone. */
  known_at?: string;
  /** A time of the source, without one. */
  true_at?: string;
}

/** @returns undefined where the question is about the present */
export function momentOf({ known_at, true_at }: Moment): Moment | undefined {
  return known_at === undefined && true_at === undefined ? undefined : { known_at, true_at };
}
