import type { Pipeline } from '../../harness/pipeline';
import { tableDifferences } from '../../oracle/differences';
import type { Tables } from '../../oracle/rows';
import { tagEventDifferences } from '../../oracle/tag-events';
import { tagTables, type Rule } from '../../oracle/tags';
import { readTables } from '../../oracle/tables';

/**
 * Where tables differ from what is expected of them and, of tags, from what the rules give, as they stand in the
 * database; and where the published events do.
 * @param ahead by how many milliseconds the clock of the services is ahead
 */
export async function differencesWithTags(
  pipeline: Pipeline,
  expected: Tables,
  ahead = 0,
): Promise<string[]> {
  const { database } = pipeline;
  const rules = await database.rows<Rule>('SELECT * FROM cdm.tag_rules');
  const now = new Date(Date.now() + ahead).toISOString().slice(0, 19).replace('T', ' ');
  const tags = tagTables(expected, rules, now);
  const [events] = await database.rows<{ stored: number }>(
    'SELECT count(*)::integer AS stored FROM cdm.user_tag_events',
  );
  return [
    ...tableDifferences({ ...expected, ...tags }, await readTables(database.pool)),
    ...tagEventDifferences(tags['cdm.user_tags']!, events!.stored, await pipeline.outputs('cdm')),
  ];
}
