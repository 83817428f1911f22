/**
 * Name and value of a header. Both are bytes that anybody may have chosen; names repeat, may be empty and need not be
 * UTF-8.
 */
export type Header = readonly [name: Buffer, value: Buffer | null];

/** A message to be sent. */
export interface OutgoingMessage {
  key: Buffer | string | null;
  value: Buffer | string | null;
  headers?: readonly Header[];
  /**
   * What may say the partition instead of the key: the same number for the same key, 32 bits, signed. Worked out only
   * where it does.
   */
  hash?: () => number;
  /** Milliseconds since 1970, 64 bits. Default: the present. */
  timestamp?: string;
  /**
   * What is sent where the topic refuses the message itself, by the type of the refusal, e.g. `INVALID_TIMESTAMP`;
   * undefined: nothing, so that the refusal is an error. A message without this function may be refused.
   */
  instead?: (refusal: string) => OutgoingMessage | undefined;
}
