import type { EntityMetadata } from 'typeorm';
import { entityDiagram } from './entity-diagram';
import { entitySection } from './entity-section';

/**
 * The page with every part between `<!-- picture of SCHEMA -->` or `<!-- tables of SCHEMA -->` and `<!-- end -->` written anew from
 * the entities of that schema. What stands around these parts is written by hand and stays.
 */
export function fillPage(page: string, entities: EntityMetadata[]): string {
  return page.replaceAll(
    /(<!-- (picture|tables) of (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, kind: string, schema: string, end: string) => {
      const ofSchema = entities.filter((entity) => entity.schema === schema);
      if (ofSchema.length === 0) throw new Error(`${start.trim()}: no entity has the schema "${schema}"`);
      const part = kind === 'picture' ? entityDiagram(ofSchema) : ofSchema.map(entitySection).join('\n');
      return `${start}\n${part}\n${end}`;
    },
  );
}
