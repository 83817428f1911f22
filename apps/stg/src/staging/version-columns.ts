import type { UsedEntries } from '../dictionary/enrich-order';

/** How tables of stg name an order version. */
export const versionColumns = { object_id: 'bigint', order_version: 'text' } as const;

export interface OrderVersion {
  orderId: string;
  version: string;
}

export function versionRow({ orderId, version }: OrderVersion) {
  return { object_id: orderId, order_version: version };
}

/** How they say what it was enriched with: nothing while it waits. */
export const usedColumns = {
  user_entry_pk: 'uuid?',
  restaurant_entry_pk: 'uuid?',
  earlier_menus: 'jsonb?',
} as const;

export function usedRow(used: UsedEntries | null) {
  return {
    user_entry_pk: used?.userEntryPk ?? null,
    restaurant_entry_pk: used?.restaurantEntryPk ?? null,
    earlier_menus: used?.earlierMenus ? JSON.stringify(used.earlierMenus) : null,
  };
}

export interface UsedRow {
  user_entry_pk: string | null;
  restaurant_entry_pk: string | null;
  earlier_menus: Record<string, string> | null;
}

export function usedEntriesOf(row: UsedRow): UsedEntries | null {
  const {
    user_entry_pk: userEntryPk,
    restaurant_entry_pk: restaurantEntryPk,
    earlier_menus: earlierMenus,
  } = row;
  return userEntryPk !== null && restaurantEntryPk !== null
    ? { userEntryPk, restaurantEntryPk, earlierMenus }
    : null;
}
