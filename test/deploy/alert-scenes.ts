/**
 * What Prometheus has gathered, by series, a sample a minute in the notation of promtool: `0x4 1+2x10` is 0, five
 * times, then 1, 3, ...
 */
export interface Scene {
  series: Record<string, string>;
  /** When it is looked at, in minutes. */
  at: number;
  /** Labels of the alerts that fire then. */
  firing: Record<string, string>[];
}

const lag = (of: string) =>
  `order_vault_consumer_lag_messages{${of},messaging_destination_name="orders",messaging_destination_partition_id="0"}`;
const offset = (of: string) => lag(of).replace('lag_messages', 'offset');
const partition = { messaging_destination_name: 'orders', messaging_destination_partition_id: '0' };
const stg = 'job="stg",pod="stg-1",instance="1"';
const stgPod = { job: 'stg', pod: 'stg-1', instance: '1' };
const upOthers = { 'up{job="dds",pod="dds-1"}': '1x60', 'up{job="cdm",pod="cdm-1"}': '1x60' };
const freshness = (le: string) => `order_vault_freshness_seconds_bucket{job="cdm",le="${le}"}`;

/** Of each alert a scene in which it fires, and others in which it just does not. */
export const scenes: Record<string, Scene[]> = {
  OrderVaultServiceDown: [
    { series: { [`up{${stg}}`]: '1x4 0x10', ...upOthers }, at: 12, firing: [stgPod] },
    { series: upOthers, at: 6, firing: [{ job: 'stg' }] },
    { series: { [`up{${stg}}`]: '1x4 0x3 1x10', ...upOthers }, at: 12, firing: [] },
  ],
  OrderVaultRestarts: [
    {
      series: { 'process_start_time_seconds{job="dds",pod="dds-1"}': '0x5 300x5 600x5 900x5' },
      at: 20,
      firing: [{ job: 'dds', pod: 'dds-1' }],
    },
    {
      series: { 'process_start_time_seconds{job="dds",pod="dds-1"}': '0x5 300x5 600x9' },
      at: 20,
      firing: [],
    },
  ],
  OrderVaultNoProgress: [
    {
      series: { [lag(stg)]: '0 5x30', [offset(stg)]: '10x31' },
      at: 20,
      firing: [{ job: 'stg', ...partition }],
    },
    { series: { [lag(stg)]: '0 5x30', [offset(stg)]: '10+1x31' }, at: 20, firing: [] },
    { series: { [lag(stg)]: '0x31', [offset(stg)]: '10x31' }, at: 20, firing: [] },
  ],
  OrderVaultKafkaSilent: [
    { series: { [`up{${stg}}`]: '1x30', [lag(stg)]: '0x9 stale' }, at: 20, firing: [stgPod] },
    { series: { [`up{${stg}}`]: '1x30', [lag(stg)]: '0x9 stale _x3 0x20' }, at: 20, firing: [] },
  ],
  OrderVaultRewind: [
    {
      series: { [`order_vault_rewinds_total{${stg}}`]: '0x5 3x20' },
      at: 20,
      firing: [{ job: 'stg' }],
    },
    { series: { [`order_vault_rewinds_total{${stg}}`]: '_x10 6x20' }, at: 12, firing: [{ job: 'stg' }] },
    { series: { [`order_vault_rewinds_total{${stg}}`]: '0x5 3x60' }, at: 50, firing: [] },
    { series: { [`order_vault_rewinds_total{${stg}}`]: '_x10 0x20' }, at: 12, firing: [] },
  ],
  OrderVaultWaiting: [
    {
      series: {
        [`order_vault_waiting_seconds{${stg},server="redis"}`]: '0x5 30+60x10',
        [`order_vault_waiting_seconds{${stg},server="kafka"}`]: '0x20',
      },
      at: 9,
      firing: [{ ...stgPod, server: 'redis' }],
    },
    {
      series: { [`order_vault_waiting_seconds{${stg},server="redis"}`]: '0x5 60 120 0x10' },
      at: 7,
      firing: [],
    },
  ],
  OrderVaultJobFails: [
    {
      series: { [`order_vault_job_failing_seconds{${stg},job_name="parked orders"}`]: '0x5 30+60x10' },
      at: 12,
      firing: [{ ...stgPod, job_name: 'parked orders' }],
    },
    {
      series: { [`order_vault_job_failing_seconds{${stg},job_name="parked orders"}`]: '0x5 30+60x3 0x10' },
      at: 12,
      firing: [],
    },
  ],
  OrderVaultNothingArrives: [
    {
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '0+5x60',
        'order_vault_messages_total{job="cdm",outcome="processed"}': '100x60',
      },
      at: 50,
      firing: [{}],
    },
    {
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '0+5x60',
        'order_vault_messages_total{job="cdm",outcome="processed"}': '100x30 105x30',
      },
      at: 50,
      firing: [],
    },
    {
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '100x60',
        'order_vault_messages_total{job="stg",outcome="skipped"}': '0+5x60',
        'order_vault_messages_total{job="cdm",outcome="processed"}': '100x60',
      },
      at: 50,
      firing: [],
    },
  ],
  OrderVaultLagGrows: [
    { series: { [lag(stg)]: '0+200x60' }, at: 40, firing: [{ job: 'stg' }] },
    { series: { [lag(stg)]: '50000-100x60' }, at: 40, firing: [] },
    { series: { [lag(stg)]: '0+20x60' }, at: 40, firing: [] },
  ],
  OrderVaultLate: [
    {
      series: { [freshness('300')]: '0x60', [freshness('900')]: '0+6x60', [freshness('+Inf')]: '0+6x60' },
      at: 50,
      firing: [{ job: 'cdm' }],
    },
    {
      series: { [freshness('300')]: '0+4x60', [freshness('900')]: '0+6x60', [freshness('+Inf')]: '0+6x60' },
      at: 50,
      firing: [],
    },
  ],
  OrderVaultDeadLetters: [
    {
      series: { 'order_vault_dead_letters_total{job="dds",reason="invalid_json"}': '0x3 1x10' },
      at: 6,
      firing: [{ job: 'dds', reason: 'invalid_json' }],
    },
    {
      series: { 'order_vault_dead_letters_total{job="dds",reason="invalid_json"}': '0x3 1x30' },
      at: 30,
      firing: [],
    },
  ],
  OrderVaultManyRefused: [
    {
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '0+10x30',
        'order_vault_messages_total{job="stg",outcome="refused"}': '0+2x30',
      },
      at: 20,
      firing: [{ job: 'stg' }],
    },
    {
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '0+10x30',
        'order_vault_messages_total{job="stg",outcome="refused"}': '0+1x30',
      },
      at: 20,
      firing: [],
    },
    {
      // One bad message among few.
      series: {
        'order_vault_messages_total{job="stg",outcome="processed"}': '0 1 2 3 4 5 6x30',
        'order_vault_messages_total{job="stg",outcome="refused"}': '0x5 1x30',
      },
      at: 15,
      firing: [],
    },
  ],
  OrderVaultParkedGrows: [
    {
      series: { 'order_vault_parked_orders{job="stg",missing="user"}': '0+5x90' },
      at: 85,
      firing: [{ missing: 'user' }],
    },
    { series: { 'order_vault_parked_orders{job="stg",missing="user"}': '400x90' }, at: 85, firing: [] },
    { series: { 'order_vault_parked_orders{job="stg",missing="user"}': '0+1x90' }, at: 85, firing: [] },
  ],
  OrderVaultParkedOld: [
    {
      series: { 'order_vault_parked_oldest_seconds{job="stg",missing="dish"}': '0+60x400' },
      at: 361,
      firing: [{ missing: 'dish' }],
    },
    {
      series: { 'order_vault_parked_oldest_seconds{job="stg",missing="dish"}': '0+60x400' },
      at: 359,
      firing: [],
    },
  ],
  OrderVaultTagEvents: [
    {
      series: { 'order_vault_unpublished_tag_events_oldest_seconds{job="cdm"}': '0+60x30' },
      at: 15,
      firing: [{}],
    },
    {
      series: { 'order_vault_unpublished_tag_events_oldest_seconds{job="cdm"}': '299x30' },
      at: 15,
      firing: [],
    },
  ],
  OrderVaultWebhooks: [
    {
      series: {
        'order_vault_webhook_failed_events{job="cdm"}': '0x4 2x30',
        'order_vault_webhook_oldest_seconds{job="cdm"}': '0x35',
      },
      at: 15,
      firing: [{}],
    },
    {
      series: {
        'order_vault_webhook_failed_events{job="cdm"}': '0x90',
        'order_vault_webhook_oldest_seconds{job="cdm"}': '0+60x90',
      },
      at: 80,
      firing: [{}],
    },
    {
      series: {
        'order_vault_webhook_failed_events{job="cdm"}': '0x90',
        'order_vault_webhook_oldest_seconds{job="cdm"}': '0+60x59 0x30',
      },
      at: 62,
      firing: [],
    },
  ],
  OrderVaultAudit: [
    {
      series: { 'order_vault_audit_wrong_total{job="cdm",pod="cdm-1",what="users"}': '0x60 1x90' },
      at: 90,
      firing: [{}],
    },
    {
      series: { 'order_vault_audit_wrong_total{job="cdm",pod="cdm-1",what="users"}': '0x20 1x200' },
      at: 180,
      firing: [],
    },
    {
      series: { 'order_vault_audit_wrong_total{job="cdm",pod="cdm-1",what="users"}': '0x120' },
      at: 100,
      firing: [],
    },
  ],
  OrderVaultPoolExhausted: [
    {
      series: {
        [`order_vault_pool_waiting_requests{${stg},db_client_connection_pool_name="stg"}`]: '0x5 2x20',
      },
      at: 20,
      firing: [{ ...stgPod, db_client_connection_pool_name: 'stg' }],
    },
    {
      series: {
        [`order_vault_pool_waiting_requests{${stg},db_client_connection_pool_name="stg"}`]: '0x5 2x8 0 2x8',
      },
      at: 20,
      firing: [],
    },
  ],
  OrderVaultRebalances: [
    { series: { 'order_vault_rebalances_total{job="cdm"}': '0+2x40' }, at: 30, firing: [{ job: 'cdm' }] },
    { series: { 'order_vault_rebalances_total{job="cdm"}': '0 3x40' }, at: 30, firing: [] },
    {
      // A rollout of six replicas: each pod that has come counts what the others do to the group.
      series: Object.fromEntries(
        [12, 11, 9, 7, 5, 3].map((seen, replica) => [
          `order_vault_rebalances_total{job="dds",pod="dds-${replica}"}`,
          `0x10 ${seen}x40`,
        ]),
      ),
      at: 22,
      firing: [],
    },
  ],
  OrderVaultMemory: [
    {
      series: { [`process_resident_memory_bytes{${stg}}`]: `${340 * 2 ** 20}x30` },
      at: 20,
      firing: [stgPod],
    },
    { series: { [`process_resident_memory_bytes{${stg}}`]: `${256 * 2 ** 20}x30` }, at: 20, firing: [] },
    // Copies of orders.
    {
      series: { 'process_resident_memory_bytes{job="cdm"}': `${500 * 2 ** 20}x30` },
      at: 20,
      firing: [],
    },
    {
      series: { 'process_resident_memory_bytes{job="cdm"}': `${570 * 2 ** 20}x30` },
      at: 20,
      firing: [{ job: 'cdm' }],
    },
  ],
  OrderVaultDiffers: [
    {
      series: {
        'kube_cronjob_status_last_schedule_time{namespace="order-vault",cronjob="reconcile"}': '0x9 600x200',
        'kube_cronjob_status_last_successful_time{namespace="order-vault",cronjob="reconcile"}': '120x210',
      },
      at: 80,
      firing: [{ namespace: 'order-vault', cronjob: 'reconcile' }],
    },
    {
      // It has never succeeded.
      series: {
        'kube_cronjob_status_last_schedule_time{namespace="order-vault",cronjob="reconcile"}': '600x200',
      },
      at: 70,
      firing: [{ namespace: 'order-vault', cronjob: 'reconcile' }],
    },
    {
      series: {
        'kube_cronjob_status_last_schedule_time{namespace="order-vault",cronjob="reconcile"}': '0x9 600x200',
        'kube_cronjob_status_last_successful_time{namespace="order-vault",cronjob="reconcile"}':
          '120x50 3600x160',
      },
      at: 130,
      firing: [],
    },
  ],
};
