import type { ComparedVersion } from '@app/contracts/version-changes';
import type { Status } from '../questions/address';
import type { Named } from '../questions/answers';

/** What the routes of orders answer; described in `/api/docs`. Numbers of the list are texts, with every digit. */
export interface ListedOrder {
  order_id: string;
  ordered_at: string;
  restaurant: Named;
  status: Status;
  cost: string;
  payment: string;
}

export interface OrderSums {
  orders: string;
  closed_orders: string;
  revenue: string;
}

export interface OrdersPage {
  sums: OrderSums | null;
  orders: ListedOrder[];
  next: string | null;
}

export interface Waiting {
  since: string;
  attempts: number;
  next_attempt_at: string;
  missing: { kind: string; id: string; restaurant_id?: string }[];
}

export interface StagedVersion {
  version: string;
  sent_at: string;
  staged_at: string;
  is_newest: boolean;
  payload: string;
  /** Where it was received first: topic:partition:offset. */
  message: string | null;
  entries: { kind: 'user' | 'restaurant'; id: string; valid_from: string }[];
  earlier_menus: Record<string, string>;
  waiting: Waiting | null;
}

export interface VaultVersion extends ComparedVersion {
  version: string;
  in_vault_at: string;
}

export interface VaultOrder {
  source_user_id: string;
  restaurant_id: string;
  statuses: { status: string; since: string; in_vault_at: string }[];
  versions: VaultVersion[];
  menu_names: { product_id: string; valid_from: string; name: string }[];
}

export interface CountedOrder {
  version: string;
  status: string;
  counted_at: string;
  rows: { mart: string; of: string; orders: number }[];
  tags: { event: 'assigned' | 'revoked'; tag: string; orders: number; at: string }[];
}

export interface OrderTrace {
  order_id: string;
  staged: StagedVersion[];
  vault: VaultOrder | null;
  counted: CountedOrder | null;
  /** null: no broker answers. */
  dead_letters: RefusedMessages | null;
}

export interface RefusedMessages {
  letters: {
    /** Its place: topic:partition:offset. */
    dead_letter: string;
    refused_at: string;
    reason: string;
    field: string | null;
    message: string | null;
    state: 'open' | 'replayed' | 'discarded';
  }[];
  /** Older ones that were not looked at. */
  left: number;
}
