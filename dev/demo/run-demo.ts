import { randomUUID } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { migrate } from '../../ops/migrate/migrate';
import { makeDictionary, type Dictionary } from '../orders/dictionary';
import { liveOrders } from '../orders/live-orders';
import { orderHistory } from '../orders/order-history';
import { listLine } from '../orders/order-list';
import { openOrderSource, type OrderSource } from '../orders/order-source';
import { sendDictionary, sendHistory, sendLive } from '../orders/send-orders';
import { down, up, type StackEnvironment } from '../stack/stack';
import { stackFolder } from '../stack/stack-state';
import { createTopics } from '../../ops/topics/create-topics';
import { buildServices } from '../services/build-services';
import { startServices, stopServices, type LocalService } from '../services/local-services';
import { PipelineWatch } from '../services/pipeline-watch';
import { printSummary } from './print-summary';
import { TagRules } from './tag-rules';
import { watchPipeline } from './watch-pipeline';

const STACK = 'demo';
const SEED = 1;
const FIRST_OBJECT_ID = 10_999_500;
/** Livelier than the usual load of 5, for people who watch. */
const LIVE_ORDERS_A_MINUTE = 30;
/** Parked orders are released within seconds of their entry; if not, the summary shows them. */
const PARKED_PATIENCE_MS = 60_000;

interface Demo {
  orders: number;
  signal: AbortSignal;
  source: OrderSource;
  pipeline: PipelineWatch;
  services: LocalService[];
  /** The bearer token of the API. */
  token: string;
  rules: TagRules;
  /** File with a line for every message that was sent, for a recount. */
  list: string;
}

/** Starts everything, sends the history, reports what it came to, then a live stream unless it is to end. */
export async function runDemo({ orders, exit }: { orders: number; exit: boolean }): Promise<void> {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort()).once('SIGTERM', () => interruption.abort());
  const { signal } = interruption;
  const list = join(stackFolder(STACK), 'orders.ndjson');
  let services: LocalService[] = [];
  let keepServers = false;
  try {
    const stack = await freshStack();
    console.log('Starting stg, dds and cdm');
    const token = randomUUID();
    services = await startServices({ ...stack, API_TOKEN: token }, stackFolder(STACK));
    const rules = new TagRules(services.find(({ name }) => name === 'cdm')!.port, token);
    await rules.create();
    const source = await openOrderSource({ ...process.env, ...stack }, true);
    const pipeline = await PipelineWatch.open(stack);
    try {
      const demo: Demo = { orders, signal, source, pipeline, services, token, rules, list };
      const dictionary = makeDictionary({ seed: SEED });
      await showHistory(demo, dictionary);
      if (!signal.aborted) {
        keepServers = exit;
        printWhereToLook(demo, stack, exit);
      }
      if (!signal.aborted && !exit) {
        await liveOn(demo, dictionary);
      }
    } finally {
      await Promise.all([source.close(), pipeline.close()]);
    }
  } finally {
    await stopServices(services);
    if (!keepServers) {
      console.log('\nStopping');
      await down(STACK);
    }
  }
}

async function freshStack(): Promise<StackEnvironment> {
  console.log('Building the services');
  await buildServices();
  console.log('Starting Kafka, PostgreSQL and Redis');
  await down(STACK);
  const stack = await up(STACK);
  await migrate(stack.DATABASE_URL);
  await createTopics(stack, { partitions: 6, replicationFactor: -1 }, () => {});
  return stack;
}

async function showHistory(demo: Demo, dictionary: Dictionary): Promise<void> {
  const { orders, signal, source, pipeline, rules, list } = demo;
  await sendDictionary(source.redis!, dictionary);
  await writeFile(list, '');
  console.log(`Sending a history of ${orders.toLocaleString('en')} orders`);
  const messages = orderHistory({
    dictionary,
    seed: SEED,
    orders,
    end: Date.now(),
    firstOrderId: FIRST_OBJECT_ID,
    latecomers: dictionary.latecomers.history,
  });
  const begun = Date.now();
  const sending = { messages: 0, done: false };
  const sent = sendHistory(source, messages, {
    signal,
    onSent: async (counts, batch) => {
      sending.messages = counts.messages;
      await appendFile(list, batch.map((message) => `${listLine(message)}\n`).join(''));
    },
  }).finally(() => (sending.done = true));
  const isIn = (lag: number, parked: number, idleMs: number) =>
    sending.done && lag === 0 && (parked === 0 || idleMs > PARKED_PATIENCE_MS);
  await Promise.all([sent, watchPipeline(demo, () => sending.messages, isIn)]);
  if (!signal.aborted) {
    await rules.untilEvaluated();
    await printSummary(pipeline, (Date.now() - begun) / 1000);
  }
}

async function liveOn(demo: Demo, dictionary: Dictionary): Promise<void> {
  console.log(`\nNow ${LIVE_ORDERS_A_MINUTE} orders a minute, until Ctrl-C:`);
  const now = Date.now();
  const messages = liveOrders({
    dictionary,
    seed: SEED,
    ordersPerMinute: LIVE_ORDERS_A_MINUTE,
    start: now,
    firstOrderId: FIRST_OBJECT_ID + demo.orders,
    latecomers: dictionary.latecomers.live,
  });
  let sent = 0;
  await Promise.all([
    sendLive(demo.source, messages, {
      signal: demo.signal,
      clock: { source: now, machine: now },
      onSent: (counts) => void (sent = counts.messages),
    }),
    watchPipeline(
      demo,
      () => sent,
      () => false,
    ),
  ]);
}

function pagesOf(services: LocalService[], token: string): string[] {
  const { port } = services.find(({ name }) => name === 'cdm')!;
  return [
    `the dashboard: http://localhost:${port}/`,
    `the API: http://localhost:${port}/api/docs, with the token ${token}`,
  ];
}

function printWhereToLook(
  { services, token, list }: Demo,
  { DATABASE_URL }: StackEnvironment,
  exit: boolean,
): void {
  const health = services.map(({ name, port }) => `${name}  http://localhost:${port}/health/ready`);
  const places = [
    ...(exit ? [] : pagesOf(services, token)),
    `psql ${DATABASE_URL}`,
    `every message that was sent, a line each: ${list}`,
    ...(exit ? [] : health),
  ];
  console.log(`\nWhat to open next:\n  ${places.join('\n  ')}`);
  console.log(
    exit
      ? `The servers keep running with this data, until npm run stack -- down --name ${STACK}.`
      : 'Ctrl-C takes everything down.',
  );
}
