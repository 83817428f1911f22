/**
 * Messages in their order, in slices of at most so many and at most so many bytes of values together. A larger message
 * is a slice of its own.
 */
export function inSlices<Message extends { value: Buffer | null }>(
  messages: readonly Message[],
  mostMessages: number,
  mostBytes: number,
): Message[][] {
  const slices: Message[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const slice = slices.at(-1);
    const size = message.value?.length ?? 0;
    if (slice && slice.length < mostMessages && bytes + size <= mostBytes) {
      slice.push(message);
      bytes += size;
    } else {
      slices.push([message]);
      bytes = size;
    }
  }
  return slices;
}
