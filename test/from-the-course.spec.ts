import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { line, sourceText } from './guarantees/orders/source-text';
import { dictionary } from './guarantees/orders/small-town';
import { lacks } from './harness/needs';
import { ScratchDatabase } from './harness/scratch-database';
import { usePipeline } from './harness/use-pipeline';

/* The commands of docs/from-the-course.md, on a table as solutions of the course have it. */
const page = readFileSync(new URL('../docs/from-the-course.md', import.meta.url), 'utf8');
const { DATABASE_URL, KAFKA_BROKERS } = inject('stack');
const pipeline = usePipeline();
const course = new ScratchDatabase(DATABASE_URL, `course_${process.pid}`);

/** Block of the page in this language that contains a text. */
function block(language: string, containing: string): string {
  const blocks = page.matchAll(/^( *)```(\w+)\n(.*?)^ *```$/gms);
  return Array.from(blocks).find(([, , name, code]) => name === language && code!.includes(containing))![3]!;
}

function sendAgain(): void {
  const command = block('sh', 'kcat').replace(
    '-t order-service_orders',
    `-t ${pipeline.topics.name('order-service_orders')}`,
  );
  const { status, stderr } = spawnSync('bash', ['-c', `set -euo pipefail; ${command}`], {
    env: { ...process.env, COURSE_DATABASE_URL: course.url, KAFKA_BROKERS },
    encoding: 'utf8',
  });
  expect(status === 0 ? 'sent' : stderr).toBe('sent');
}

describe.skipIf(lacks('psql') || lacks('kcat'))('orders of the table of the course', () => {
  beforeAll(async () => {
    await course.create({ migrated: false });
    await course.pool.query(`
      CREATE SCHEMA stg;
      CREATE TABLE stg.order_events (
        id serial PRIMARY KEY, object_id int NOT NULL UNIQUE, payload json NOT NULL,
        object_type varchar(255) NOT NULL, sent_dttm timestamp NOT NULL)`);
    const orders = [
      sourceText({ id: 1, items: [line('d1', 0.1, 3), line('d2')] }),
      sourceText({ id: 2, status: 'CANCELLED' }),
      sourceText({ id: 3, user: 'u2', sent: '2024-03-01 13:00:01.5' }),
    ];
    for (const order of orders) {
      const { object_id, object_type, sent_dttm, payload } = JSON.parse(order) as Record<string, unknown>;
      await course.pool.query(
        'INSERT INTO stg.order_events (object_id, payload, object_type, sent_dttm) VALUES ($1, $2, $3, $4)',
        [object_id, JSON.stringify(payload, null, 2), object_type, sent_dttm],
      );
    }
    await pipeline.dictionary.put(dictionary);
  });
  afterAll(() => course.drop());

  it('count once, however often they are sent again', async () => {
    sendAgain();
    sendAgain();
    await pipeline.settled();
    expect(await pipeline.database.rows(block('sql', 'cdm.user_product_counters'))).toMatchObject([
      { source_user_id: 'u1', product_name: 'Borscht', order_cnt: 1 },
      { source_user_id: 'u1', product_name: 'Solyanka', order_cnt: 1 },
      { source_user_id: 'u2', product_name: 'Borscht', order_cnt: 1 },
    ]);
    expect(await pipeline.database.rows('SELECT object_id FROM cdm.order_versions ORDER BY 1')).toHaveLength(
      3,
    );
    expect(await pipeline.deadLetters('stg')).toEqual([]);
  });
});

describe.skipIf(lacks('python3'))('the hash keys in Python', () => {
  it('are those of the vault', async () => {
    const code = block('python', 'def hash_key').replaceAll(/^(hash_key\(.*\))$/gm, 'print($1)');
    const { stdout } = spawnSync('python3', ['-c', code], { encoding: 'utf8' });
    const calls = Array.from(code.matchAll(/^print\((hash_key\(.*\))\)$/gm), ([, call]) => call!);
    const rows = await pipeline.database.rows<{ key: string }>(
      calls.map((call) => `SELECT dds.${call} AS key`).join(' UNION ALL '),
    );
    expect(rows).toHaveLength(2);
    expect(stdout.trim().split('\n')).toEqual(rows.map(({ key }) => key));
  });
});
