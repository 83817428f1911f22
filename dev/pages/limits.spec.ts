import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultPartitions, topicTable } from '../../ops/topics/topic-table';

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}

/**
 * A constant of a file, such as `const BATCH_BYTES = 4 * 1024 * 1024;`: numbers and names of other constants, added and
 * multiplied.
 * @throws where the file has no such constant
 */
function limit(file: string, name: string, known: Record<string, number> = {}): number {
  const [, expression] = new RegExp(`^(?:export )?const ${name} = (.+);$`, 'm').exec(read(file)) ?? [];
  if (expression === undefined) {
    throw new Error(`${file} has no constant ${name}`);
  }
  const valueOf = (word: string) => known[word] ?? Number(word.replaceAll('_', ''));
  const product = (term: string) => term.split(' * ').reduce((all, word) => all * valueOf(word), 1);
  return expression.split(' + ').reduce((sum, term) => sum + product(term), 0);
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function inWords(value: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'][value] ?? count(value);
}

function seconds(milliseconds: number): string {
  return count(milliseconds / 1000);
}

function mib(bytes: number): string {
  return `${bytes / 2 ** 20} MiB`;
}

const batches = (file: string, name: string) => limit(`libs/batches/src/${file}.ts`, name);
const kafka = (file: string, name: string) => limit(`libs/kafka/src/${file}.ts`, name);
const service = (file: string, name: string) => limit(`libs/service/src/${file}.ts`, name);
const stg = (file: string, name: string) => limit(`apps/stg/src/${file}.ts`, name);
const dds = (file: string, name: string) => limit(`apps/dds/src/${file}.ts`, name);
const cdm = (file: string, name: string) => limit(`apps/cdm/src/${file}.ts`, name);

const CONCURRENT_PARTITIONS = batches('batch.server', 'CONCURRENT_PARTITIONS');
const CONNECTIONS = limit('libs/service/src/service.module.ts', 'CONNECTIONS', { CONCURRENT_PARTITIONS });
const API_CONNECTIONS = cdm('http/api-warehouse', 'CONNECTIONS');
const CDM_CONNECTIONS =
  API_CONNECTIONS +
  cdm('figures/stream-warehouse', 'CONNECTIONS') +
  cdm('operate/staging-warehouse', 'CONNECTIONS') +
  cdm('figures/past-warehouse', 'CONNECTIONS') +
  cdm('audit/audit.job', 'CONNECTIONS');
const API_SECONDS = seconds(cdm('http/api-warehouse', 'STATEMENT_MS'));
const BATCH_MESSAGES = count(batches('batch.server', 'BATCH_MESSAGES'));
const BATCH_BYTES = mib(batches('batch.server', 'BATCH_BYTES'));
const UNPACKED = mib(kafka('kafkajs-fetch', 'MOST_UNPACKED_BYTES'));
const IDLE_SECONDS = /^const IDLE_IN_TRANSACTION = '(\d+)s';$/m.exec(
  read('libs/warehouse/src/warehouse.ts'),
)![1];
const STATEMENT_SECONDS = seconds(limit('libs/warehouse/src/warehouse.ts', 'STATEMENT_MS'));
const LONGEST_WAIT = stg('staging/parked-orders', 'LONGEST_WAIT_SECONDS');
const SPREAD_ROWS = cdm('marts/spread-names', 'STEP_ROWS');
const EVALUATED_USERS = cdm('tags/evaluations', 'STEP_USERS');

const topicOf = (name: string) => topicTable.find(({ topic }) => topic === name)!.configuration;
const RETENTION = `${topicOf('stg-service-orders')['retention.ms'] / 86_400_000} days`;
const STAGED_BYTES = topicOf('stg-service-orders')['max.message.bytes']!;

/** Sentences and cells of pages, with the limits as the code has them. */
const sayings: [page: string, words: string][] = [
  ['architecture', `at most ${BATCH_MESSAGES} messages and ${BATCH_BYTES}`],
  ['architecture', `| Batch | ${BATCH_MESSAGES} messages, ${BATCH_BYTES} |`],
  ['architecture', `More messages than ${BATCH_MESSAGES} of one fetch`],
  ['architecture', `Batches of up to ${inWords(CONCURRENT_PARTITIONS)} partitions are worked on at once`],
  ['architecture', `| Partitions at once | ${CONCURRENT_PARTITIONS} a replica |`],
  [
    'architecture',
    `| Connections to PostgreSQL | ${CONNECTIONS} a replica; cdm ${CDM_CONNECTIONS} more for its API and the audit |`,
  ],
  [
    'architecture',
    `| One fetch | ${mib(batches('batch.server', 'FETCH_BYTES'))}, ` +
      `about ${mib(batches('batch.server', 'PARTITION_BYTES'))} a partition |`,
  ],
  ['architecture', `A batch of ${batches('batch.server', 'STREAM_MESSAGES')} messages or more`],
  ['architecture', `sends heartbeats every ${seconds(batches('hold', 'HEARTBEAT_MS'))} seconds`],
  [
    'architecture',
    `refuses more than ${inWords(limit('libs/servers/src/refusals.ts', 'MOST_REFUSED'))} different messages in a row`,
  ],
  ['architecture', `${kafka('message-publisher', 'REQUEST_BYTES') / 1024} KiB, or what the topic accepts`],
  ['architecture', `default, ${count(kafka('message-publisher', 'DEFAULT_LIMIT'))} bytes`],
  ['architecture', `| Message between services | ${mib(STAGED_BYTES)};`],
  ['architecture', `| ${limit('libs/contracts/src/parse-message.ts', 'MAX_DEPTH')} levels |`],
  ['architecture', `| ${count(limit('libs/contracts/src/parse-message.ts', 'MOST_VALUES'))} in a message`],
  [
    'architecture',
    `most ${LONGEST_WAIT}, in steps of at most ${stg('staging/parked-orders', 'STEP_ORDERS')} orders`,
  ],
  ['architecture', `orders and about ${mib(stg('staging/parked-orders', 'STEP_BYTES'))}.`],
  ['architecture', `${mib(stg('dictionary/dictionary', 'CACHE_BYTES'))} of values (stg)`],
  [
    'architecture',
    `${count(dds('facts/known-facts', 'MOST_FACTS'))} of a kind and ` +
      `${count(dds('order/hub-key', 'MOST_KEYS'))} a hub (dds), ` +
      `${count(cdm('marts/known-names', 'MOST_NAMES'))} (cdm)`,
  ],
  ['architecture', `the idle transaction after ${IDLE_SECONDS} seconds`],
  [
    'architecture',
    `stands idle for ${IDLE_SECONDS} seconds, and a statement that takes ${STATEMENT_SECONDS},`,
  ],
  ['architecture', `of every mart that shows it, ${SPREAD_ROWS} at a time`],
  ['architecture', `goes through all users, ${EVALUATED_USERS} at a time`],
  [
    'architecture',
    `which each replica looks at, ${inWords(1000 / cdm('figures/change-stream', 'LOOK_MS'))} times`,
  ],
  ['architecture', `a time limit of ${API_SECONDS} seconds`],
  [
    'architecture',
    `goes more than ${seconds(batches('consumer-progress', 'STUCK_MS'))} seconds without a step`,
  ],
  [
    'architecture',
    `the broker answered within ${seconds(batches('consumer-progress', 'SILENT_MS'))} seconds`,
  ],
  ['architecture', `answers within ${seconds(service('health.controller', 'CHECK_MS'))} seconds`],
  ['architecture', `After ${seconds(service('start-service', 'GRACE_MS'))} seconds the process ends`],
  ['api', `The API has ${inWords(API_CONNECTIONS)} connections to PostgreSQL of its own`],
  ['api', `a statement there ends after ${API_SECONDS} seconds`],
  ['api', `longer than ${cdm('figures/past', 'PATIENCE_MS')} ms, the answer is`],
  ['api', `asks about for ${seconds(cdm('figures/past', 'ABANDONED_MS'))} seconds`],
  ['api', `asked about last, ${cdm('figures/past', 'MOST_ORDERS').toLocaleString('en-GB')} orders together`],
  ['api', `took longer than ${API_SECONDS} seconds`],
  ['api', `at most ${cdm('tags/tag-rule.contract', 'SAMPLE_USERS')} are shown`],
  ['api', `at most ${count(cdm('figures/timeline', 'MOST_POINTS'))} steps`],
  ['api', `wait longer than ${cdm('figures/answers', 'PATIENCE_MS')} ms`],
  ['api', `silent for ${seconds(cdm('figures/service-state', 'SILENT_MS'))} seconds`],
  ['api', `more than ${cdm('api.module', 'MOST_REQUESTS')} requests a minute`],
  ['api', `(${cdm('tags/tag-rules.controller', 'MOST_PREVIEWS')} previews)`],
  ['api', `stops gives answers ${inWords(service('start-service', 'ANSWER_MS') / 1000)} more seconds`],
  ['contracts', `Topics have ${defaultPartitions} partitions unless`],
  ['contracts', `at most ${mib(STAGED_BYTES)}.`],
  ['contracts', `may unpack to ${UNPACKED}`],
  ['compatibility', `unpacks to at most ${UNPACKED}`],
  [
    'operations',
    `${inWords(CONCURRENT_PARTITIONS)} for its batches, one for its jobs, one for its health routes`,
  ],
  ['operations', `for cdm ${inWords(CDM_CONNECTIONS)} more.`],
  ['operations', `${CONNECTIONS} for each replica, ${CDM_CONNECTIONS} more for each of cdm`],
  ['runbook', `statements after ${STATEMENT_SECONDS} seconds, idle transactions after ${IDLE_SECONDS}`],
  ['runbook', `they end after ${API_SECONDS} seconds each`],
  ['runbook', `tried again every ${LONGEST_WAIT} seconds at the latest`],
  ['operations', `the orders of the last ${RETENTION}`],
  [
    'operations',
    `no answer for ${seconds(limit('libs/redis/src/redis-store.ts', 'SILENT_MS'))} seconds is dropped`,
  ],
  [
    'operations',
    `at most ${limit('libs/operations/src/each-dead-letter.ts', 'SLICE_LETTERS')} may be sent twice`,
  ],
  [
    'operations',
    `once more after ${inWords(limit('ops/reconcile/reconcile.ts', 'SECOND_LOOK_MS') / 1000)} seconds`,
  ],
  ['security', `topics of orders ${RETENTION}`],
];

const pages = new Map<string, string>();

/** A page as one line: white space is one space, and the cells of tables have no more. */
function textOf(page: string): string {
  const text = pages.get(page) ?? read(`docs/${page}.md`).replaceAll(/\s+/g, ' ');
  pages.set(page, text);
  return text;
}

describe('what pages say of limits', () => {
  it.each(sayings)('%s: %s', (page, words) => {
    expect(textOf(page)).toContain(words);
  });
});
