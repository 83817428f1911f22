import { columns } from '@app/warehouse/columns';
import { together } from '@app/warehouse/together';
import type { Client } from '@app/warehouse/warehouse';
import type { UserRule } from './count-conditions';
import type { RuleState } from './guest-counts';

/** What a rule says of a user now. */
export interface Judgement extends UserRule, RuleState {
  /** CLOSED orders of the user. */
  closed: number;
  /** Whether the state said otherwise. */
  hasChanged: boolean;
}

const states = columns(
  {
    user_id: 'uuid',
    rule_id: 'uuid',
    holds: 'boolean',
    order_cnt: 'integer',
    until: 'timestamp?',
    recheck_cnt: 'integer?',
    watched: 'integer',
  },
  'user_id',
  'rule_id',
);

/**
 * Stores states; one that is the same as of a guest without orders is no row. Their users are held. Both statements are
 * sent at once: what is sent next finds the states as they are then.
 */
export async function writeStates(client: Client, judgements: Judgement[]): Promise<void> {
  const isKept = ({ holds, isMatched }: Judgement) => holds || isMatched;
  const rows = judgements.filter(isKept).map(({ userId, ruleId, orders, slack, closed, ...state }) => ({
    user_id: userId,
    rule_id: ruleId,
    holds: state.holds,
    order_cnt: orders,
    until: state.until,
    recheck_cnt: slack === null ? null : closed + slack,
    watched: state.watched,
  }));
  await together(
    states.run(client, writeStatement, rows),
    removeStates(
      client,
      judgements.filter((one) => !isKept(one)),
    ),
  );
}

const writeStatement = {
  name: 'write_user_rule_states',
  text: /* sql */ `
    INSERT INTO cdm.user_rule_states AS known (${states.names})
    SELECT ${states.names} FROM ${states.unnest('judged')}
    ON CONFLICT (user_id, rule_id) DO UPDATE SET
      holds = EXCLUDED.holds, order_cnt = EXCLUDED.order_cnt, until = EXCLUDED.until, recheck_cnt = EXCLUDED.recheck_cnt,
      watched = EXCLUDED.watched
    WHERE (known.holds, known.order_cnt, known.until, known.recheck_cnt, known.watched)
      IS DISTINCT FROM (EXCLUDED.holds, EXCLUDED.order_cnt, EXCLUDED.until, EXCLUDED.recheck_cnt, EXCLUDED.watched)`,
};

const gone = columns({ user_id: 'uuid', rule_id: 'uuid' });

/** Without a name, as count-statement.ts says. */
export async function removeStates(client: Client, pairs: UserRule[]): Promise<void> {
  const text = /* sql */ `
    DELETE FROM cdm.user_rule_states known USING ${gone.unnest('gone')}
    WHERE known.user_id = gone.user_id AND known.rule_id = gone.rule_id AND ${gone.isAmong('known', 'user_id')}`;
  await gone.run(
    client,
    { text },
    pairs.map(({ userId, ruleId }) => ({ user_id: userId, rule_id: ruleId })),
  );
}
