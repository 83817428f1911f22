import { Injectable, Logger } from '@nestjs/common';
import { repeat } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { Clock } from './clock';
import { MOVES, readActiveRules } from './active-rules';
import type { UserRule } from './count-conditions';
import { decideTags } from './decide-tags';
import { holdUsers } from '../ledger/hold-users';
import { latestLocalTime } from '@app/values/local-time';
import { judgeUsers } from './judge-users';

const LOCK = 'cdm.move_tag_windows';
/** So many states at a time, for the patience of batches that wait for their users. */
const STEP_STATES = 500;
/** Rules are exact to the minute: a clock that goes back by less changes nothing. Milliseconds. */
const SET_BACK_MS = 60_000;

/**
 * Judges rules again when time may have changed what they say: orders leave a window, or are long ago by now. One
 * replica at a time does a step. Where the clock is set back, orders come into windows again: then all rules that move
 * with time are evaluated.
 */
@Injectable()
export class MoveWindowsJob {
  private readonly logger = new Logger('tag windows');
  /** What the clock said at the last step, in milliseconds since 1970. */
  private lastTime = -Infinity;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {
    repeat('tag windows', () => this.step());
  }

  private async step(): Promise<boolean> {
    const instant = this.clock.now();
    if (instant.getTime() < this.lastTime - SET_BACK_MS) {
      this.logger.warn('the clock was set back: rules that move with time are evaluated again');
      await this.warehouse.transaction(evaluateMoving);
    }
    this.lastTime = instant.getTime();
    const now = latestLocalTime(instant, this.environment.SOURCE_TIME_ZONE);
    const expired = await this.warehouse.poll((client) => expiredStates(client, now));
    const users = [...new Set(expired.map(({ userId }) => userId))];
    return users.length > 0 && this.warehouse.alone(LOCK, (client) => judge(client, users, now));
  }
}

async function evaluateMoving(client: Client): Promise<void> {
  await client.query(
    `INSERT INTO cdm.tag_evaluations (rule_id) SELECT id FROM cdm.tag_rules WHERE enabled AND ${MOVES}`,
  );
}

async function judge(client: Client, users: string[], now: string): Promise<boolean> {
  await holdUsers(client, users);
  const rules = await readActiveRules(client);
  const expired = await expiredStates(client, now, users);
  const judged = await judgeUsers(
    client,
    expired.map((one) => ({ ...one, more: 0, touched: 0, orders: 0, isSure: true })),
    rules,
    now,
  );
  await decideTags(client, users, rules, judged, now);
  return true;
}

/** @param users default: all */
async function expiredStates(client: Client, now: string, users?: string[]): Promise<UserRule[]> {
  const { rows } = await client.query<UserRule>({
    name: 'expired_states',
    text: /* sql */ `
    SELECT user_id AS "userId", rule_id AS "ruleId" FROM cdm.user_rule_states
    WHERE until <= $1::timestamp AND ($2::uuid[] IS NULL OR user_id = ANY ($2::uuid[]))
    ORDER BY until LIMIT ${STEP_STATES}`,
    values: [now, users],
  });
  return rows;
}
