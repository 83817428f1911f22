import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import type { Layer } from '../servers/databases';
import { lend, type Lender } from '../servers/lend';
import type { Warehouses } from '../servers/with-warehouse';
import type { Check } from './check';
import { digestChecks } from './digest-checks';
import { martChecks } from './mart-checks';
import { stagingChecks } from './staging-checks';
import { tagChecks } from './tag-checks';
import { readTotals, type LayerTotal } from './totals';
import { vaultChecks } from './vault-checks';

export interface ReconcileOptions {
  /** So long a version may take from one layer to the next. */
  graceSeconds: number;
  /** Rows that are shown of each difference. */
  shown: number;
}

/** A row that differs: values as texts; null where there is no row. */
export interface DifferingRow {
  key: Record<string, string | null>;
  expected: Record<string, string | null> | null;
  found: Record<string, string | null> | null;
}

/** In what a table differs from another place of the warehouse. */
export interface Difference {
  table: string;
  against: string;
  /** How many rows differ, and how many more are only on their way from the layer before. */
  rows: number;
  onTheirWay: number;
  first: DifferingRow[];
}

export interface Report {
  totals: LayerTotal[];
  /** Also those of which all rows are on their way. */
  differences: Difference[];
  /** Whether tags were left out, since rules are being evaluated. */
  areTagsPending: boolean;
}

/** A connection to the server of each layer: the same one for all that share a server. */
export type Clients = Readonly<Record<Layer, Client>>;

/** So long the second look at a difference waits, in milliseconds. */
const SECOND_LOOK_MS = 3_000;

/**
 * Compares all layers, each look in one snapshot of each server, and changes nothing. Where something differs it looks
 * once more a moment later: a parked order that was just released looks as old as when it was parked.
 */
export async function reconcile(warehouses: Warehouses, options: ReconcileOptions): Promise<Report> {
  const report = await look(warehouses, options);
  if (!doesDiffer(report)) {
    return report;
  }
  await pause(SECOND_LOOK_MS);
  return look(warehouses, options);
}

export function doesDiffer({ differences }: Report): boolean {
  return differences.some(({ rows }) => rows > 0);
}

async function look(warehouses: Warehouses, options: ReconcileOptions): Promise<Report> {
  return inSnapshot(warehouses, async (clients) => {
    const { graceSeconds } = options;
    const ofTags = await tagChecks(clients.cdm);
    const checks = [
      ...stagingChecks(),
      ...vaultChecks(graceSeconds),
      ...digestChecks(),
      ...martChecks(graceSeconds),
      ...ofTags,
    ];
    return {
      totals: await readTotals(clients),
      differences: await findDifferences(clients, checks, options.shown),
      areTagsPending: ofTags.length === 0,
    };
  });
}

/**
 * What statements read of a server is of one moment. Of several servers that of the marts comes first: whatever they
 * hold is in the vault and in staging by the moments of those.
 */
export async function inSnapshot<T>(
  { stg, dds, cdm }: Warehouses,
  work: (clients: Clients) => Promise<T>,
): Promise<T> {
  const servers = [...new Set([cdm, dds, stg])];
  const settings = { work_mem: '64MB', idle_in_transaction_session_timeout: '0' };
  const clients = new Map<Warehouse, Client>();
  const open = ([server, ...others]: Warehouse[]): Promise<T> => {
    if (!server) {
      return work({ stg: clients.get(stg)!, dds: clients.get(dds)!, cdm: clients.get(cdm)! });
    }
    const next = (client: Client) => {
      clients.set(server, client);
      return open(others);
    };
    return servers.length === 1
      ? server.snapshot(next, { settings })
      : server.snapshotForTemporaryTables(next, { settings });
  };
  return open(servers);
}

/** Counts and sorts in the databases: of each check only the first rows come here. */
export async function findDifferences(
  clients: Clients,
  checks: Check[],
  shown: number,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { table, against, lent, query } of checks) {
    const client = clients[table.split('.', 1)[0] as Layer];
    const relation = lent
      ? await lend(client, otherThan(client, clients[lent.by]), 'lent_rows', lent.query)
      : '';
    const { rows } = await client.query<{ rows: number; waiting: number; first: string }>(
      /* sql */ `
      WITH differing AS MATERIALIZED (${query(relation)}), first AS (
        SELECT key, expected, found FROM differing WHERE NOT waits ORDER BY key::text LIMIT $1
      )
      SELECT count(*) FILTER (WHERE NOT waits)::integer AS rows, count(*) FILTER (WHERE waits)::integer AS waiting,
        (SELECT coalesce(json_agg(first ORDER BY key::text), '[]')::text FROM first) AS first
      FROM differing`,
      [shown],
    );
    const { rows: differing, waiting, first } = rows[0]!;
    if (differing + waiting > 0) {
      differences.push({
        table,
        against,
        rows: differing,
        onTheirWay: waiting,
        first: JSON.parse(first) as DifferingRow[],
      });
    }
  }
  return differences;
}

function otherThan(client: Client, lender: Client): Lender | undefined {
  return lender === client ? undefined : (work) => work(lender);
}
