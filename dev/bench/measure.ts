import { join } from 'node:path';
import { fillDictionary, fillTopic, newOrders, weekOfOrders } from './bench-history';
import type { CatchUp, Floor, Freshness, ScaledCatchUp } from './bench-report';
import { onNewStack } from './bench-stack';
import { catchUp } from './catch-up';
import { checkWarehouse } from './check-warehouse';
import { LockWatch } from './lock-watch';
import { FRESHNESS_RATE, measureFreshness } from './measure-freshness';
import { measureIdle } from './measure-idle';
import { prepareFloor } from './prepare-floor';
import type { SentHistory } from './sent-history';
import { writeFloor } from './write-floor';

const HISTORIES = 10;
/** More than the indexes of 500,000 orders have: else PostgreSQL reads pages again and again. */
const LARGE_BUFFERS = '3GB';
/** Processes of each service. */
const SCALES = [1, 2, 4, 8];
/** Each process gets as many as the others. */
const SCALE_PARTITIONS = 24;

export interface RunOptions {
  /** Folder for the logs of the services. */
  logs: string;
  freshnessSeconds: number;
  profileFolder?: string;
}

/** A history, the check of what became of it, the freshness of orders after it, and the floor. */
export function measureRun(
  orders: number,
  { freshnessSeconds, ...options }: RunOptions,
): Promise<{ postgres: string; history: CatchUp; floor: Floor; freshness?: Freshness }> {
  return onNewStack(
    async (stack) => {
      const dictionary = await fillDictionary(stack);
      const sent = await fillTopic(stack, weekOfOrders(dictionary, orders));
      say(`history: ${count(sent)}`);
      const { caughtUp, meanwhile } = await catchUp(stack, sent, options, async () => {
        say('check: counting again');
        await checkWarehouse(stack, [sent]);
        const prepared = await prepareFloor(stack.database, sent);
        if (freshnessSeconds === 0) {
          return { prepared };
        }
        say(`freshness: ${freshnessSeconds} s`);
        const fresh = newOrders(dictionary, freshnessSeconds * FRESHNESS_RATE);
        return { prepared, freshness: await measureFreshness(stack, fresh) };
      });
      const { prepared, freshness } = meanwhile;
      say('floor');
      return {
        postgres: stack.postgres,
        history: caughtUp,
        floor: await writeFloor(stack, prepared),
        freshness,
      };
    },
    { autovacuum: 'off' },
  );
}

/** Ten histories after each other on the same servers; the services start again for each. */
export function measureGrowth(orders: number, logs: string): Promise<CatchUp[]> {
  return onNewStack(
    async (stack) => {
      const dictionary = await fillDictionary(stack);
      const sent: SentHistory[] = [];
      const measured: CatchUp[] = [];
      for (let week = 0; week < HISTORIES; week++) {
        const history = await fillTopic(stack, weekOfOrders(dictionary, orders, week));
        sent.push(history);
        say(`history ${week + 1} of ${HISTORIES}: ${count(history)}`);
        const { caughtUp } = await catchUp(stack, history, { logs: join(logs, String(week + 1)) }, () =>
          checkWarehouse(stack, sent),
        );
        measured.push(caughtUp);
      }
      return measured;
    },
    { sharedBuffers: LARGE_BUFFERS },
  );
}

/** A history that is there to be large. */
export function measureBacklog(orders: number, logs: string): Promise<CatchUp> {
  return onNewStack(async (stack) => {
    const dictionary = await fillDictionary(stack);
    const sent = await fillTopic(stack, weekOfOrders(dictionary, orders));
    say(`backlog: ${count(sent)}`);
    const { caughtUp } = await catchUp(stack, sent, { logs }, () => checkWarehouse(stack, [sent]));
    return caughtUp;
  });
}

/** The same history with more and more processes, each time on servers of its own. */
export async function measureScale(orders: number, logs: string): Promise<ScaledCatchUp[]> {
  const measured: ScaledCatchUp[] = [];
  for (const replicas of SCALES) {
    await onNewStack(
      async (stack) => {
        const dictionary = await fillDictionary(stack);
        const sent = await fillTopic(stack, weekOfOrders(dictionary, orders));
        say(`${replicas} of each service: ${count(sent)}`);
        const options = { logs: join(logs, String(replicas)), replicas };
        const locks = await LockWatch.start(stack);
        try {
          const { caughtUp, meanwhile } = await catchUp(stack, sent, options, async (services) => {
            const lockSeconds = locks.seconds();
            await checkWarehouse(stack, [sent]);
            return { lockSeconds, idle: await measureIdle(stack, services) };
          });
          measured.push({ ...caughtUp, ...meanwhile, replicas, partitions: SCALE_PARTITIONS });
        } finally {
          await locks.end();
        }
      },
      { partitions: SCALE_PARTITIONS, sharedBuffers: LARGE_BUFFERS },
    );
  }
  return measured;
}

function count({ orders, messages }: SentHistory): string {
  return `${orders.toLocaleString('en')} orders in ${messages.toLocaleString('en')} messages`;
}

function say(step: string): void {
  console.log(`  ${step}`);
}
