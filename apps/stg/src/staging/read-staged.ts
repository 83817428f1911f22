import { parseJson } from '@app/contracts/parse-message';
import { SourceOrder } from '@app/contracts/source-order.contract';
import type { StagedOrder } from '@app/contracts/staged-order.contract';
import { validated } from '@app/contracts/validate';
import { decimalText } from '@app/values/exact-number';
import type { Client } from '@app/warehouse/warehouse';
import { enrichOrder, type DictionaryAnswers } from '../dictionary/enrich-order';
import { recallEntries } from '../dictionary/recall-entries';
import { usedEntriesOf } from './version-columns';

/** For the memory that they take. */
const PAGE_ORDERS = 1_000;

interface StagedRow {
  id: string;
  object_id: string;
  sent_dttm: string;
  payload: string;
  order_version: string;
  user_entry_pk: string;
  restaurant_entry_pk: string;
  earlier_menus: Record<string, string> | null;
}

/**
 * The order versions of staging as stg sent them on, oldest first, in pages; those that wait for the dictionary are
 * left out.
 * @param before a time: versions that were staged since are left out
 * @throws naming a version that cannot be enriched as it was
 */
export async function* readStaged(client: Client, before: string): AsyncGenerator<StagedOrder[]> {
  for (let last = '0'; ;) {
    const rows = await readPage(client, last, before);
    if (rows.length === 0) {
      return;
    }
    const answers = await recallEntries(
      client,
      rows.map((row) => usedEntriesOf(row)!),
    );
    yield rows.map((row, place) => enriched(row, answers[place]!));
    last = rows.at(-1)!.id;
  }
}

/** A version keeps its number when it is superseded, and both tables are read in one moment: each is met once. */
async function readPage(client: Client, last: string, before: string): Promise<StagedRow[]> {
  const page = (table: string) => /* sql */ `(
    SELECT id, object_id, sent_dttm, payload, order_version, user_entry_pk, restaurant_entry_pk, earlier_menus
    FROM stg.${table} WHERE id > $1 AND user_entry_pk IS NOT NULL AND load_dt < $2 ORDER BY id LIMIT ${PAGE_ORDERS})`;
  const { rows } = await client.query<StagedRow>(
    `${page('order_events')} UNION ALL ${page('superseded_order_events')} ORDER BY id LIMIT ${PAGE_ORDERS}`,
    [last, before],
  );
  return rows;
}

function enriched(row: StagedRow, answers: DictionaryAnswers): StagedOrder {
  const { object_id, sent_dttm, payload, order_version } = row;
  const order = validated(SourceOrder, {
    object_id: parseJson(object_id),
    object_type: 'order',
    sent_dttm,
    payload: parseJson(payload),
  });
  const enrichment = enrichOrder(order, order_version, answers);
  if (enrichment.kind === 'incomplete') {
    throw new Error(
      `dictionary entries of order ${decimalText(order.object_id)} are gone from stg.dictionary_entries`,
    );
  }
  return enrichment.staged;
}
