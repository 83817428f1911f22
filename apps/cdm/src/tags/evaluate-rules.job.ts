import { Injectable } from '@nestjs/common';
import { failpoint } from '@app/failpoints/failpoint';
import { repeat } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { untilBatchesEnd } from '../ledger/batches-in-hand';
import { CdmEnvironment } from '../environment/cdm.environment';
import { Clock } from './clock';
import { readActiveRules } from './active-rules';
import { decideTags } from './decide-tags';
import {
  endStep,
  EVALUATION_LOCK,
  isAtItsPlace,
  nextUsers,
  outstandingEvaluation,
  type Evaluation,
} from './evaluations';
import { latestLocalTime } from '@app/values/local-time';
import { everyRule, judgeUsers } from './judge-users';
import { judgeAgain, judgeRules } from './rule-products';
import { holdUsers } from '../ledger/hold-users';

/**
 * Evaluates for all users, from the ledger, the rules that were added, changed, disabled or deleted, and products that
 * patterns begin or cease to match. One replica at a time does a step; a step is a transaction, and the next one goes
 * on where it ended, also after a crash.
 *
 * A batch that locked a user before the change is known has committed before this job locks the same user. Later
 * batches know, and count from the ledger themselves. But the job meets only users and products that are committed,
 * hence the two barriers.
 */
@Injectable()
export class EvaluateRulesJob {
  constructor(
    private readonly warehouse: Warehouse,
    private readonly clock: Clock,
    private readonly environment: CdmEnvironment,
  ) {
    repeat('tag rules', (progress) => this.step(progress));
  }

  private async step(progress: () => void): Promise<boolean> {
    const evaluation = await this.warehouse.poll(outstandingEvaluation);
    if (!evaluation) {
      return false;
    }
    if (evaluation.lastUser === null) {
      await untilBatchesEnd(this.warehouse);
      progress();
      if (!(await this.warehouse.alone(EVALUATION_LOCK, (client) => judgeProducts(client, evaluation)))) {
        return false;
      }
      progress();
      await untilBatchesEnd(this.warehouse);
      progress();
    }
    const isDone = await this.warehouse.alone(EVALUATION_LOCK, (client) =>
      this.evaluateUsers(client, evaluation),
    );
    FAILPOINTS && isDone && failpoint('evaluation_after_commit');
    return isDone;
  }

  private async evaluateUsers(client: Client, evaluation: Evaluation): Promise<boolean> {
    if (!(await isAtItsPlace(client, evaluation))) {
      return true;
    }
    const users = await nextUsers(client, evaluation);
    await holdUsers(client, users);
    const rules = await readActiveRules(client);
    const patterns = rules
      .filter(({ list }) => list.some(({ match }) => match.kind === 'pattern'))
      .map(({ id }) => id);
    const ruleIds = evaluation.kind === 'rules' ? evaluation.ids : patterns;
    const now = latestLocalTime(this.clock.now(), this.environment.SOURCE_TIME_ZONE);
    const judged = await judgeUsers(client, everyRule(users, ruleIds), rules, now);
    await decideTags(client, users, rules, judged, now);
    await endStep(client, evaluation, users);
    FAILPOINTS && failpoint('evaluation_before_commit');
    return true;
  }
}

async function judgeProducts(client: Client, evaluation: Evaluation): Promise<boolean> {
  if (await isAtItsPlace(client, evaluation)) {
    const rules = await readActiveRules(client);
    await (evaluation.kind === 'products'
      ? judgeAgain(client, rules, evaluation.ids)
      : judgeRules(client, rules, evaluation.ids));
  }
  return true;
}
