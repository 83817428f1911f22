import { readdirSync } from 'node:fs';

/** The class of every table and view of the three services: all that `apps/<service>/src/entities` exports. */
export async function entityClasses(): Promise<(new () => object)[]> {
  const classes: (new () => object)[] = [];
  for (const service of ['stg', 'dds', 'cdm']) {
    const folder = new URL(`../../apps/${service}/src/entities/`, import.meta.url);
    const files = readdirSync(folder).filter((file) => /\.(entity|view)\.ts$/.test(file));
    for (const file of files.sort()) {
      classes.push(...Object.values<new () => object>(await import(new URL(file, folder).href)));
    }
  }
  return classes;
}
