import type { EntityMetadata } from 'typeorm';
import { declarations, type TableClass } from '@app/data-vault/columns';
import { isVaultTable, type VaultTable } from '@app/data-vault/declare';
import { marts } from '../../apps/cdm/src/marts/marts';

/** Which query or promise each index is there for, of those for which the declaration of the table does not say it. */
export const purposes: Record<string, string> = {
  dictionary_entries_pkey: 'an entry is stored once, and order versions find theirs',
  dictionary_entries_first_untimed:
    'one first entry a key: of two replicas that see two first entries at once, the second one dates its own with the clock',
  dictionary_entries_newest:
    'the newest entry of a key that Redis does not have, and the earlier menus of a restaurant',
  order_events_pkey: 'a rebuild reads staging in this order, page by page',
  order_events_object_id_key: 'one newest version an order; a batch finds and locks its orders',
  superseded_order_events_pkey: 'a rebuild reads staging in this order, page by page',
  superseded_order_events_version_key: 'every version once; a batch finds a version that comes again',
  pending_orders_pkey: 'a version waits once, and is found when it is taken on',
  pending_orders_next_attempt: 'a job asks each second for what is due',
  pending_orders_released: 'a job asks each second for what is to be published',
  pending_orders_given_up: 'a job asks each second for what operators gave up',
  skipped_messages_pkey: 'a message is recorded once, also when it is read again',
  h_category_category_name_key: 'one row a category name',
  users_pkey: 'a batch locks its users',
  users_source_user_id_key: 'one row a user of the source; the API is asked for tags by this id',
  order_versions_pkey: 'one row an order; a batch reads and writes the ledger',
  order_versions_object_id_key: 'one row an order of the source; orders are looked for by this id',
  order_versions_user: 'the orders of a user: windows of tag rules, new rules, a rebuild',
  order_versions_change: 'the copy of the ledger asks for what later transactions wrote',
  order_versions_time: 'figures of a period that neither a mart nor the copy answers, and the newest order',
  order_versions_restaurant: 'figures of a restaurant that neither a mart nor the copy answers',
  counted_batches_pkey: 'one row a partition, which a batch changes',
  audit_rounds_pkey: 'one row a round, which a piece changes',
  audit_findings_pkey: 'what is found again, or is right again, is noted by its number',
  product_names_pkey: 'one newest name a product; a batch takes names from here',
  product_names_spreading: 'a job asks each second for names that older rows may not show yet',
  restaurant_names_pkey: 'one newest name a restaurant; a batch takes names from here',
  restaurant_names_spreading: 'a job asks each second for names that older rows may not show yet',
  tag_rules_pkey: 'the API names a rule by its id',
  tag_evaluations_pkey: 'a job takes the oldest first',
  tag_rule_changes_pkey: 'the API lists changes from the newest to the oldest, page by page',
  tag_rule_changes_rule: 'the same of one rule, and the newest change of each',
  tag_rule_products_pkey: 'a product stands once for a pattern',
  user_rule_states_pkey: 'one state a user and rule, which a batch reads and changes',
  user_rule_states_until: 'a job asks each second for states whose moment has come',
  user_tags_pkey: 'a user holds a tag once; a batch reads the tags of its users',
  user_tags_tag: 'the API lists the users who hold a tag, page by page',
  user_tag_events_pkey: 'an event has one id, by which consumers know a repeat',
  user_tag_events_number_key:
    'the numbers of the events of a user do not repeat; the next one follows the greatest',
  user_tag_events_unpublished: 'a job asks each second for what is to be published, in this order',
  user_tag_events_time: 'the API goes from the audience of now back to those of the last 30 days',
  webhooks_pkey: 'the API names a webhook by its id',
  webhook_deliveries_pkey: 'what was posted is noted by its number',
  webhook_deliveries_event_key: 'an event is handed over to a webhook once',
  webhook_deliveries_fresh: 'the next events of a webhook, in this order',
  webhook_deliveries_retried: 'the events of a webhook that are due to be tried again',
  webhook_deliveries_failed: 'the API lists what was given up, page by page',
  webhook_deliveries_user: 'an event waits for the earlier ones of its user',
  dead_letters_pkey: 'one count a service and reason, to which it adds',
  positions_pkey: 'one position a partition, which a batch moves',
  schema_version_pkey: 'a migration is noted once; services ask which ones were run',
  service_states_pkey: 'one row a process, which it changes every two seconds',
  forgotten_users_pkey: 'a user is forgotten once; new entries are looked up here',
  forgotten_users_h_user_pk_key: 'new rows of users are looked up here by their hash key',
  replayed_dead_letters_pkey: 'a dead letter is sent again once',
  discarded_dead_letters_pkey: 'a dead letter is done with once',
};

/**
 * What the primary key is for.
 * @throws where nobody has said it
 */
export function purposeOfKey(entity: EntityMetadata): string {
  const table = declarations.get(entity.target as TableClass);
  if (table && isVaultTable(table)) {
    return vaultKeys[table.kind];
  }
  if (isMart(entity)) {
    return entity.primaryColumns.some(({ isGenerated }) => isGenerated)
      ? 'the number of the row, for tools that need a key of one column'
      : MART_KEY;
  }
  return purposeOf(`${entity.tableName}_pkey`);
}

/**
 * What a unique key is for.
 * @throws where nobody has said it
 */
export function purposeOfUnique(entity: EntityMetadata, name: string): string {
  const table = declarations.get(entity.target as TableClass);
  if (table && isVaultTable(table)) {
    return uniqueOf(table);
  }
  return isMart(entity) ? MART_KEY : purposeOf(name);
}

/**
 * What an index is for.
 * @throws where nobody has said it
 */
export function purposeOf(name: string): string {
  const purpose = purposes[name];
  if (purpose === undefined) {
    throw new Error(`dev/data-model/index-purposes.ts does not say which query or promise ${name} is for`);
  }
  return purpose;
}

const vaultKeys: Record<VaultTable['kind'], string> = {
  hub: 'found by hash key: rows that are loaded again, and foreign keys',
  link: 'found by hash key: rows that are loaded again, and the foreign keys of satellites',
  satellite: 'each row once, however often it is loaded; the history of one parent lies together',
};

const MART_KEY = 'one row of each grain, in slots one of each slot, which a batch changes';

function uniqueOf({ kind, drivingKey }: VaultTable): string {
  if (kind === 'hub') {
    return 'one row a business key; looked for by people';
  }
  return drivingKey === undefined
    ? 'each pair once; found from the first of the two'
    : 'an order has one such link for ever; found from the order';
}

function isMart({ schema, tableName }: EntityMetadata): boolean {
  const table = `${schema}.${tableName}`;
  return marts.some(({ name, slots }) => table === (slots?.table ?? `cdm.${name}`));
}
