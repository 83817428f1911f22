import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../cdm.environment';
import { Clock } from '../clock';
import { readActiveRules } from './active-rules';
import { recount } from './count-rules';
import { decideTags } from './decide-tags';
import { holdUsers } from '../hold-users';
import { localTime } from '@app/contracts/local-time';
import type { UserRule } from './rule-changes';

const LOCK = 'cdm.move_tag_windows';
/** So many counts at a time, for the patience of those who wait for their users. */
const STEP_COUNTS = 500;

/** Takes tags back whose orders have left the window of their rule. One replica at a time does a step. */
@Injectable()
export class MoveWindowsJob implements OnModuleDestroy {
  private readonly job = new RepeatedJob('tag windows', () => this.step());

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
    const now = localTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
    const expired = await this.warehouse.read((client) => expiredCounts(client, now));
    const users = [...new Set(expired.map(({ userId }) => userId))];
    return users.length > 0 && this.warehouse.alone(LOCK, (client) => judge(client, users, now));
  }
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
