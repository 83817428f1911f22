import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { latestLocalTime } from '@app/values/local-time';
import { guestQuery, membersQuery } from '../../apps/cdm/src/tags/members-query';
import { launchServices, stopServices, untilReady, type ServiceName } from '../services/local-services';
import { fillDictionary, fillTopic, weekOfOrders } from './bench-history';
import type { TagCost } from './bench-report';
import { tenRules, type Rule } from './bench-rules';
import { onNewStack, type BenchStack } from './bench-stack';
import { checkWarehouse } from './check-warehouse';
import { EffortMeter } from './effort-meter';
import { untilAllIsRead } from './until-all-is-read';

const PAIRS = 3;

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
  for (const { tag, conditions } of rules) {
    await database.query('INSERT INTO cdm.tag_rules (tag, conditions) VALUES ($1, $2)', [tag, conditions]);
  }
  // There are no guests yet, so there is nobody to evaluate the rules for.
  await database.query('DELETE FROM cdm.tag_evaluations');
}

async function checkTags({ database }: BenchStack, rules: Rule[]): Promise<void> {
  const now = latestLocalTime(new Date(), 'UTC');
  for (const { tag, conditions } of rules) {
    const query = guestQuery(conditions, await productsOf(database, tag), now);
    const { rows } = await database.query<{ members: number; wrong: number }>(
      /* sql */ `
      SELECT count(members.user_id)::integer AS members,
        count(*) FILTER (WHERE members.user_id IS NULL OR holding.user_id IS NULL)::integer AS wrong
      FROM (${membersQuery(query)}) AS members
      FULL JOIN (SELECT user_id FROM cdm.user_tags WHERE tag = '${tag}') AS holding USING (user_id)`,
      query.values,
    );
    const { members, wrong } = rows[0]!;
    if (wrong > 0) {
      throw new Error(`${wrong} guests hold "${tag}" and should not, or should and do not`);
    }
    console.log(`${tag}: ${members} guests`);
  }
}

/** What the patterns of a rule stand for, by the number of the condition. */
async function productsOf(database: BenchStack['database'], tag: string): Promise<Map<number, string[]>> {
  const { rows } = await database.query<{ condition: number; products: string[] }>(
    /* sql */ `
    SELECT condition, array_agg(product_id) AS products
    FROM cdm.tag_rule_products JOIN cdm.tag_rules rule ON rule.id = rule_id WHERE tag = $1 GROUP BY condition`,
    [tag],
  );
  return new Map(rows.map(({ condition, products }) => [condition, products]));
}
