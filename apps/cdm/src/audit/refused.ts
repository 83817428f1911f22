import type { Layers } from './layers';
import { rowName, type WrongRow } from './wrong-rows';

/** Where a version is missing that a service has refused after it was staged, and what counts such messages. */
const refusals: Record<string, string> = {
  'stg.pending_orders': `service = 'stg' AND reason IN ('no_dictionary', 'message_too_large', 'database_refused')`,
  'dds.s_order_details': `service = 'dds' OR service = 'stg' AND reason = 'output_refused'`,
  'cdm.order_versions': `service = 'cdm' OR service = 'dds' AND reason = 'output_refused'`,
};

/**
 * A version that a service has refused after it was staged goes no further: it is a dead letter, and not lost. Which
 * versions those are no table says, only how many they are. So many may be missing.
 */
export class RefusedVersions {
  /** Names of rows, by table. */
  private readonly missing = new Map<string, Set<string>>();

  /**
   * @param rows that are missing though the pipeline is done with them
   * @returns those of them that are no dead letters
   */
  async without(layers: Layers, rows: WrongRow[]): Promise<WrongRow[]> {
    const lost: WrongRow[] = [];
    const most = new Map<string, number>();
    for (const row of rows) {
      const { table } = row;
      const known = this.missing.get(table) ?? new Set<string>();
      this.missing.set(table, known);
      if (!most.has(table)) {
        most.set(table, table in refusals ? await countRefused(layers, refusals[table]!) : 0);
      }
      if (known.has(rowName(row)) || known.size < most.get(table)!) {
        known.add(rowName(row));
      } else {
        lost.push(row);
      }
    }
    return lost;
  }
}

/** Each service counts where its own tables are. */
async function countRefused(layers: Layers, condition: string): Promise<number> {
  let count = 0;
  for (const layer of ['stg', 'dds', 'cdm'] as const) {
    const [row] = await layers.rows<{ messages: number }>(
      layer,
      /* sql */ `
      SELECT coalesce(sum(messages), 0)::float8 AS messages FROM pipeline.dead_letters WHERE service = $1 AND (${condition})`,
      [layer],
    );
    count += row!.messages;
  }
  return count;
}
