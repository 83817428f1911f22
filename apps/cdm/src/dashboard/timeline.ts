import { LosslessNumber } from 'lossless-json';
import type { Client } from '@app/warehouse/warehouse';
import { InvalidInput } from '../api/input.pipe';
import type { TimelineAnswer, TimelineQuery } from './dashboard.contract';
import { filterValues, isMatching, orderFilter } from './order-filter';

/** More points than any chart shows; hours of a year. */
const MOST_POINTS = 10_000;

interface TimelineRow {
  start: string;
  orders: number;
  closed_orders: number;
  revenue: string;
}

/**
 * From the step of `from` to that of the moment before `to`; where one is not told, from the oldest or to the newest order that counts.
 * @throws InvalidInput when that are too many points
 */
export async function timeline(client: Client, query: TimelineQuery): Promise<TimelineAnswer[]> {
  const { rows } = await client.query<TimelineRow>(
    /* sql */ `
    WITH counted AS (
      SELECT date_trunc($5, order_dt) AS start, count(*)::integer AS orders,
        count(*) FILTER (WHERE status = 'CLOSED')::integer AS closed_orders,
        sum(payment) FILTER (WHERE status = 'CLOSED') AS revenue
      FROM cdm.order_versions WHERE ${isMatching} GROUP BY 1
    ), bounds AS (
      SELECT coalesce(date_trunc($5, $3::timestamp), min(start)) AS oldest,
        coalesce(date_trunc($5, $4::timestamp - interval '1 microsecond'), max(start)) AS newest
      FROM counted
    )
    SELECT start, coalesce(orders, 0) AS orders, coalesce(closed_orders, 0) AS closed_orders,
      trim_scale(coalesce(revenue, 0)) AS revenue
    FROM bounds, generate_series(oldest, newest, ('1 ' || $5)::interval) AS step (start) LEFT JOIN counted USING (start)
    ORDER BY start LIMIT ${MOST_POINTS + 1}`,
    [...filterValues(orderFilter(query)), query.step],
  );
  if (rows.length > MOST_POINTS) {
    const message = `must be longer: there are more than ${MOST_POINTS} from the first to the last, got "${query.step}"`;
    throw new InvalidInput([{ field: 'step', message }]);
  }
  return rows.map((row) => ({ ...row, revenue: new LosslessNumber(row.revenue) }));
}
