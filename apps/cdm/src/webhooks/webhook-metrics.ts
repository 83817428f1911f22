import { Counter, Gauge } from 'prom-client';

export const outcomes = ['delivered', 'not_taken', 'given_up'] as const;

export const webhookEventsTotal = new Counter({
  name: 'order_vault_webhook_events_total',
  help: 'Tag events posted to webhooks, by outcome: delivered, not_taken (tried again) or given_up',
  labelNames: ['outcome'],
});
outcomes.forEach((outcome) => webhookEventsTotal.inc({ outcome }, 0));

export const failedWebhookEvents = new Gauge({
  name: 'order_vault_webhook_failed_events',
  help: 'Tag events that were given up and can be repeated, of all webhooks; all replicas show the same',
});

export const webhookOldestSeconds = new Gauge({
  name: 'order_vault_webhook_oldest_seconds',
  help: 'Age of the oldest tag event that waits for an enabled webhook; all replicas show the same',
});
