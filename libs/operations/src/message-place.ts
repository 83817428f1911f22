/** Where a message is. */
export interface Place {
  topic: string;
  partition: number;
  offset: string;
}

/** As people write it: TOPIC:PARTITION:OFFSET. */
export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}:${partition}:${offset}`;
}

/** @returns undefined where the text is no place */
export function placeOfText(text: string): Place | undefined {
  const [, topic, partition, offset] = /^([\w.-]+):(\d{1,9}):(\d{1,18})$/.exec(text) ?? [];
  return topic ? { topic, partition: Number(partition), offset: offset! } : undefined;
}
