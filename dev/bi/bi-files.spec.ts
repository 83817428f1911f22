import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { biFiles } from './bi-files';
import { charts } from './charts';
import { datalensWorkbook } from './datalens-workbook';
import { supersetExport } from './superset-export';

const folder = new URL('../../bi/', import.meta.url);

it('bi/ has what dev/bi/charts.ts describes (npx tsx dev/bi.ts writes it)', async () => {
  const files = await biFiles();
  for (const [name, content] of Object.entries(files)) {
    expect([name, Buffer.compare(content, readFileSync(new URL(name, folder)))]).toEqual([name, 0]);
  }
  expect(
    readdirSync(folder)
      .filter((name) => /\.(zip|json)$/.test(name))
      .sort(),
  ).toEqual(Object.keys(files).sort());
});

it('identities in Superset stay when titles change', () => {
  const uuids = Object.values(supersetExport('ru')).flatMap((file) => ('uuid' in file ? file.uuid : []));
  expect(new Set(uuids).size).toBe(2 + 2 * charts.length);
  expect(supersetExport('en')['charts/dish_pairs_en.yaml']).toMatchObject({
    uuid: '807ea5d6-e3b2-5497-9c49-c0f598c1a446',
  });
});

it('the workbook for DataLens has all that its parts refer to, and each id once', () => {
  const { entries } = (datalensWorkbook('ru') as { export: { entries: Entries } }).export;
  const connections = Object.values(entries.widget).map(
    ({ widget }) => widget.data.shared.connection.entryId,
  );
  expect(new Set(connections)).toEqual(new Set(Object.keys(entries.connection)));
  const [tab] = entries.dash.dashboard!.dash.data.tabs;
  expect(tab!.items.map(({ data }) => data.tabs[0]!.chartId)).toEqual(Object.keys(entries.widget));
  expect(tab!.layout.map(({ i }) => i)).toEqual(tab!.items.map(({ id }) => id));
  const ids = tab!.items.flatMap(({ id, data }) => [id, data.tabs[0]!.id]);
  expect(new Set([tab!.id, ...ids]).size).toBe(1 + 2 * charts.length);
});

interface Entries {
  connection: Record<string, object>;
  widget: Record<string, { widget: { data: { shared: { connection: { entryId: string } } } } }>;
  dash: Record<string, { dash: { data: { tabs: Tab[] } } }>;
}

interface Tab {
  id: string;
  items: { id: string; data: { tabs: { id: string; chartId: string }[] } }[];
  layout: { i: string }[];
}
