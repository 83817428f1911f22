interface WithValue {
  value: Buffer | null;
}

/** What a slice has at most: so many messages, and so many bytes of values together. */
export interface Most {
  messages: number;
  bytes: number;
}

/** Messages in their order, in slices. A message that is larger than `most` is a slice of its own. */
export function inSlices<Message extends WithValue>(messages: readonly Message[], most: Most): Message[][] {
  const slices: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const slice = slices.at(-1);
    const size = sizeOf(message);
    if (slice && slice.length < most.messages && bytes + size <= most.bytes) {
      slice.push(message);
      bytes += size;
    } else {
      slices.push([message]);
      bytes = size;
    }
  }
  return slices;
}

/**
 * The slices without the last one, unless it is the only one or at least half full: what is left out is for a larger
 * slice, with what comes behind it.
 */
export function withoutSmallRest<Message extends WithValue>(slices: Message[][], most: Most): Message[][] {
  const rest = slices.at(-1) ?? [];
  const bytes = rest.reduce((sum, message) => sum + sizeOf(message), 0);
  const isSmall = rest.length < most.messages / 2 && bytes < most.bytes / 2;
  return slices.length > 1 && isSmall ? slices.slice(0, -1) : slices;
}

function sizeOf({ value }: WithValue): number {
  return value?.length ?? 0;
}
