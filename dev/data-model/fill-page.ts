import type { EntityMetadata } from 'typeorm';
import { entityDiagram } from './entity-diagram';
import { entitySection } from './entity-section';
import { personalColumns } from './personal-columns';

/**
 * The page with every part between `<!-- picture of SCHEMA -->`, `<!-- tables of SCHEMA -->` or `<!-- personal columns
 * -->` and `<!-- end -->` written from the entities. What stands around these parts is written by hand and stays.
 */
export function fillPage(page: string, entities: EntityMetadata[]): string {
  return page.replaceAll(
    /(<!-- (?:(picture|tables) of (\w+)|personal columns) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, kind: string | undefined, schema: string, end: string) => {
      if (!kind) {
        return `${start}\n${personalColumns(entities)}\n${end}`;
      }
      const ofSchema = entities.filter((entity) => entity.schema === schema);
      if (ofSchema.length === 0) {
        throw new Error(`${start.trim()}: no entity has the schema "${schema}"`);
      }
      const part = kind === 'picture' ? entityDiagram(ofSchema) : ofSchema.map(entitySection).join('\n');
      return `${start}\n${part}\n${end}`;
    },
  );
}
