import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { TagRules } from '../demo/tag-rules';
import { migrate } from '../../ops/migrate/migrate';
import { makeDictionary } from '../orders/dictionary';
import { orderHistory } from '../orders/order-history';
import { openOrderSource } from '../orders/order-source';
import { pause } from '../orders/pause';
import { sendDictionary, sendHistory } from '../orders/send-orders';
import { printDifferences } from '../../ops/reconcile/print-report';
import { reconcile } from '../../ops/reconcile/reconcile';
import { withWarehouses } from '../../ops/servers/with-warehouse';
import { failIfEnded, startServices, stopServices, type LocalService } from '../services/local-services';
import { PipelineWatch } from '../services/pipeline-watch';
import { kafkaVersion } from '../stack/kafka-server';
import { down, up, type StackEnvironment } from '../stack/stack';
import { stackFolder, type ServerReleases } from '../stack/stack-state';
import { createTopics } from '../../ops/topics/create-topics';

const SEED = 1;
const PATIENCE_MS = 240_000;
const LOOK_MS = 500;
/** Differences that are shown of each kind. */
const SHOWN = 5;

/**
 * A history through the three services, on servers of these releases.
 * @returns one line: which releases, how many orders, and that no layer differs
 * @throws saying what did not start, what is outstanding, or what differs; the folder with the logs is left then
 */
export async function tryReleases(releases: ServerReleases, orders: number): Promise<string> {
  const name = `compatibility-${process.pid}`;
  let services: LocalService[] = [];
  try {
    const stack = await up(name, { releases });
    await migrate(stack.DATABASE_URL);
    await createTopics(stack, { partitions: 6, replicationFactor: -1 }, () => {});
    const token = randomUUID();
    const folder = stackFolder(name);
    services = await startServices({ ...stack, API_TOKEN: token }, folder, { node: process.execPath });
    const rules = new TagRules(services.find((one) => one.name === 'cdm')!.port, token);
    await rules.create();
    const sent = await sendThrough(stack, services, orders);
    await rules.untilEvaluated();
    const differences = await whatDiffers(stack, sent.orders);
    if (differences.length > 0) {
      throw new Error(differences.join('\n'));
    }
    return `${await releasesOf(stack, releases)}: ${sent.orders} orders in ${sent.messages} messages, no layer differs`;
  } finally {
    await stopServices(services);
    await down(name);
  }
}

async function sendThrough(stack: StackEnvironment, services: LocalService[], orders: number) {
  const source = await openOrderSource({ ...process.env, ...stack }, true);
  const pipeline = await PipelineWatch.open(stack);
  try {
    const dictionary = makeDictionary({ seed: SEED });
    await sendDictionary(source.redis!, dictionary);
    const sent = await sendHistory(
      source,
      orderHistory({
        dictionary,
        seed: SEED,
        orders,
        end: Date.now(),
        firstOrderId: 1,
        latecomers: dictionary.latecomers.history,
      }),
    );
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(LOOK_MS)) {
      const { lag, parked } = await pipeline.state();
      if (lag === 0 && parked === 0) {
        return sent;
      }
      failIfEnded(services);
      if (Date.now() > deadline) {
        throw new Error(`${lag} messages are unread and ${parked} orders parked`);
      }
    }
  } finally {
    await Promise.all([source.close(), pipeline.close()]);
  }
}

async function whatDiffers({ DATABASE_URL }: StackEnvironment, orders: number): Promise<string[]> {
  return withWarehouses({ DATABASE_URL }, 'check', async (warehouses) => {
    const { rows } = await warehouses.cdm.read((client) =>
      client.query<{ orders: number }>('SELECT count(*)::integer AS orders FROM cdm.order_versions'),
    );
    const counted =
      rows[0]!.orders === orders ? [] : [`${orders} orders were sent, ${rows[0]!.orders} are in`];
    const lines: string[] = [];
    const { differences } = await reconcile(warehouses, { graceSeconds: 0, shown: SHOWN });
    printDifferences(differences, (line) => lines.push(line));
    return [...counted, ...lines];
  });
}

async function releasesOf(
  { DATABASE_URL, REDIS_URL }: StackEnvironment,
  { kafka = kafkaVersion }: ServerReleases,
): Promise<string> {
  const postgres = await withDatabase(DATABASE_URL, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version;
  });
  const redis = new Redis(REDIS_URL);
  const information = await redis.info('server').finally(() => redis.disconnect());
  const [, valkey] = /valkey_version:(\S+)/.exec(information) ?? [];
  const [, version] = /redis_version:(\S+)/.exec(information) ?? [];
  const dictionary = valkey ? `Valkey ${valkey}` : `Redis ${version}`;
  return `Kafka ${kafka}, PostgreSQL ${postgres}, ${dictionary}, Node ${process.version}`;
}

async function withDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
