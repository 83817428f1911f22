/** What the routes of refused and parked messages answer; described in `/api/docs`. */
export interface Letter {
  topic: string;
  partition: number;
  offset: string;
  reason: string;
  field: string | null;
  service: string;
  refused_at: string | null;
  order_id: string | null;
  /** Place of the message: topic:partition:offset. */
  message: string | null;
  is_whole: boolean;
  state: 'open' | 'replayed' | 'discarded';
  done_at: string | null;
  done_by: string | null;
}

export interface LettersPage {
  letters: Letter[];
  next: string | null;
  /** Dead letters that the topics hold, and those of them that no page so far has looked at. */
  held: number;
  left: number;
}

export interface Content {
  bytes: number;
  /** null: the bytes are not UTF-8. */
  text: string | null;
  base64: string | null;
}

export interface WholeLetter extends Letter {
  because: string;
  altered: string[];
  key: Content | null;
  value: Content | null;
  headers: { name: Content; value: Content | null }[];
}

/** What was done, or would be. */
export interface Handled {
  sent: { topic: string; messages: number }[];
  discarded: number;
  done_before: number;
  not_sendable: number;
}

export interface HandledPart extends Handled {
  next: string | null;
  left: number;
}

export interface Lacked {
  kind: string;
  id: string;
  restaurant_id?: string | null;
}

export interface ParkedOrder {
  object_id: string;
  order_version: string;
  waiting_since: string;
  attempts: number;
  next_attempt_at: string;
  missing: Lacked[];
  message: string;
}

export interface ParkedPage {
  orders: ParkedOrder[];
  matching: number;
}

/** A column of a row that the auditor found to be wrong. */
export interface Finding {
  /** The round that found it. */
  what: string;
  table: string;
  key: Record<string, string>;
  /** *: the whole row. */
  column: string;
  against: string;
  /** null: no row, or no value. */
  expected: string | null;
  found: string | null;
  found_at: string;
  /** When it was right again; null: it is not. */
  closed_at: string | null;
}

export interface FindingsPage {
  findings: Finding[];
  matching: number;
}
