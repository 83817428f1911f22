/// <reference types="@rspack/core/module" />
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { marts } from '../../apps/cdm/src/marts/marts';

type Module = Record<string, unknown>;

/**
 * The class of every table and view: all classes that files `*.entity.ts` and `*.view.ts` of services and libraries
 * export, and those of the slots of marts. A bundle holds these files; from source they are read.
 */
export async function entityClasses(): Promise<(new () => object)[]> {
  const modules = typeof __webpack_require__ === 'function' ? bundledModules() : await sourceModules();
  const exported = modules.flatMap((module) => Object.values(module));
  // Makers of its rows stand beside a table.
  const classes = exported.filter((one) => typeof one === 'function') as (new () => object)[];
  return [...classes, ...slotTables()];
}

/** Of marts that are views. */
function slotTables(): (new () => object)[] {
  return marts.flatMap(({ slots }) => (slots ? (slots.entity as new () => object) : []));
}

function bundledModules(): Module[] {
  const folders = [
    import.meta.webpackContext('../../apps', {
      regExp: /\.(entity|view)\.ts$/,
    }),
    import.meta.webpackContext('../../libs', {
      regExp: /\.(entity|view)\.ts$/,
    }),
  ];
  return folders.flatMap((folder) => folder.keys().map((key) => folder(key) as Module));
}

async function sourceModules(): Promise<Module[]> {
  const modules: Module[] = [];
  for (const parent of ['apps', 'libs']) {
    const folder = join(import.meta.dirname, '../..', parent);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const file of files.sort()) {
      if (/\.(entity|view)\.ts$/.test(file)) {
        modules.push(
          (await import(/* webpackIgnore: true */ pathToFileURL(join(folder, file)).href)) as Module,
        );
      }
    }
  }
  return modules;
}
