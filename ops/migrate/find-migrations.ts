import type { MigrationInterface } from 'typeorm';
import { migrationNames } from '@app/warehouse/migration-names';

export type Migration = new () => MigrationInterface;

/** The classes of all files in `migrations/`, the oldest first. */
export async function findMigrations(): Promise<Migration[]> {
  const modules = new Map<string, object>();
  for (const name of migrationNames) {
    // So the bundle holds all of them, in one file.
    modules.set(name, (await import(/* webpackMode: "eager" */ `../../migrations/${name}.ts`)) as object);
  }
  return migrationsOf(modules);
}

/**
 * @param modules by the names of their files, in their order
 * @throws naming a file whose name is not of the form, or does not export the class of that name
 */
export function migrationsOf(modules: ReadonlyMap<string, object>): Migration[] {
  const numbers = new Set<string>();
  return Array.from(modules, ([file, module]) => {
    const [, number, words] = /^(\d{13})((?:-[a-z]+)+)$/.exec(file) ?? [];
    if (number === undefined || words === undefined) {
      throw new Error(
        `migrations/${file}.ts: the name is not a number of 13 digits and words, as 1700000000000-create-warehouse.ts`,
      );
    }
    if (numbers.size === numbers.add(number).size) {
      throw new Error(`migrations/${file}.ts has the number of another migration`);
    }
    const name = words.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()) + number;
    const migration: unknown = Object.entries(module).find(([exported]) => exported === name)?.[1];
    if (typeof migration !== 'function') {
      throw new Error(`migrations/${file}.ts exports no class ${name}`);
    }
    return migration as Migration;
  });
}
