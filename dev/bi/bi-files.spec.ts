import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { biFiles } from './bi-files';
import { charts } from './charts';
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
