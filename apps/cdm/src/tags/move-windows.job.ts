import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { Clock } from './clock';
import { readActiveRules } from './active-rules';
import { recount } from './count-rules';
import { decideTags } from './decide-tags';
import { holdUsers } from '../ledger/hold-users';
import { latestLocalTime } from '@app/values/local-time';
import type { UserRule } from './rule-changes';

const LOCK = 'cdm.move_tag_windows';
/** So many counts at a time, for the patience of those who wait for their users. */
const STEP_COUNTS = 500;
/** A window is exact to the minute: a clock that goes back by less changes nothing. Milliseconds. */
const SET_BACK_MS = 60_000;

/**
 * Takes tags back whose orders have left the window of their rule. One replica at a time does a step. Where the clock
 * is set back, orders come into windows again: then all rules with a window are evaluated.
 */
@Injectable()
export class MoveWindowsJob implements OnModuleDestroy {
  private readonly logger = new Logger('tag windows');
  private readonly job = new RepeatedJob('tag windows', () => this.step());
  /** What the clock said at the last step, in milliseconds since 1970. */
  private lastTime = -Infinity;

  constructor(
    private readonly warehouse: Warehouse,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {}

  @Interval(1_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  private async step(): Promise<boolean> {
    const instant = this.clock.now();
    if (instant.getTime() < this.lastTime - SET_BACK_MS) {
      this.logger.warn('the clock was set back: rules with a window are evaluated again');
      await this.warehouse.transaction(evaluateWindows);
    }
    this.lastTime = instant.getTime();
    const now = latestLocalTime(instant, this.environment.SOURCE_TIME_ZONE);
    const expired = await this.warehouse.read((client) => expiredCounts(client, now));
    const users = [...new Set(expired.map(({ userId }) => userId))];
    return users.length > 0 && this.warehouse.alone(LOCK, (client) => judge(client, users, now));
  }
}

async function evaluateWindows(client: Client): Promise<void> {
  await client.query(
    'INSERT INTO cdm.tag_evaluations (rule_id) SELECT id FROM cdm.tag_rules WHERE enabled AND window_days IS NOT NULL',
  );
}

async function judge(client: Client, users: string[], now: string): Promise<boolean> {
  await holdUsers(client, users);
  const rules = await readActiveRules(client);
  const recounted = await recount(client, await expiredCounts(client, now, users), rules, now);
  await decideTags(client, users, rules, recounted, now);
  return true;
}

/** @param users all unless told */
async function expiredCounts(client: Client, now: string, users?: string[]): Promise<UserRule[]> {
  const { rows } = await client.query<UserRule>(
    /* sql */ `
    SELECT user_id AS "userId", rule_id AS "ruleId" FROM cdm.tag_rule_counts
    WHERE until <= $1::timestamp AND ($2::uuid[] IS NULL OR user_id = ANY ($2::uuid[]))
    ORDER BY until LIMIT ${STEP_COUNTS}`,
    [now, users],
  );
  return rows;
}
