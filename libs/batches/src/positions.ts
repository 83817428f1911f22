import { Logger } from '@nestjs/common';
import { failpoint } from '@app/failpoints/failpoint';
import type { GroupOffset } from '@app/kafka/group-offsets';
import { checkSchema } from '@app/warehouse/schema-version';
import { OtherDatabase, SerializationFailure } from '@app/warehouse/sqlstate';
import { together } from '@app/warehouse/together';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { weakSettings } from '@app/warehouse/weak-settings';

/** Where a message is in Kafka. */
export interface Place {
  topic: string;
  partition: number;
  offset: string;
}

/** The tables hold less of a partition than the group has committed: reading has to go back. */
export interface Rewind {
  partition: number;
  /** Up to where the partition was stored once. */
  from: string;
  /** Up to where it is stored in this database. */
  to: string;
}

/** The database does not hold what this process has stored in it. */
export class PositionLost extends SerializationFailure {
  constructor({ topic, partition }: Place) {
    super(`the position of ${topic}/${partition} in pipeline.positions is not the one that was stored`);
  }
}

/** Begins the metadata of the offsets that services commit; those of an operator, or of an older release, have none. */
const MARK = 'order-vault stored=';

/** Whether a service of this software committed the offset. */
export function isMarked(metadata: string | null | undefined): metadata is string {
  return metadata?.startsWith(MARK) ?? false;
}

/**
 * Up to where the partitions of a topic are stored in the database, kept in the transaction of each batch. The database
 * forgets that with what it loses, so the comparison with the offsets of the consumer group shows what has to be read
 * again.
 */
export class Positions {
  private readonly logger = new Logger(Positions.name);
  /** What this process knows to be stored, by topic and partition. */
  private readonly known = new Map<string, bigint>();
  /** With which generation of the database the batch in hand of a partition began. */
  private readonly begun = new Map<string, number>();
  private whenDoubtful: () => void = () => undefined;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly group: string,
  ) {}

  /** @param compare called when what is stored has to be compared again, since the database may have lost some of it */
  onDoubt(compare: () => void): void {
    this.whenDoubtful = compare;
    this.warehouse.onOtherDatabase(compare);
  }

  /**
   * To be called before a batch is worked on: what it then finds remembered has to be true of the database that it is
   * stored in.
   */
  begin(place: Place): void {
    this.begun.set(keyOf(place), this.warehouse.generation);
  }

  /**
   * Runs the work of a batch in one transaction, which moves the position of its partition too.
   * @param batch messages of one partition, in their order
   * @throws PositionLost when the database has lost some of the partition, or reading went back since {@link begin};
   *   OtherDatabase when it changed since then; else as {@link Warehouse.transaction}
   */
  async transaction<T>(batch: readonly Place[], work: (client: Client) => Promise<T>): Promise<T> {
    const [first] = batch;
    let stored = 0n;
    const result = await this.warehouse.transaction(async (client) => {
      const begun = this.begun.get(keyOf(first!));
      if (begun === undefined) {
        throw new PositionLost(first!);
      }
      if (this.warehouse.generation !== begun) {
        throw new OtherDatabase();
      }
      const [moved, done] = await together(
        this.move(client, first!, BigInt(batch.at(-1)!.offset) + 1n),
        work(client),
      );
      stored = moved;
      FAILPOINTS && failpoint('before_commit');
      return done;
    });
    FAILPOINTS && failpoint('after_commit');
    this.known.set(keyOf(first!), stored);
    return result;
  }

  /** An offset to commit, with the position as metadata. */
  mark(place: Place): { partition: number; offset: string; metadata: string } {
    const { partition, offset } = place;
    return { partition, offset, metadata: `${MARK}${this.known.get(keyOf(place)) ?? 0n}` };
  }

  /**
   * Compares the positions of partitions with what the group has committed. A commit that a service did not make is the
   * word of an operator, and what it says becomes the position. Settings too weak for what is promised are logged.
   * @param isOurs whether this process has read the partitions up to now
   */
  async compare(
    topic: string,
    committed: readonly Omit<GroupOffset, 'low'>[],
    isOurs: boolean,
  ): Promise<Rewind[]> {
    // Batches that have begun are stored meanwhile. What was known before the tables are read has to be in them.
    const before = new Map(this.known);
    const compared = await this.warehouse.transaction(async (client) => {
      await checkSchema(client);
      for (const weakness of await weakSettings(client)) {
        this.logger.warn(weakness);
      }
      const stored = await this.read(client, topic);
      const rewinds: Rewind[] = [];
      const written = new Map<number, bigint>();
      for (const { partition, offset, metadata } of committed) {
        const key = keyOf({ topic, partition });
        const known = isOurs ? before.get(key) : undefined;
        const marked = isMarked(metadata) ? BigInt(metadata.slice(MARK.length)) : undefined;
        const expected = marked === undefined ? known : max(marked, known ?? 0n);
        const position = stored.get(partition);
        if (expected === undefined) {
          written.set(partition, max(BigInt(offset), 0n));
        } else if (position === undefined) {
          written.set(partition, 0n);
          rewinds.push({ partition, from: String(expected), to: '0' });
        } else if (position < expected) {
          rewinds.push({ partition, from: String(expected), to: String(position) });
        } else if (this.known.get(key) === before.get(key)) {
          this.known.set(key, position);
        }
      }
      await this.write(client, topic, written);
      return { rewinds, written };
    });
    const behind = new Set(compared.rewinds.map(({ partition }) => partition));
    for (const [partition, next] of compared.written) {
      if (!behind.has(partition)) {
        this.known.set(keyOf({ topic, partition }), next);
      }
    }
    return compared.rewinds;
  }

  /**
   * Reading goes back: from now on so much is known to be stored, and a batch that began before is not stored any more.
   */
  goBack(topic: string, partition: number, to: string): void {
    this.known.set(keyOf({ topic, partition }), BigInt(to));
    this.begun.delete(keyOf({ topic, partition }));
  }

  /** The position never goes back: a replica that froze and wakes up stores what is stored already. */
  private async move(client: Client, place: Place, next: bigint): Promise<bigint> {
    const { rows } = await client.query<{ next_offset: string }>({
      name: 'move_position',
      text: /* sql */ `
        UPDATE pipeline.positions SET next_offset = greatest(next_offset, $4), stored_at = now()
        WHERE consumer_group = $1 AND topic = $2 AND partition = $3 AND next_offset >= $5
        RETURNING next_offset`,
      values: [this.group, place.topic, place.partition, next, this.known.get(keyOf(place)) ?? 0n],
    });
    if (!rows[0]) {
      this.whenDoubtful();
      throw new PositionLost(place);
    }
    return BigInt(rows[0].next_offset);
  }

  private async read(client: Client, topic: string): Promise<Map<number, bigint>> {
    const { rows } = await client.query<{ partition: number; next_offset: string }>({
      name: 'read_positions',
      text: 'SELECT partition, next_offset FROM pipeline.positions WHERE consumer_group = $1 AND topic = $2',
      values: [this.group, topic],
    });
    return new Map(rows.map((row) => [row.partition, BigInt(row.next_offset)]));
  }

  private async write(client: Client, topic: string, positions: Map<number, bigint>): Promise<void> {
    await client.query({
      name: 'write_positions',
      text: /* sql */ `
        INSERT INTO pipeline.positions AS known (consumer_group, topic, partition, next_offset)
        SELECT $1, $2, partition, next_offset FROM unnest($3::integer[], $4::bigint[]) AS given (partition, next_offset) ORDER BY partition
        ON CONFLICT (consumer_group, topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset
        WHERE known.next_offset <> EXCLUDED.next_offset`,
      values: [this.group, topic, [...positions.keys()], [...positions.values()]],
    });
  }
}

function keyOf({ topic, partition }: Omit<Place, 'offset'>): string {
  return `${topic} ${partition}`;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
