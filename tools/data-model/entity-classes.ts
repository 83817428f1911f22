import { readdirSync } from 'node:fs';

const folders = [
  'apps/stg/src/entities',
  'apps/dds/src/entities',
  'apps/cdm/src/entities',
  'libs/service/src/entities',
];

/** The class of every table and view: all classes that these folders export. */
export async function entityClasses(): Promise<(new () => object)[]> {
  const classes: (new () => object)[] = [];
  for (const path of folders) {
    const folder = new URL(`../../${path}/`, import.meta.url);
    const files = readdirSync(folder).filter((file) => /\.(entity|view)\.ts$/.test(file));
    for (const file of files.sort()) {
      const exported = Object.values<new () => object>(await import(new URL(file, folder).href));
      // Makers of its rows stand beside a table.
      classes.push(...exported.filter((one) => typeof one === 'function'));
    }
  }
  return classes;
}
