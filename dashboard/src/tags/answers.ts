/* What the routes of tags answer and take; described in `/api/docs`. */

export const counts = ['orders', 'items', 'money', 'days_since_last_order', 'first_order'] as const;
export type Count = (typeof counts)[number];
export const matchKinds = ['product_pattern', 'product_id', 'category', 'restaurant_id'] as const;
export type MatchKind = (typeof matchKinds)[number];
export type Match = Partial<Record<MatchKind, string | string[]>>;

export interface Condition {
  not?: boolean;
  count: Count;
  /** One of the four; without it, any order. */
  match?: Match;
  at_least?: number;
  at_most?: number;
  last_days?: number;
  /** Days `YYYY-MM-DD`; the second is the first that no longer counts. */
  from?: string;
  to?: string;
}

export type Join = 'all_of' | 'any_of';
export type Group = Partial<Record<Join, Condition[]>>;
export type Conditions = Partial<Record<Join, (Condition | Group)[]>>;

/** What somebody says of a rule; the service adds the rest. */
export interface RuleInput {
  tag: string;
  conditions: Conditions;
  enabled: boolean;
}

export interface Rule extends RuleInput {
  id: string;
  created_by: string;
  created_at: string;
  changed_by?: string;
  changed_at?: string;
  evaluation?: 'pending' | 'done';
}

export interface Overview {
  tag: string;
  /** The audience now. */
  users: number;
  gained_today: number;
  lost_today: number;
  /** The audience at the end of each of the last 30 days, oldest first. */
  days: { day: string; users: number }[];
  /** The share of guests that is evaluated; null where nothing is evaluated. */
  progress: number | null;
}

export interface Bar {
  from: number;
  to: number;
  users: number;
}

export interface Preview {
  matching: number;
  assigned: number;
  revoked: number;
  sample: { source_user_id: string; user_id: string; order_cnt: number }[];
  histogram?: { bars: Bar[] };
}

export interface Backtest {
  /** The last 90 days, oldest first. */
  days: BacktestDay[];
  /** The last who would have got the tag, newest first; none for a viewer. */
  gains: { source_user_id: string; user_id: string; day: string }[];
}

export interface BacktestDay {
  day: string;
  /** The audience as the day ended. */
  users: number;
  gained: number;
  lost: number;
}

export interface AudiencePage {
  users: {
    source_user_id: string;
    user_id: string;
    order_cnt: number;
    since: string;
    /** A time of the source, without a zone. */
    last_order_at: string | null;
  }[];
  next: string | null;
  count: number;
}

export interface Overlap {
  tags: { tag: string; users: number }[];
  pairs: { tags: [string, string]; users: number }[];
  all: number;
}

export interface Change {
  number: number;
  rule_id: string;
  change: 'created' | 'changed' | 'deleted';
  before: Rule | null;
  after: Rule | null;
  changed_by: string;
  changed_at: string;
}

export interface Changes {
  changes: Change[];
  next: number | null;
}

export interface WebhookInput {
  address: string;
  /** Left out: all. */
  tags?: string[];
  enabled: boolean;
}

export interface Webhook {
  id: string;
  address: string;
  /** Null: all. */
  tags: string[] | null;
  enabled: boolean;
  created_by: string;
  created_at: string;
  /** Events. */
  waiting: number;
  oldest_waiting_at: string | null;
  failed: number;
  last_delivered_at: string | null;
  last_problem: string | null;
}

export interface WebhookTest {
  delivered: boolean;
  problem: string | null;
}

export interface FailedEvent {
  id: number;
  event: { event: 'assigned' | 'revoked'; tag: string; source_user_id: string };
  attempts: number;
  problem: string | null;
  failed_at: string;
}
