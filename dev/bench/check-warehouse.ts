import type { Client } from 'pg';
import { printDifferences } from '../../ops/reconcile/print-report';
import { reconcile } from '../../ops/reconcile/reconcile';
import { withWarehouses } from '../../ops/servers/with-warehouse';
import type { StackEnvironment } from '../stack/stack';
import type { BenchStack } from './bench-stack';
import type { SentHistory } from './sent-history';

/** Differences that are shown of each kind. */
const SHOWN = 5;

/**
 * Compares the warehouse with all that was ever sent to it, and its layers with each other.
 * @throws saying what differs
 */
export async function checkWarehouse(
  { database, environment, pipeline }: BenchStack,
  sent: readonly SentHistory[],
): Promise<void> {
  const differences = [
    ...(await otherRowCounts(database, sent)),
    ...(await otherVersions(database, sent)),
    ...(await otherLayers(environment)),
  ];
  const deadLetters = await pipeline.deadLetters();
  if (deadLetters > 0) {
    differences.push(`${deadLetters} dead letters of orders without a fault`);
  }
  if (differences.length > 0) {
    throw new Error(
      `The warehouse is not as the orders demand, so no figure counts:\n  ${differences.join('\n  ')}`,
    );
  }
}

async function otherRowCounts(database: Client, sent: readonly SentHistory[]): Promise<string[]> {
  const sum = (of: (history: SentHistory) => number) =>
    sent.reduce((total, history) => total + of(history), 0);
  const [orders, versions] = [sum((one) => one.orders), sum(({ messages }) => messages)];
  const expected: Record<string, number> = {
    'stg.order_events': orders,
    'stg.superseded_order_events': versions - orders,
    'stg.pending_orders': 0,
    'stg.skipped_messages': 0,
    'dds.h_order': orders,
    'dds.l_order_user': orders,
    'dds.l_order_restaurant': orders,
    'dds.l_order_product': sum(({ dishes }) => dishes),
    'dds.s_order_status': sum(({ statuses }) => statuses),
    'dds.s_order_cost': versions,
    'dds.s_order_details': versions,
    'dds.s_order_product': sum(({ lines }) => lines),
    'cdm.order_versions': orders,
  };
  const differences = [];
  for (const [table, rows] of Object.entries(expected)) {
    const { rows: counted } = await database.query<{ rows: number }>(
      `SELECT count(*)::integer AS rows FROM ${table}`,
    );
    const found = counted[0]!.rows;
    if (found !== rows) {
      differences.push(`${table} has ${found} rows, not ${rows}`);
    }
  }
  return differences;
}

async function otherVersions(database: Client, sent: readonly SentHistory[]): Promise<string[]> {
  const newest = sent.flatMap((history) => [...history.newest]);
  const { rows } = await database.query<{ difference: string }>(
    /* sql */ `
    SELECT format('the newest version of order %s is %s, not %s', sent.object_id, coalesce(ledger.order_version, 'missing'),
      sent.order_version) AS difference
    FROM unnest($1::bigint[], $2::text[]) AS sent (object_id, order_version)
    LEFT JOIN cdm.order_versions ledger USING (object_id)
    WHERE ledger.order_version IS DISTINCT FROM sent.order_version
    LIMIT ${SHOWN}`,
    [newest.map(([id]) => id), newest.map(([, version]) => version)],
  );
  return rows.map(({ difference }) => difference);
}

async function otherLayers(environment: StackEnvironment): Promise<string[]> {
  const lines: string[] = [];
  const { differences } = await withWarehouses({ ...environment }, 'check', (warehouses) =>
    reconcile(warehouses, { graceSeconds: 0, shown: SHOWN }),
  );
  printDifferences(differences, (line) => lines.push(line));
  return lines;
}
