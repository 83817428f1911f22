import { hashKey } from '@app/data-vault/hash-key';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { launchServices, stopServices, untilReady, type ServiceName } from '../services/local-services';
import type { Dictionary } from '../orders/dictionary';
import { fillDictionary, fillTopic, weekOfOrders } from './bench-history';
import type { TagCost } from './bench-report';
import { onNewStack, type BenchStack } from './bench-stack';
import { checkWarehouse } from './check-warehouse';
import { EffortMeter } from './effort-meter';
import { untilAllIsRead } from './until-all-is-read';

const PAIRS = 3;

interface Rule {
  tag: string;
  match:
    { category: string } | { product_id: string } | { product_pattern: string } | { restaurant_id: string };
  min_orders: number;
  window_days?: number;
}

/**
 * What ten rules cost: the marts are filled from the same topic again and again by cdm alone, without rules and with
 * them in turn.
 * @throws when a guest holds another tag than SQL finds
 */
export function measureTags(orders: number, logs: string): Promise<TagCost[]> {
  return onNewStack(async (stack) => {
    const dictionary = await fillDictionary(stack);
    const sent = await fillTopic(stack, weekOfOrders(dictionary, orders));
    await run(stack, ['stg', 'dds'], join(logs, 'vault'));
    const measured: TagCost[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      for (const rules of [[], tenRules(dictionary)]) {
        await emptyMarts(stack);
        await insertRules(stack, rules);
        const effort = await run(stack, ['cdm'], join(logs, `${pair}-${rules.length}`));
        await checkWarehouse(stack, [sent]);
        await checkTags(stack, rules);
        measured.push({ ...effort, orders, rules: rules.length });
      }
    }
    return measured;
  });
}

/** Two are patterns, one has a window, into which every order falls. */
function tenRules({ restaurants }: Dictionary): Rule[] {
  const restaurant = restaurants.items[0]!;
  return [
    ...['Супы', 'Салаты', 'Закуски', 'Десерты', 'Напитки'].map((category) => ({
      tag: category,
      match: { category },
      min_orders: 10,
    })),
    { tag: 'pizza', match: { product_pattern: 'ицца' }, min_orders: 10 },
    { tag: 'chicken', match: { product_pattern: 'уриц' }, min_orders: 10 },
    { tag: 'bakery', match: { category: 'Выпечка' }, min_orders: 5, window_days: 36_500 },
    { tag: 'dish', match: { product_id: restaurant.dishes.items[0]!.id }, min_orders: 3 },
    { tag: 'regular', match: { restaurant_id: restaurant.id }, min_orders: 5 },
  ];
}

/** Until nothing is left to read, from the moment when the services were ready. */
async function run(
  stack: BenchStack,
  names: ServiceName[],
  logs: string,
): Promise<Pick<TagCost, 'seconds' | 'cpuSeconds'>> {
  mkdirSync(logs, { recursive: true });
  await stack.database.query('CHECKPOINT');
  const meter = await EffortMeter.start(stack);
  const services = await launchServices(stack.environment, logs, { names });
  try {
    await untilReady(services);
    const readySeconds = meter.seconds;
    await untilAllIsRead(stack, services, meter);
    const pids = Object.fromEntries(services.map(({ name, process: { pid } }) => [name, pid!]));
    const { seconds, cpuSeconds } = await meter.read('order_vault', pids);
    return { seconds: seconds - readySeconds, cpuSeconds };
  } finally {
    await stopServices(services);
  }
}

async function emptyMarts({ database, environment }: BenchStack): Promise<void> {
  const { rows } = await database.query<{ tables: string }>(
    `SELECT string_agg('cdm.' || tablename, ', ') AS tables FROM pg_tables WHERE schemaname = 'cdm'`,
  );
  await database.query(`TRUNCATE ${rows[0]!.tables}`);
  const kafka = new Kafka({
    brokers: environment.KAFKA_BROKERS.split(','),
    logLevel: logLevel.NOTHING,
  }).admin();
  await kafka.connect();
  const { groups } = await kafka.listGroups();
  if (groups.some(({ groupId }) => groupId === 'cdm-service')) {
    await kafka.deleteGroups(['cdm-service']);
  }
  await kafka.disconnect();
}

async function insertRules({ database }: BenchStack, rules: Rule[]): Promise<void> {
  for (const { tag, match, min_orders, window_days } of rules) {
    const [[kind, value]] = Object.entries(match) as [[string, string]];
    await database.query(
      `INSERT INTO cdm.tag_rules (tag, ${kind}, min_orders, window_days) VALUES ($1, $2, $3, $4)`,
      [tag, value, min_orders, window_days ?? null],
    );
  }
  // There are no guests yet, so there is nobody to evaluate the rules for.
  await database.query('DELETE FROM cdm.tag_evaluations');
}

async function checkTags({ database }: BenchStack, rules: Rule[]): Promise<void> {
  for (const { tag, match, min_orders } of rules) {
    const { rows } = await database.query<{ wrong: number }>(
      /* sql */ `
      WITH reaching AS (
        SELECT user_id FROM cdm.order_versions WHERE status = 'CLOSED' AND (${matchOf(match)})
        GROUP BY user_id HAVING count(*) >= $1
      ), holding AS (SELECT user_id FROM cdm.user_tags WHERE tag = $2)
      SELECT count(*)::integer AS wrong FROM reaching FULL JOIN holding USING (user_id)
      WHERE reaching.user_id IS NULL OR holding.user_id IS NULL`,
      [min_orders, tag],
    );
    if (rows[0]!.wrong > 0) {
      throw new Error(`${rows[0]!.wrong} guests hold "${tag}" and should not, or should and do not`);
    }
  }
}

/** The patterns of this benchmark need no folding: the dishes have them in small letters. */
function matchOf(match: Rule['match']): string {
  if ('category' in match) {
    return `'${hashKey('h_category', match.category)}' = ANY (category_ids)`;
  }
  if ('product_id' in match) {
    return `'${hashKey('h_product', match.product_id)}' = ANY (product_ids)`;
  }
  if ('restaurant_id' in match) {
    return `restaurant_id = '${hashKey('h_restaurant', match.restaurant_id)}'`;
  }
  return `product_ids && ARRAY(SELECT product_id FROM cdm.product_names WHERE product_name LIKE '%${match.product_pattern}%')`;
}
