import { setImmediate as turn } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import pLimit from 'p-limit';
import { reasonOf } from '@app/servers/reason-of';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { columnFilter } from './column-filter';
import { SALES } from './denominators';
import { epochMicros } from './epoch-micros';
import { moneyUnits } from '../ledger/money-units';
import { OrderColumns, type CopiedOrder, type Counts, type Grain, type OrderWorth } from './order-columns';
import type { FilterQuery } from './dashboard.contract';

/** So many orders are copied, the newest: about 140 MB. Older ones are counted by SQL. */
const MOST_ORDERS = 1_500_000;
/** Where more have changed since the last question, reading all again in steps is better than these at once. */
const MOST_CHANGES = 20_000;
/** Rows that are read at a time: their reading holds up nothing else for long. */
const STEP_ROWS = 1_000;
/** A copy that nobody has asked for so long is given up; one that failed is not made again sooner. Milliseconds. */
const IDLE_MS = 600_000;
const AGAIN_MS = 10_000;
/** A snapshot that is older than the copy has become is taken again, so many times. */
const MOST_TRIES = 3;

/** A copy as of one moment. */
interface Copy {
  columns: OrderColumns;
  /** Orders of this day and later are in it; undefined: all. */
  since: string | undefined;
  seen: Seen;
}

/** What a snapshot sees of transactions: what these numbers say rises with time, but for those that run. */
interface Seen {
  /** Those from this one on may be missing in it. */
  oldest: bigint;
  next: bigint;
  /** How many between the two had not ended. */
  running: number;
}

interface LedgerRow {
  object_id: string;
  user_id: string;
  restaurant_id: string;
  time: string;
  status: string;
  products: string;
  categories: string;
  payment: string;
  quantities: string;
  amounts: string;
}

/**
 * The CLOSED orders of the ledger in the memory of this process, for questions that no mart answers: PostgreSQL takes
 * seconds to count the distinct users of a million orders, the copy some tens of milliseconds. It is made when somebody
 * first looks at figures, and brought up to date before each answer by the rows that later transactions wrote. Its
 * orders are compared with the mart of days in the same snapshot: where they differ, as after a rebuild of the marts,
 * the copy is made again.
 */
@Injectable()
export class LedgerCopy implements OnModuleDestroy {
  private readonly logger = new Logger('ledger copy');
  private copy?: Copy;
  private making?: Promise<void>;
  private madeAt = -Infinity;
  private askedAt = 0;
  private stopping = false;
  /** Counting and changing the copy exclude each other. */
  private readonly oneAtATime = pLimit(1);

  constructor(@Inject(API_WAREHOUSE) private readonly warehouse: Warehouse) {
    warehouse.onOtherDatabase(() => (this.copy = undefined));
  }

  /** Somebody looks at figures, and may soon ask with a filter. */
  prepare(): void {
    this.askedAt = performance.now();
    if (!this.copy) {
      this.make();
    }
  }

  /** @returns undefined where the copy is not there yet, or lacks orders that the filter asks for */
  async count(
    client: Client,
    query: FilterQuery,
    by: 'orders' | 'users',
    grains: Grain[],
  ): Promise<Counts | undefined> {
    this.prepare();
    return this.oneAtATime(async () => {
      const since = this.copy?.since;
      if (since !== undefined && (query.from === undefined || query.from < since)) {
        return undefined;
      }
      const copy = await this.current(client);
      return copy?.columns.count(columnFilter(query), by, grains, turn);
    });
  }

  /**
   * One moment of the warehouse, with all CLOSED orders of then where the copy has them. What the work asks of the
   * columns it asks before it returns. The connection comes first: those who wait for the copy hold theirs.
   */
  async snapshot<T>(work: (client: Client, columns?: OrderColumns) => Promise<T>): Promise<T> {
    this.prepare();
    for (let tries = 0; this.copy && this.copy.since === undefined && tries < MOST_TRIES; tries += 1) {
      const answer = await this.warehouse.snapshot((client) =>
        this.oneAtATime(() => this.withAll(client, work)),
      );
      if (answer) {
        return answer.of;
      }
    }
    return this.warehouse.snapshot((client) => work(client));
  }

  /** @returns undefined where the copy lacks orders, or has later ones */
  private async withAll<T>(
    client: Client,
    work: (client: Client, columns: OrderColumns) => Promise<T>,
  ): Promise<{ of: T } | undefined> {
    const copy = await this.current(client);
    return copy && copy.since === undefined ? { of: await work(client, copy.columns) } : undefined;
  }

  /** The copy as the client sees the ledger; undefined where there is none. To be called while nobody else uses it. */
  private async current(client: Client): Promise<Copy | undefined> {
    const { copy } = this;
    const changes = copy && (await readChanges(client, copy));
    if (!changes || isBefore(changes.seen, copy.seen)) {
      return undefined;
    }
    const reason = bringUpToDate(copy, changes);
    if (reason !== undefined) {
      this.logger.log(`the copy is made again: ${reason}`);
      this.copy = undefined;
      this.make();
    }
    return this.copy;
  }

  @Interval(60_000)
  giveUpIdle(): void {
    if (performance.now() - this.askedAt > IDLE_MS) {
      this.copy = undefined;
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.making;
  }

  private make(): void {
    if (this.making || this.stopping || performance.now() - this.madeAt < AGAIN_MS) {
      return;
    }
    this.making = this.tryToMake().finally(() => {
      this.madeAt = performance.now();
      this.making = undefined;
    });
  }

  private async tryToMake(): Promise<void> {
    try {
      // Nobody waits for it; the first rows may take a while to be sorted.
      this.copy = await this.warehouse.snapshot((client) => this.read(client), { statementMs: 60_000 });
    } catch (error) {
      this.logger.warn(`no copy of the ledger: ${reasonOf(error)}`);
    }
  }

  private async read(client: Client): Promise<Copy> {
    const begun = performance.now();
    const seen = await readSeen(client);
    const since = await firstDay(client);
    await client.query(
      /* sql */ `
      DECLARE ledger NO SCROLL CURSOR FOR
      SELECT ${ledgerColumns} FROM cdm.order_versions
      WHERE status = 'CLOSED' AND ($1::timestamp IS NULL OR order_dt >= $1) ORDER BY user_id`,
      [since],
    );
    const columns = new OrderColumns();
    for (let rows = await fetchRows(client); rows.length > 0; rows = await fetchRows(client)) {
      if (this.stopping) {
        throw new Error('the service stops');
      }
      rows.forEach((row) => columns.add(orderOf(row)));
      await turn();
    }
    this.logger.log(`${columns.size} orders are copied, in ${Math.round(performance.now() - begun)} ms`);
    return { columns, since, seen };
  }
}

/** @returns why that cannot be done, if so */
function bringUpToDate(copy: Copy, { changes, closed, seen }: Changes): string | undefined {
  const { columns, since } = copy;
  if (changes.length === MOST_CHANGES) {
    return 'it is far behind';
  }
  for (const row of changes) {
    columns.remove(row.user_id, BigInt(row.object_id));
    if (row.status === 'CLOSED' && (since === undefined || orderOf(row).time >= epochMicros(since))) {
      columns.add(orderOf(row));
    }
  }
  copy.seen = seen;
  if (columns.size !== closed) {
    return 'the ledger was changed otherwise than by orders';
  }
  const isLarge = columns.size > 1.2 * MOST_ORDERS || columns.room > 1.5 * Math.max(columns.size, 100_000);
  return isLarge ? 'it takes too much room' : undefined;
}

function isBefore(one: Seen, other: Seen): boolean {
  const isAsFar = one.oldest === other.oldest && one.next === other.next;
  return one.oldest < other.oldest || one.next < other.next || (isAsFar && one.running > other.running);
}

const ledgerColumns = /* sql */ `
  object_id, user_id, restaurant_id, (extract(epoch FROM order_dt) * 1000000)::bigint AS time, status,
  array_to_string(product_ids, ',') AS products, array_to_string(category_ids, ',') AS categories,
  payment, array_to_string(quantities, ',') AS quantities, array_to_string(amounts, ',') AS amounts`;

function orderOf(row: LedgerRow): CopiedOrder {
  const productIds = listOf(row.products);
  return {
    orderId: BigInt(row.object_id),
    userId: row.user_id,
    restaurantId: row.restaurant_id,
    time: Number(row.time),
    productIds,
    categoryIds: listOf(row.categories),
    worth: worthOf(row, productIds.length),
  };
}

/** Sums of as many as there may be stay exact in 64 bits. */
const MOST_UNITS = 2n ** 40n;
const MOST_QUANTITY = 2 ** 31;
const amount = /^-?\d+(\.\d{1,5})?$/;

/** @returns null where quantities are not known, or a number is beyond what is added up */
function worthOf({ payment, quantities, amounts }: LedgerRow, lines: number): OrderWorth | null {
  const money = [payment, ...listOf(amounts)];
  if (!money.every((one) => amount.test(one))) {
    return null;
  }
  const [paid, ...ofLines] = money.map(moneyUnits);
  const worth = { payment: paid!, quantities: listOf(quantities).map(Number), amounts: ofLines };
  const fits =
    worth.quantities.length === lines &&
    worth.quantities.every((one) => Number.isInteger(one) && Math.abs(one) < MOST_QUANTITY) &&
    [worth.payment, ...worth.amounts].every((units) => units < MOST_UNITS && units > -MOST_UNITS);
  return fits ? worth : null;
}

function listOf(text: string): string[] {
  return text === '' ? [] : text.split(',');
}

interface SeenRow {
  oldest: string;
  next: string;
  running: number;
}

/** What a snapshot does not see was written by its oldest transaction or a later one. */
const seenColumns = /* sql */ `
  pg_snapshot_xmin(snapshot)::text AS oldest, pg_snapshot_xmax(snapshot)::text AS next,
  (SELECT count(*)::integer FROM pg_snapshot_xip(snapshot)) AS running`;

async function readSeen(client: Client): Promise<Seen> {
  const { rows } = await client.query<SeenRow>(
    `SELECT ${seenColumns} FROM (SELECT pg_current_snapshot() AS snapshot) AS seen`,
  );
  return seenOf(rows[0]!);
}

function seenOf({ oldest, next, running }: SeenRow): Seen {
  return { oldest: BigInt(oldest), next: BigInt(next), running };
}

/** The first day from which on there are few enough orders; undefined: all are. */
async function firstDay(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ day: string | null }>(
    /* sql */ `
    SELECT min(day)::text AS day
    FROM (SELECT day, sum(sum(closed_order_cnt)) OVER (ORDER BY day DESC) AS orders FROM ${SALES} GROUP BY day) days
    WHERE orders <= $1 AND EXISTS (SELECT 1 FROM ${SALES} HAVING sum(closed_order_cnt) > $1)`,
    [MOST_ORDERS],
  );
  return rows[0]!.day ?? undefined;
}

interface Changes {
  changes: LedgerRow[];
  /** So many CLOSED orders there are, by the mart of days. */
  closed: number;
  seen: Seen;
}

/**
 * In one statement, so that all is of one moment. Without a change there is one row, with empty columns of the ledger.
 */
async function readChanges(client: Client, { seen, since }: Copy): Promise<Changes> {
  const { rows } = await client.query<LedgerRow & SeenRow & { closed: number }>(
    /* sql */ `
    SELECT changed.*, closed, ${seenColumns}
    FROM (SELECT pg_current_snapshot() AS snapshot) AS seen
    CROSS JOIN (
      SELECT coalesce(sum(closed_order_cnt), 0)::integer AS closed FROM ${SALES} WHERE $2::date IS NULL OR day >= $2
    ) AS sales
    LEFT JOIN (
      SELECT ${ledgerColumns} FROM cdm.order_versions
      WHERE change_id >= $1 AND change_id < (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
      LIMIT ${MOST_CHANGES}
    ) AS changed ON true`,
    [String(seen.oldest), since],
  );
  const { closed } = rows[0]!;
  return { changes: rows.filter((row) => row.object_id !== null), closed, seen: seenOf(rows[0]!) };
}

async function fetchRows(client: Client): Promise<LedgerRow[]> {
  return (await client.query<LedgerRow>(`FETCH ${STEP_ROWS} FROM ledger`)).rows;
}
