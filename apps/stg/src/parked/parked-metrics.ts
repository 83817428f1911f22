import { Gauge } from 'prom-client';

export const parkedOrders = new Gauge({
  name: 'order_vault_parked_orders',
  help: 'Orders that wait for the dictionary, by what they miss: user, restaurant or dish; the same at all replicas',
  labelNames: ['missing'],
});

export const parkedOldestSeconds = new Gauge({
  name: 'order_vault_parked_oldest_seconds',
  help: 'For how long the oldest parked order waits, by what it misses; the same at all replicas',
  labelNames: ['missing'],
});
