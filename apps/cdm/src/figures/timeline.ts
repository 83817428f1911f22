import { LosslessNumber } from 'lossless-json';
import type { Client } from '@app/warehouse/warehouse';
import { InvalidInput } from '../http/input.pipe';
import type { Step, TimelineAnswer, TimelineQuery } from './dashboard.contract';
import { SALES } from './denominators';
import { orderFilter } from './order-filter';

/** More points than any chart shows; hours of a year. */
export const MOST_POINTS = 10_000;

/**
 * Dates that orders can have: since this day, and up to tomorrow. Without a beginning or an end, a timeline does not
 * stretch to an order with another one, or one wrong date would make it too long for any chart.
 */
export const OLDEST_DATE = '1970-01-01';

interface TimelineRow {
  start: string;
  orders: number;
  closed_orders: number;
  revenue: string;
}

/**
 * From the step of `from` to that of the moment before `to`; without one, from the oldest or to the newest
 * order that counts, of those with likely dates if there are any.
 * @throws InvalidInput when that are too many points
 */
export async function timeline(client: Client, query: TimelineQuery): Promise<TimelineAnswer[]> {
  const filter = orderFilter(query);
  const [step, from, to] = [1, 2, 3].map((place) => `$${filter.values.length + place}`);
  const isLikely = `start BETWEEN '${OLDEST_DATE}' AND now() AT TIME ZONE 'UTC' + interval '1 day'`;
  const counted =
    filter.hasWholeDays && query.step !== 'hour'
      ? /* sql */ `
        SELECT date_trunc(${step}::text, day::timestamp) AS start, sum(order_cnt)::integer AS orders,
          sum(closed_order_cnt)::integer AS closed_orders, sum(payment) AS revenue
        FROM ${SALES} WHERE ${filter.sales} GROUP BY 1 HAVING sum(order_cnt) <> 0`
      : /* sql */ `
        SELECT date_trunc(${step}::text, order_dt) AS start, count(*)::integer AS orders,
          count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
          coalesce(sum(payment) FILTER (WHERE status = 'CLOSED'), 0) AS revenue
        FROM cdm.order_versions WHERE ${filter.order} GROUP BY 1`;
  const { rows } = await client.query<TimelineRow>(
    /* sql */ `
    WITH counted AS (${counted}), bounds AS (
      SELECT coalesce(date_trunc(${step}::text, ${from}::timestamp), min(start) FILTER (WHERE ${isLikely}), min(start)) AS oldest,
        coalesce(date_trunc(${step}::text, ${to}::timestamp - interval '1 microsecond'),
          max(start) FILTER (WHERE ${isLikely}), max(start)) AS newest
      FROM counted
    )
    SELECT start, coalesce(orders, 0) AS orders, coalesce(closed_orders, 0) AS closed_orders,
      trim_scale(coalesce(revenue, 0)) AS revenue
    FROM bounds CROSS JOIN LATERAL (
      -- In the list of SELECT it is made as far as it is read; in FROM all of it would be written down first.
      SELECT generate_series(oldest, newest, ('1 ' || ${step}::text)::interval) AS start LIMIT ${MOST_POINTS + 1}
    ) AS step LEFT JOIN counted USING (start)
    ORDER BY start`,
    [...filter.values, query.step, query.from, query.to],
  );
  if (rows.length > MOST_POINTS) {
    throw tooManyPoints(query.step);
  }
  return rows.map((row) => ({ ...row, revenue: new LosslessNumber(row.revenue) }));
}

export function tooManyPoints(step: Step): InvalidInput {
  const message = `must be longer: there are more than ${MOST_POINTS} from the first to the last, got "${step}"`;
  return new InvalidInput([{ field: 'step', message }]);
}
