import type { EntityMetadata } from 'typeorm';
import { declarations, type TableClass } from '@app/data-vault/columns';
import { inEnglish } from '@app/data-vault/comment';

/** A Markdown table of all columns that can hold personal data, and of what is left of a user who is forgotten. */
export function personalColumns(entities: EntityMetadata[]): string {
  const rows = entities.flatMap((entity) => {
    const table = declarations.get(entity.target as TableClass);
    return (table?.columns ?? []).flatMap(({ name, comment, personal }) =>
      personal
        ? `| \`${entity.tablePath}.${name}\` | ${inEnglish(comment)} | \`${personal.blankedTo}\` |`
        : [],
    );
  });
  return ['| Column | Holds | Of a forgotten user is left |', '| --- | --- | --- |', ...rows, ''].join('\n');
}
