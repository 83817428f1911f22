import type { Pool } from 'pg';
import { Counter, Gauge, Histogram } from 'prom-client';

export const querySeconds = new Histogram({
  name: 'order_vault_query_duration_seconds',
  help: 'Time from a statement sent to PostgreSQL, or from the answer to the one before it, to its answer',
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
});

export const transactionsTotal = new Counter({
  name: 'order_vault_transactions_total',
  help: 'Transactions by result: committed or rolled_back',
  labelNames: ['result'],
});
for (const result of ['committed', 'rolled_back']) {
  transactionsTotal.inc({ result }, 0);
}

/** The pools of this process, by name. */
export const pools = new Map<string, Pool>();

const poolName = 'db_client_connection_pool_name';

export const poolConnections = new Gauge({
  name: 'order_vault_pool_connections',
  help: 'Connections to PostgreSQL by pool and state: used or idle',
  labelNames: [poolName, 'db_client_connection_state'],
  collect() {
    for (const [name, { totalCount, idleCount }] of pools) {
      this.set({ [poolName]: name, db_client_connection_state: 'used' }, totalCount - idleCount);
      this.set({ [poolName]: name, db_client_connection_state: 'idle' }, idleCount);
    }
  },
});

export const poolConnectionsMax = new Gauge({
  name: 'order_vault_pool_connections_max',
  help: 'Connections that a pool may have',
  labelNames: [poolName],
  collect() {
    for (const [name, { options }] of pools) {
      this.set({ [poolName]: name }, options.max);
    }
  },
});

export const poolWaitingRequests = new Gauge({
  name: 'order_vault_pool_waiting_requests',
  help: 'Who waits for a connection of the pool right now',
  labelNames: [poolName],
  collect() {
    for (const [name, { waitingCount }] of pools) {
      this.set({ [poolName]: name }, waitingCount);
    }
  },
});

/** When each statement was sent that PostgreSQL has not answered yet, by the clock of this process. */
export const unanswered = new Set<{ sentAt: number }>();

/** For how many seconds PostgreSQL has owed an answer to a statement; 0 when it owes none. */
export function secondsUnanswered(): number {
  const sent = Array.from(unanswered, ({ sentAt }) => sentAt);
  return sent.length === 0 ? 0 : (performance.now() - Math.min(...sent)) / 1000;
}
