/** A message at its place in a topic. */
export interface PlacedMessage {
  partition: number;
  offset: string;
  /** Milliseconds since 1970. */
  timestamp: string;
  value: Buffer | null;
  key: Buffer | null;
  headers: Record<string, Buffer | string | (Buffer | string)[] | undefined>;
  /** As they came. Without it those of one name stand together, and each has a value. */
  headerList?: HeaderList;
}

export type HeaderList = readonly (readonly [name: Buffer | string, value: Buffer | string | null])[];

export function headerListOf({ headers, headerList }: PlacedMessage): HeaderList {
  return (
    headerList ??
    Object.entries(headers).flatMap(([name, values]) =>
      [values].flat().map((value) => [name, value ?? ''] as const),
    )
  );
}

/**
 * What happens to the services from outside: first the dictionary changes, then the messages arrive, in the order in
 * which they stand here as far as that matters; then everything comes to rest before the next step.
 */
export interface Step {
  /** Key to the text of its new value; null takes the key away. */
  dictionary: Record<string, string | null>;
  messages: PlacedMessage[];
}

/**
 * When an entry that has no time was first seen, by its primary key: the one thing that messages and dictionary don't
 * say. Asked for entries that are not the first of their key.
 */
export type FirstSeen = (entryPk: string) => string;
