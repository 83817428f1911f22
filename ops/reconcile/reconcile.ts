import { setTimeout as pause } from 'node:timers/promises';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
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

/** So long the second look at a difference waits, in milliseconds. */
const SECOND_LOOK_MS = 3_000;

/**
 * Compares all layers, each look in one snapshot, and changes nothing. Where something differs it looks once more a
 * moment later: a parked order that was just released looks as old as when it was parked.
 */
export async function reconcile(warehouse: Warehouse, options: ReconcileOptions): Promise<Report> {
  const report = await look(warehouse, options);
  if (!doesDiffer(report)) {
    return report;
  }
  await pause(SECOND_LOOK_MS);
  return look(warehouse, options);
}

export function doesDiffer({ differences }: Report): boolean {
  return differences.some(({ rows }) => rows > 0);
}

async function look(warehouse: Warehouse, options: ReconcileOptions): Promise<Report> {
  return inSnapshot(warehouse, async (client) => {
    const { graceSeconds } = options;
    const ofTags = await tagChecks(client);
    const checks = [
      ...stagingChecks(),
      ...vaultChecks(graceSeconds),
      ...digestChecks(),
      ...martChecks(graceSeconds),
      ...ofTags,
    ];
    return {
      totals: await readTotals(client),
      differences: await findDifferences(client, checks, options.shown),
      areTagsPending: ofTags.length === 0,
    };
  });
}

/** What each statement reads is of one moment. */
export async function inSnapshot<T>(warehouse: Warehouse, work: (client: Client) => Promise<T>): Promise<T> {
  return warehouse.snapshot(work, { settings: { work_mem: '64MB' } });
}

/** Counts and sorts in the database: of each check only the first rows come here. */
export async function findDifferences(client: Client, checks: Check[], shown: number): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const { table, against, query } of checks) {
    const { rows } = await client.query<{ rows: number; waiting: number; first: string }>(
      /* sql */ `
      WITH differing AS MATERIALIZED (${query}), first AS (
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
