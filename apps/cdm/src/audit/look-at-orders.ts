import { digestOf } from './digest';
import { type Entries, type Entry, entriesOf } from './entries';
import { ledgerRow, readVersion, sharedRows, vaultRows, type ReadVersion, type Rows } from './expected-rows';
import type { Layers } from './layers';
import { stagedOrders, type StagedVersion } from './staged-orders';
import { readFacts, superfluousUserNames, type Facts } from './superfluous-names';
import { orderHub, orderTables, sharedTables } from './vault-columns';
import { wrongRows, type Look, type Row, type RowColumns, type WrongRow } from './wrong-rows';

/**
 * Orders of a range of ids, from their messages: the rows of vault and ledger that they stand for. Marts are read
 * first and staging last, so what a layer has, those that are read after it have.
 */
export async function lookAtOrders(
  layers: Layers,
  entries: Entries,
  after: string,
  upto: string,
): Promise<Look> {
  const ledger = await ledgerRows(layers, after, upto);
  const vault = await vaultOrders(layers, after, upto);
  const staged = await stagedOrders(layers, after, upto);
  const known = await entries.of(layers, [...staged.values()].flat());
  const wrong: WrongRow[] = [];
  const shared = new SharedRows();
  const ids = new Set([...staged.keys(), ...vault.keys(), ...ledger.keys()]);
  for (const id of ids) {
    const order = new OrderLook(id, staged.get(id) ?? [], vault.get(id), ledger.get(id), known);
    wrong.push(...order.wrong());
    shared.add(id, order.versionsInVault);
  }
  wrong.push(...(await shared.wrong(layers)));
  return { checked: ids.size, wrong };
}

/** Of the ledger, the object id first. */
const ledgerColumns: RowColumns = {
  table: 'cdm.order_versions',
  key: ['object_id'],
  others: [
    'order_id',
    'order_version',
    'user_id',
    'restaurant_id',
    'status',
    'order_dt',
    'cost',
    'payment',
    'product_ids',
    'category_ids',
    'quantities',
    'amounts',
  ],
};

const VERSION = 1 + ledgerColumns.others.indexOf('order_version');
const [QUANTITIES, AMOUNTS] = ['quantities', 'amounts'].map(
  (name) => 1 + ledgerColumns.others.indexOf(name),
) as [number, number];

async function ledgerRows(layers: Layers, after: string, upto: string): Promise<Map<string, string[]>> {
  const rows = await layers.rows<{ said: string }>(
    'cdm',
    /* sql */ `
    SELECT json_build_array(object_id::text, order_id, order_version, user_id, restaurant_id, status, order_dt::text,
      trim_scale(cost)::text, trim_scale(payment)::text, array_to_string(product_ids, ','), array_to_string(category_ids, ','),
      array_to_string(quantities, ','), array_to_string(amounts, ',')) AS said
    FROM cdm.order_versions WHERE object_id > $1 AND object_id <= $2`,
    [after, upto],
  );
  const parsed = rows.map(({ said }) => JSON.parse(said) as string[]);
  return new Map(
    parsed.map((row) => [row[0]!, row.with(AMOUNTS, row[AMOUNTS]!.split(',').map(withoutZeros).join())]),
  );
}

/** Rows by table. */
type VaultOrder = Record<string, Row[] | null>;

async function vaultOrders(layers: Layers, after: string, upto: string): Promise<Map<string, VaultOrder>> {
  const rows = await layers.rows<{ order_id: string; said: string }>(
    'dds',
    'SELECT order_id, said FROM pipeline.audit_vault($1, $2)',
    [after, upto],
  );
  return new Map(rows.map(({ order_id, said }) => [order_id, JSON.parse(said) as VaultOrder]));
}

/** One order in the three layers. */
class OrderLook {
  /** Of those in staging. */
  readonly versionsInVault: ReadVersion[] = [];
  /** Versions of which nothing more can be said than what is wrong with them in staging. */
  private readonly unreadable = new Set<string>();
  private readonly readable = new Map<string, ReadVersion>();
  private readonly inStaging: WrongRow[] = [];
  private readonly vaulted: Set<string>;

  constructor(
    private readonly id: string,
    private readonly staged: StagedVersion[],
    private readonly vault: VaultOrder | undefined,
    private readonly ledger: string[] | undefined,
    entries: ReadonlyMap<string, Entry>,
  ) {
    const versioned = ['dds.s_order_cost', 'dds.s_order_details', 'dds.s_order_product'];
    this.vaulted = new Set(
      versioned.flatMap((table) => (vault?.[table] ?? []).map(([, version]) => version!)),
    );
    this.readAll(entries);
  }

  wrong(): WrongRow[] {
    const wrong = [...this.inStaging];
    this.staged.forEach((version) => wrong.push(...this.stagedTwiceOrFalse(version)));
    const missing = [...this.readable.values()].filter(
      ({ version, isWaiting }) => !isWaiting && !this.vaulted.has(version),
    );
    wrong.push(...missing.map(({ version }) => this.notInVault(version)));
    if (this.unreadable.size === 0) {
      wrong.push(...this.wrongInVault());
    }
    return [...wrong, ...this.wrongInLedger()];
  }

  private readAll(entries: ReadonlyMap<string, Entry>): void {
    for (const staged of this.staged) {
      const { version } = staged;
      for (const pk of new Set(entriesOf(staged))) {
        const entry = entries.get(pk);
        if (entry && !entry.isForgotten && entry.digest !== pk) {
          this.inStaging.push(
            this.ofStaging('stg.dictionary_entries', { entry_pk: pk }, 'entry', pk, entry.digest),
          );
        }
      }
      const read = staged.userEntry === null ? undefined : readVersion(staged, entries);
      if (read && 'user' in read) {
        this.readable.set(version, read);
        if (this.vaulted.has(version)) {
          this.versionsInVault.push(read);
        }
        continue;
      }
      if (!read && !this.vaulted.has(version)) {
        if (!staged.isWaiting) {
          this.inStaging.push(this.notParked(version));
        }
        continue;
      }
      this.unreadable.add(version);
      if (!read) {
        const table = staged.isNewest ? 'stg.order_events' : 'stg.superseded_order_events';
        const key = { object_id: this.id, order_version: version };
        this.inStaging.push(this.ofStaging(table, key, 'user_entry_pk', 'an entry', null));
      } else if ('missingEntry' in read) {
        const key = { entry_pk: read.missingEntry };
        this.inStaging.push({ ...this.ofStaging('stg.dictionary_entries', key), expected: {}, found: null });
      } else {
        const key = { entry_pk: read.entry };
        this.inStaging.push(
          this.ofStaging('stg.dictionary_entries', key, 'entry', read.missingProduct, null),
        );
      }
    }
  }

  /** It was never enriched, and nothing tries to. */
  private notParked(version: string): WrongRow {
    return {
      table: 'stg.pending_orders',
      key: { object_id: this.id, order_version: version },
      place: this.id,
      against: 'the versions in staging',
      expected: {},
      found: null,
      waits: true,
    };
  }

  private ofStaging(
    table: string,
    key: Record<string, string>,
    column = '',
    expected: string | null = null,
    found: string | null = null,
  ): WrongRow {
    const values = { expected: { [column]: expected }, found: { [column]: found } };
    return { table, key, place: this.id, against: 'the messages that used it', ...values };
  }

  /** The text of a version begins with the times of its message; the newest version alone is in `order_events`. */
  private stagedTwiceOrFalse({ version, isNewest, said }: StagedVersion): WrongRow[] {
    const table = isNewest ? 'stg.order_events' : 'stg.superseded_order_events';
    const key = { object_id: this.id, order_version: version };
    const wrong = wrongRows({
      columns: { table, key: ['object_id', 'order_version'], others: ['update_ts', 'sent_dttm'] },
      place: this.id,
      against: 'the text of the version',
      expected: [[this.id, version, ...version.split('|').slice(0, 2).map(withoutZeros)]],
      found: [[this.id, version, said.valid_from, said.sent_at]],
    });
    const newest = this.staged.at(-1)!.version;
    if (isNewest !== (version === newest)) {
      wrong.push({ table, key, place: this.id, against: 'the newest version', expected: null, found: {} });
    }
    return wrong;
  }

  private notInVault(version: string): WrongRow {
    return {
      table: 'dds.s_order_details',
      key: { h_order_pk: digestOf('h_order', this.id), order_version: version },
      place: this.id,
      against: 'staging',
      expected: {},
      found: null,
      waits: true,
    };
  }

  private wrongInVault(): WrongRow[] {
    const expected = vaultRows(this.id, this.versionsInVault);
    const made = this.vault?.['dds.h_order']?.[0]?.[2] ?? null;
    if (this.versionsInVault.length > 0) {
      // That of the version that was loaded first, which is not known any more.
      const times = this.versionsInVault.map(({ said }) => said.made_at);
      expected.set('dds.h_order', [
        [digestOf('h_order', this.id), this.id, times.find((time) => time === made) ?? times[0]!],
      ]);
    }
    return [orderHub, ...orderTables].flatMap((columns) =>
      wrongRows({
        columns,
        against: 'staging',
        place: this.id,
        expected: expected.get(columns.table) ?? [],
        found: this.vault?.[columns.table] ?? [],
      }),
    );
  }

  private wrongInLedger(): WrongRow[] {
    const { ledger, id } = this;
    const of = { columns: ledgerColumns, against: 'staging', place: id };
    const counted = ledger?.[VERSION];
    const newest = this.versionsInVault.at(-1);
    const behind =
      newest && (counted === undefined || counted < newest.version)
        ? wrongRows({ ...of, expected: [ledgerRow(newest)], found: ledger ? [ledger] : [] })
        : [];
    const waiting = behind.map((row) => ({ ...row, waits: true }));
    if (!ledger || this.unreadable.has(counted!)) {
      return waiting;
    }
    const read = this.readable.get(counted!);
    if (!read) {
      const last = [...this.readable.values()].at(-1);
      return wrongRows({ ...of, expected: last ? [ledgerRow(last)] : [], found: [ledger] });
    }
    // Of an order that an older release wrote nothing is known of quantities.
    const row =
      ledger[QUANTITIES] === '' ? ledgerRow(read).with(QUANTITIES, '').with(AMOUNTS, '') : ledgerRow(read);
    const wrong = wrongRows({ ...of, expected: [row], found: [ledger] });
    return wrong.length > 0 ? wrong : waiting;
  }
}

/** A time or an amount, with decimals only where it needs them. */
function withoutZeros(time: string): string {
  const [whole = '', fraction = ''] = time.split('.');
  const digits = fraction.replace(/0+$/, '');
  return digits === '' ? whole : `${whole}.${digits}`;
}

/** What many orders share may come from others too, so only what is missing or differs is wrong. */
class SharedRows {
  private readonly rows: Rows = new Map();
  /** The order that first asks for a row. */
  private readonly places = new Map<string, string>();

  add(orderId: string, versions: ReadVersion[]): void {
    const own: Rows = new Map();
    versions.forEach((version) => sharedRows(version, own));
    for (const { table, key } of sharedTables) {
      const all = this.rows.get(table) ?? [];
      for (const row of own.get(table) ?? []) {
        const place = `${table} ${row.slice(0, key.length).join(' ')}`;
        if (!this.places.has(place)) {
          this.places.set(place, orderId);
          all.push(row);
        }
      }
      this.rows.set(table, all);
    }
  }

  async wrong(layers: Layers): Promise<WrongRow[]> {
    if (this.places.size === 0) {
      return [];
    }
    const keys = (table: string) => this.rows.get(table)!.map(([key]) => key!);
    const found = await readFacts(layers, {
      users: keys('dds.h_user'),
      restaurants: keys('dds.h_restaurant'),
      products: keys('dds.h_product'),
    });
    const wrong = sharedTables.flatMap((columns) => {
      const { table, key } = columns;
      const [expected, there] = [this.rows.get(table)!, found.get(table) ?? []];
      const compared = { columns, against: 'staging', place: '', expected, found: there, hasOthers: true };
      return wrongRows(compared).map((row) => ({
        ...row,
        place: this.places.get(`${table} ${key.map((name) => row.key[name]).join(' ')}`)!,
        // A user who is forgotten is so in staging first.
        waits: table === 'dds.s_user_names',
      }));
    });
    return [...wrong, ...(await this.superfluousNames(layers, found))];
  }

  /** Of users of these orders: other orders may have been made under another name. */
  private async superfluousNames(layers: Layers, found: Facts): Promise<WrongRow[]> {
    const others = (found.get('dds.s_user_names') ?? []).filter(
      (row) => !this.places.has(`dds.s_user_names ${row.slice(0, 3).join(' ')}`),
    );
    const wrong =
      others.length > 0 ? await superfluousUserNames(layers, found.get('dds.h_user')!, others) : [];
    return wrong.map((row) => ({ ...row, place: this.places.get(`dds.h_user ${row.place}`)! }));
  }
}
