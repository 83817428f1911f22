import type { Client } from '@app/warehouse/warehouse';
import { backtestQuery } from './backtest-query';
import type { Conditions } from './conditions';
import { NamedProducts } from './named-products';
import type { BacktestAnswer } from './tag-rule.contract';

/** So many days back, today included. */
const DAYS = 90;
/** Of those who would have won the tag, so many are shown. */
const MOST_GAINS = 100;

/**
 * The audience of a rule on each of the last days, had it been in force, from the ledger as it stands in one moment.
 * @param client in a snapshot
 * @param nowLocal the present in the time zone of the source
 */
export async function backtestRule(
  client: Client,
  conditions: Conditions,
  nowLocal: string,
): Promise<BacktestAnswer> {
  const today = nowLocal.slice(0, 10);
  const firstDay = new Date(Date.parse(today) - (DAYS - 1) * 86_400_000).toISOString().slice(0, 10);
  const products = await new NamedProducts(client).of(conditions);
  const { text, values } = backtestQuery(conditions, products, nowLocal, firstDay);
  const first = `$${values.length + 1}::date`;
  const { rows } = await client.query<{ days: string; gains: string }>(
    /* sql */ `
    WITH step AS MATERIALIZED (${text}
    ), daily AS (
      SELECT day, count(*) FILTER (WHERE holds) AS gained, count(*) FILTER (WHERE NOT holds) AS lost FROM step GROUP BY day
    ), summed AS (
      SELECT day, coalesce(gained, 0) AS gained, coalesce(lost, 0) AS lost,
        sum(coalesce(gained, 0) - coalesce(lost, 0)) OVER (ORDER BY day) AS users
      FROM (SELECT ${first} - 1 + n AS day FROM generate_series(0, ${DAYS}) AS number (n)) AS series LEFT JOIN daily USING (day)
    ), gain AS (
      SELECT source_user_id, user_id, day FROM step JOIN cdm.users USING (user_id) WHERE holds AND day >= ${first}
      ORDER BY day DESC, user_id LIMIT ${MOST_GAINS}
    )
    SELECT (SELECT json_agg(summed ORDER BY day) FROM summed WHERE day >= ${first}) AS days,
      (SELECT coalesce(json_agg(gain ORDER BY day DESC, user_id), '[]') FROM gain) AS gains`,
    [...values, firstDay],
  );
  return {
    days: JSON.parse(rows[0]!.days) as BacktestAnswer['days'],
    gains: JSON.parse(rows[0]!.gains) as BacktestAnswer['gains'],
  };
}
