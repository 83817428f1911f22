import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashKey } from '@app/data-vault/hash-key';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { charts, sqlOf, type Language } from '../../dev/bi/charts';
import { writeOrders } from '../../dev/dashboard/write-orders';
import { pythonPackages } from '../../dev/sandbox/python-packages';
import { runToEnd } from '../../dev/stack/run-to-end';
import { Pipeline } from '../harness/pipeline';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

type Shown = Record<string, { columns: string[]; rows: Record<string, unknown>[] }>;

/* Superset itself imports the workbooks of bi/, and shows what the SQL of each chart answers. */
describe.each(['ru', 'en'] satisfies Language[])('the workbook for Superset in language %s', (language) => {
  const pipeline = new Pipeline(inject('stack'));
  const folder = mkdtempSync(join(tmpdir(), 'order-vault-superset-'));
  let shown: Shown;

  beforeAll(async () => {
    await pipeline.prepare();
    await pipeline.database.pool.query(writeOrders(3_000, 200, 500));
    writeFileSync(
      join(folder, 'superset_config.py'),
      `SECRET_KEY = '${'0123456789'.repeat(5)}'\nSQLALCHEMY_DATABASE_URI = 'sqlite:///${folder}/superset.db'\n` +
        'WTF_CSRF_ENABLED = False\n',
    );
    await python('-c', 'from superset.cli.main import superset; superset()', 'db', 'upgrade');
    const uri = pipeline.database.url.replace(/^postgres(ql)?:/, 'postgresql+psycopg2:');
    const said = await python(here('show-charts.py'), here(`../../bi/superset-${language}.zip`), uri);
    shown = JSON.parse(/^SHOWN (.*)$/m.exec(said)![1]!) as Shown;
  });
  afterAll(async () => {
    await pipeline.remove();
    rmSync(folder, { recursive: true });
  });

  async function python(...words: string[]): Promise<string> {
    const packages = await pythonPackages('superset', here('requirements.txt'));
    return runToEnd('python3', words, {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        PYTHONPATH: packages,
        FLASK_APP: 'superset',
        SUPERSET_CONFIG_PATH: join(folder, 'superset_config.py'),
      },
    });
  }

  it('has every chart on its dashboard', () => {
    expect(Object.keys(shown).sort()).toEqual(charts.map(({ name }) => uuidOf(name)).sort());
  });

  it.each(charts)('shows what the SQL of $name answers', async (chart) => {
    const asked = await pipeline.database.rows<Record<string, unknown>>(sqlOf(chart, language));
    const { columns, rows } = shown[uuidOf(chart.name)]!;
    expect(columns).toEqual(chart.columns.map(({ title }) => title[language]));
    expect(comparable(rows)).toEqual(comparable(asked));
    expect(rows.length).toBeGreaterThan(5);
  });

  const uuidOf = (name: string) => hashKey('superset_chart', language, name);
});

/** Rows by their text, since bars of one length have no order; numbers as such, since Superset sends decimals so. */
function comparable(rows: Record<string, unknown>[]): string[] {
  return rows
    .map((row) =>
      Object.values(row).map((value) => (isNaN(Number(value)) || value === null ? value : Number(value))),
    )
    .map((row) => JSON.stringify(row))
    .sort();
}
