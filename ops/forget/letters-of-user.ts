import type { RecordReader } from '@app/kafka/record-reader';
import { eachDeadLetter } from '@app/operations/each-dead-letter';
import { placeText, type Place } from '@app/operations/message-place';

/** So many are listed one by one. */
const LISTED = 100;

export interface LettersOfUser {
  found: number;
  /** The first of them. */
  places: Place[];
  /** The last offset of each partition. */
  last: Map<string, Place>;
}

/** The dead letters whose value holds the id of the user, as a text of JSON. */
export async function lettersOfUser(
  reader: RecordReader,
  topics: string[],
  userId: string,
): Promise<LettersOfUser> {
  const letters: LettersOfUser = { found: 0, places: [], last: new Map() };
  const id = JSON.stringify(userId);
  await eachDeadLetter(reader, topics, async (slice) => {
    for (const { place, original } of slice) {
      if (original.value?.includes(id)) {
        letters.found += 1;
        if (letters.found <= LISTED) {
          letters.places.push(place);
        }
        letters.last.set(`${place.topic}:${place.partition}`, place);
      }
    }
  });
  return letters;
}

/** Where they are, and how an administrator of Kafka takes them away. */
export function lettersText({ found, places, last }: LettersOfUser): string {
  if (found === 0) {
    return 'Dead letters that hold the id: none';
  }
  const partitions = Array.from(last.values(), ({ topic, partition, offset }) => ({
    topic,
    partition,
    offset: Number(offset) + 1,
  }));
  return [
    `Dead letters that hold the id: ${found}. They stay until they are deleted:`,
    ...places.map((place) => `  ${placeText(place)}`),
    ...(found > places.length ? [`  and ${found - places.length} more`] : []),
    'Kafka deletes from the beginning of a partition only, so that other dead letters before them go as well: show or replay',
    'those first. Then: kafka-delete-records.sh --bootstrap-server HOST:PORT --offset-json-file FILE, with this file:',
    JSON.stringify({ partitions, version: 1 }),
  ].join('\n');
}
