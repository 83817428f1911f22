import type { Client } from '@app/warehouse/warehouse';
import type { What } from './audit-metrics';

/** How far a round is. */
export interface RoundState {
  what: What;
  lastKey: string | null;
  /** Whether it is under way. */
  isBegun: boolean;
  /** Batches counted by now less those when it began. */
  newBatches: string;
  wrong: number;
  /** Since it began. */
  seconds: number;
}

/** @returns in how many milliseconds each is due */
export async function dueRounds(client: Client): Promise<{ what: What; waitMs: number }[]> {
  const { rows } = await client.query<{ what: What; waitMs: number }>(/* sql */ `
    SELECT what, (extract(epoch FROM due_at - clock_timestamp()) * 1000)::float8 AS "waitMs" FROM cdm.audit_rounds`);
  return rows;
}

export async function addRounds(client: Client, whats: What[]): Promise<void> {
  await client.query(
    'INSERT INTO cdm.audit_rounds (what) SELECT unnest($1::text[]) ON CONFLICT (what) DO NOTHING',
    [whats],
  );
}

/** @returns undefined where the round is not due any more */
export async function takeRound(client: Client, what: What): Promise<RoundState | undefined> {
  const { rows } = await client.query<RoundState>(
    /* sql */ `
    SELECT what, last_key AS "lastKey", began_at IS NOT NULL AS "isBegun", wrong,
      (SELECT coalesce(sum(batch_cnt), 0) FROM cdm.counted_batches) - coalesce(batches, 0) AS "newBatches",
      extract(epoch FROM clock_timestamp() - coalesce(began_at, clock_timestamp()))::float8 AS seconds
    FROM cdm.audit_rounds WHERE what = $1 AND due_at <= clock_timestamp()`,
    [what],
  );
  return rows[0];
}

/** What a piece has done. */
export interface Step {
  /** Null: the round is over. */
  lastKey: string | null;
  checked: number;
  wrong: number;
  pauseSeconds: number;
}

export async function moveRound(client: Client, { what, isBegun }: RoundState, step: Step): Promise<void> {
  const { lastKey, checked, wrong, pauseSeconds } = step;
  if (!isBegun) {
    await client.query(
      /* sql */ `
      UPDATE cdm.audit_rounds SET began_at = now(), checked = 0, wrong = 0,
        batches = (SELECT coalesce(sum(batch_cnt), 0) FROM cdm.counted_batches)
      WHERE what = $1`,
      [what],
    );
  }
  await client.query(
    /* sql */ `
    UPDATE cdm.audit_rounds SET last_key = $2, due_at = clock_timestamp() + make_interval(secs => $5),
      checked = checked + $3, wrong = wrong + $4
    WHERE what = $1`,
    [what, lastKey, checked, wrong, pauseSeconds],
  );
  if (lastKey === null) {
    await client.query(
      /* sql */ `
      UPDATE cdm.audit_rounds SET covered_since = began_at, covered_at = clock_timestamp(), covered = checked, began_at = NULL
      WHERE what = $1`,
      [what],
    );
  }
}

/** What was looked at beside the round is paid for as well. */
export async function putOffRound(client: Client, what: What, seconds: number): Promise<void> {
  await client.query(
    `UPDATE cdm.audit_rounds SET due_at = greatest(due_at, clock_timestamp()) + make_interval(secs => $2) WHERE what = $1`,
    [what, seconds],
  );
}
