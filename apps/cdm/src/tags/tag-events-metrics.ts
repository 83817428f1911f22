import { Gauge } from 'prom-client';

export const unpublishedTagEvents = new Gauge({
  name: 'order_vault_unpublished_tag_events',
  help: 'Tag events that the broker has not acknowledged; the same at all replicas',
});

export const unpublishedOldestSeconds = new Gauge({
  name: 'order_vault_unpublished_tag_events_oldest_seconds',
  help: 'How old the oldest unpublished tag event is; the same at all replicas',
});
