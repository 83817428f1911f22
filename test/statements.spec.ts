import { beforeAll, describe, expect, it } from 'vitest';
import { Traffic } from './guarantees/crash/traffic';
import { placedTables } from '../ops/distribute/distribute';
import { ofServices } from './harness/statements-of-services';
import { usePipeline } from './harness/use-pipeline';

/*
 * The statements of the services, as PostgreSQL counted them, held against what a distributed PostgreSQL refuses or
 * does otherwise, silently (docs/decisions/0046). The schema against the same: distribution.spec.ts.
 */
const pipeline = usePipeline();
let statements: string[];

beforeAll(async () => {
  const { database } = pipeline;
  await database.rows('CREATE EXTENSION pg_stat_statements');
  // It has room for 5,000 statements of all databases, and lets go of those that came seldom.
  await database.rows('SELECT FROM pg_stat_statements_reset()');
  const traffic = new Traffic(pipeline, { seed: 5, orders: 400, users: 40, restaurants: 5 });
  await traffic.open();
  await traffic.send(300);
  await pipeline.settled();
  // Newer versions, and those that waited for the dictionary.
  await traffic.send();
  await traffic.complete();
  await pipeline.settled();
  const api = pipeline.service('cdm').url;
  await Promise.all(
    ['/api/summary', '/api/popularity/products?by=users', '/api/pipeline'].map((path) => fetch(api + path)),
  );
  const rows = await database.rows<{ query: string }>(/* sql */ `
    SELECT DISTINCT query FROM pg_stat_statements
    WHERE ${ofServices}`);
  statements = rows.map(({ query }) => query.replaceAll(/\s+/g, ' ').trim());
});

describe('the statements of the services', () => {
  it('are all there: one for each table at least', () => {
    for (const table of [
      'stg.superseded_order_events',
      'dds.s_order_product',
      'cdm.order_versions',
      'cdm.user_tag_events',
    ]) {
      expect(statements.some((statement) => statement.includes(`INSERT INTO ${table} `))).toBe(true);
    }
  });

  it('insert what they select with ON CONFLICT or RETURNING: else it goes by COPY, whose errors are all XX000', () => {
    const inserts = statements
      .flatMap(partsOf)
      .filter((part) => /^INSERT INTO (stg|dds|cdm)\..* SELECT /.test(part));
    expect(inserts.length).toBeGreaterThan(20);
    const byCopy = inserts.filter((part) => !/ (ON CONFLICT|RETURNING) /.test(part));
    expect(byCopy.filter((part) => !part.startsWith('INSERT INTO cdm.tag_evaluations '))).toEqual([]);
  });

  it('propose rows of a join in the order of their keys, since a join keeps none, and replicas would deadlock', () => {
    const joined = statements
      .flatMap(partsOf)
      .filter((part) => /^INSERT INTO .* JOIN .* ON CONFLICT /.test(part));
    expect(joined.length).toBeGreaterThan(2);
    const unordered = joined.filter((part) => !/ ORDER BY .* ON CONFLICT /.test(part));
    // Those of a guest are locked under the guest's row.
    expect(unordered.filter((part) => !part.startsWith('INSERT INTO cdm.user_'))).toEqual([]);
  });

  it('update with no volatile function', () => {
    const updates = statements.flatMap(partsOf).filter((part) => part.startsWith('UPDATE '));
    expect(updates.length).toBeGreaterThan(5);
    expect(
      updates.filter((part) => /\b(nextval|clock_timestamp|random|gen_random_uuid)\(/.test(part)),
    ).toEqual([]);
  });

  it('change rows that are spread over nodes where a list says: else they go to all, and take turns there', async () => {
    const places = await placedTables();
    const changes = statements.flatMap(partsOf).flatMap((part) => {
      const [, table] = /^(?:UPDATE|DELETE FROM) (\w+\.\w+)/.exec(part) ?? [];
      const place = places.get(table ?? '');
      return typeof place === 'object' ? [{ part, column: place.spreadBy }] : [];
    });
    expect(changes.length).toBeGreaterThan(5);
    expect(changes.filter(({ part, column }) => !new RegExp(`\\b${column} = ANY \\(`).test(part))).toEqual(
      [],
    );
  });

  it('ask for existence with a column', () => {
    expect(
      statements.filter((statement) => /EXISTS \( ?SELECT FROM (stg|dds|cdm)\./.test(statement)),
    ).toEqual([]);
  });

  it('lock rows of several keys by FOR UPDATE in staging alone, which stays on one node', () => {
    const locking = statements.filter((statement) => / FOR UPDATE/.test(statement));
    const tables = locking.map((statement) => / FROM ([a-z]+\.[a-z_]+)/.exec(statement)![1]);
    expect([...new Set(tables)]).toEqual(['stg.order_events']);
    expect(locking.filter((statement) => !/ ORDER BY /.test(statement))).toEqual([]);
  });
});

/** The statement, and those in its WITH, which PostgreSQL runs as ones of their own. */
function partsOf(statement: string): string[] {
  const starts = [...statement.matchAll(/(?:^|\( ?|\) )(?=(?:INSERT INTO|UPDATE|DELETE FROM) )/g)].map(
    ({ index, 0: before }) => index + before.length,
  );
  return starts.map((start) => toItsEnd(statement.slice(start)));
}

/** Up to the bracket that closes what it stands in. */
function toItsEnd(text: string): string {
  let depth = 0;
  for (const [place, character] of [...text].entries()) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (depth < 0) {
      return text.slice(0, place);
    }
  }
  return text;
}
