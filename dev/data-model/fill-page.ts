import type { EntityMetadata } from 'typeorm';
import type { TableClass } from '@app/data-vault/columns';
import { marts } from '../../apps/cdm/src/marts/marts';
import type { Edition } from './editions';
import { entityDiagram } from './entity-diagram';
import { entitySection } from './entity-section';
import { personalColumns } from './personal-columns';

/**
 * The page with every part between `<!-- picture of SCHEMA -->`, `<!-- tables of SCHEMA -->` or `<!-- personal columns
 * -->` and `<!-- end -->` written from the entities. What stands around these parts is written by hand and stays.
 */
export function fillPage(page: string, entities: EntityMetadata[], edition: Edition): string {
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
      const shown = edition.isForBuilders ? ofSchema : ofSchema.filter((entity) => !isSlots(entity));
      const part =
        kind === 'picture'
          ? entityDiagram(ofSchema)
          : shown.map((entity) => entitySection(entity, edition)).join('\n');
      return `${start}\n${part}\n${end}`;
    },
  );
}

/** Whether its rows are those of the slots of a mart, which say nothing alone. */
function isSlots(entity: EntityMetadata): boolean {
  return marts.some(({ slots }) => slots?.entity === (entity.target as TableClass));
}
