/** What the routes of `/api` answer; described in `/api/docs`. Times of orders carry no zone. */
export interface Named {
  id: string;
  name: string;
}

export interface Popular extends Named {
  /** Distinct CLOSED orders, or their users. */
  value: number;
  /** Of all CLOSED orders, or their users, under the same filters. */
  share: number;
}

export interface PopularRestaurant extends Popular {
  categories: (Named & { value: number })[];
}

export interface Summary {
  orders: number;
  closed_orders: number;
  closed_share: number | null;
  users: number;
  revenue: number;
  average_bill: number | null;
  /** As `2023-08-05 06:28:54`. */
  newest_order_at: string | null;
  as_of: string | null;
}

export interface TimelineStep {
  /** As `2023-08-05 00:00:00`. */
  start: string;
  orders: number;
  closed_orders: number;
  revenue: number;
}

export interface Audience {
  tag: string;
  users: number;
}

export interface ServiceState {
  service: string;
  /** Null: the broker did not answer. */
  lag: number | null;
  messages_per_second: number | null;
  freshness_seconds: number | null;
  parked: { missing: string; orders: number }[];
  /** `open`: neither replayed nor discarded. */
  dead_letters: { reason: string; messages: number; open: number }[];
  /** `at`: when it was stored. */
  newest_version: { object_id: number; order_version: string; at: string } | null;
  seen_at: string | null;
}

/** What the auditor looks at in rounds, since when it has looked at everything, and how much is wrong. */
export interface AuditState {
  rounds: { what: string; covered_since: string | null; checked: number; wrong: number }[];
}

export interface PipelineState {
  at: string;
  services: ServiceState[];
  /** Since when figures may lack orders, because a service is silent or does not get on. */
  stale_since: string | null;
}

/** Of an event `change` of `/api/stream`. */
export interface Change {
  as_of: string;
  closed_orders: number;
  newest_order_at: string | null;
}
