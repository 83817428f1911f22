import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Views of guests without a person: how many there are by month, when they come again, and which dishes they order together. */
export class ReportGuests1700000019000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(views);
    await runner.query(comments);
    await runner.query(rights);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP VIEW report.monthly_guests, report.guest_cohorts, report.repeat_orders, report.dish_pairs',
    );
  }
}

/** A row is a guest in a month with closed orders, with the month of the first. */
const guestMonths = /* sql */ `(
      SELECT user_id, month, orders, revenue, min(month) OVER (PARTITION BY user_id) AS cohort
      FROM (
        SELECT user_id, date_trunc('month', order_dt)::date AS month, count(*) AS orders, sum(payment) AS revenue
        FROM cdm.order_versions WHERE status = 'CLOSED' GROUP BY user_id, date_trunc('month', order_dt)
      ) AS active
    ) AS guest`;

/** Each cohort has all its guests in its first month, so the size of the first row is the size of the cohort. */
const views = /* sql */ `
  CREATE VIEW report.monthly_guests AS
    SELECT month, count(*)::integer AS users, (count(*) FILTER (WHERE month = cohort))::integer AS new_users,
      (count(*) FILTER (WHERE month > cohort))::integer AS returning_users, sum(orders)::integer AS orders, sum(revenue) AS revenue
    FROM ${guestMonths} GROUP BY month;

  CREATE VIEW report.guest_cohorts AS
    SELECT cohort, months_later, first_value(users) OVER cohorts AS cohort_users, users,
      round(users / first_value(users) OVER cohorts::numeric, 6) AS share_of_users, orders, revenue
    FROM (
      SELECT cohort, months_later, count(*)::integer AS users, sum(orders)::integer AS orders, sum(revenue) AS revenue
      FROM (
        SELECT cohort, orders, revenue,
          (12 * (extract(year FROM month) - extract(year FROM cohort)) + extract(month FROM month) - extract(month FROM cohort))::integer
            AS months_later
        FROM ${guestMonths}
      ) AS placed GROUP BY cohort, months_later
    ) AS counted
    WINDOW cohorts AS (PARTITION BY cohort ORDER BY months_later);

  CREATE VIEW report.repeat_orders AS
    SELECT closed_order_cnt AS orders, count(*)::integer AS users, round(count(*) / sum(count(*)) OVER (), 6) AS share_of_users
    FROM cdm.users WHERE closed_order_cnt > 0 GROUP BY closed_order_cnt;

  CREATE VIEW report.dish_pairs AS
    SELECT pair.dish_id, one.product_name AS dish, pair.other_dish_id, other.product_name AS other_dish, pair.orders,
      round(pair.orders / total.orders, 6) AS share_of_orders,
      round(pair.orders * total.orders / (one_count.order_cnt::numeric * other_count.order_cnt), 3) AS lift
    FROM (
      SELECT dish_id, other_dish_id, count(*)::integer AS orders
      FROM cdm.order_versions
      CROSS JOIN unnest(product_ids) AS one (dish_id) CROSS JOIN unnest(product_ids) AS other (other_dish_id)
      WHERE status = 'CLOSED' AND dish_id < other_dish_id GROUP BY dish_id, other_dish_id
    ) AS pair
    JOIN cdm.product_names one ON one.product_id = dish_id
    JOIN cdm.product_names other ON other.product_id = other_dish_id
    JOIN cdm.product_popularity one_count ON one_count.product_id = dish_id
    JOIN cdm.product_popularity other_count ON other_count.product_id = other_dish_id
    CROSS JOIN (SELECT sum(closed_order_cnt)::numeric AS orders FROM cdm.daily_sales) AS total;
`;

const comments = /* sql */ `
  COMMENT ON VIEW report.monthly_guests IS 'Гости по месяцам: новые и вернувшиеся / Guests by month: new and returning';
  COMMENT ON COLUMN report.monthly_guests.month IS 'Первый день месяца заказов / First day of the month of the orders';
  COMMENT ON COLUMN report.monthly_guests.users IS 'Гости с закрытыми заказами в этом месяце / Guests with closed orders in the month';
  COMMENT ON COLUMN report.monthly_guests.new_users IS 'Из них с первым закрытым заказом в этом месяце / Of them, those whose first closed order is of the month';
  COMMENT ON COLUMN report.monthly_guests.returning_users IS 'Из них с закрытыми заказами до этого месяца / Of them, those with closed orders before the month';
  COMMENT ON COLUMN report.monthly_guests.orders IS 'Закрытые заказы / Closed orders';
  COMMENT ON COLUMN report.monthly_guests.revenue IS 'Оплачено по закрытым заказам / Paid for closed orders';

  COMMENT ON VIEW report.guest_cohorts IS 'Когорты: гости одного месяца первого заказа, и сколько из них заказали спустя столько-то месяцев / Cohorts: guests by the month of their first order, and how many of them ordered so many months later';
  COMMENT ON COLUMN report.guest_cohorts.cohort IS 'Первый день месяца первого закрытого заказа / First day of the month of the first closed order';
  COMMENT ON COLUMN report.guest_cohorts.months_later IS 'Сколько месяцев спустя; 0: месяц первого заказа / How many months later; 0: the month of the first order';
  COMMENT ON COLUMN report.guest_cohorts.cohort_users IS 'Гости когорты / Guests of the cohort';
  COMMENT ON COLUMN report.guest_cohorts.users IS 'Из них с закрытыми заказами в том месяце / Of them, those with closed orders in that month';
  COMMENT ON COLUMN report.guest_cohorts.share_of_users IS 'Доля от гостей когорты, от 0 до 1 / Share of the guests of the cohort, from 0 to 1';
  COMMENT ON COLUMN report.guest_cohorts.orders IS 'Их закрытые заказы в том месяце / Their closed orders in that month';
  COMMENT ON COLUMN report.guest_cohorts.revenue IS 'Оплачено по этим заказам / Paid for these orders';

  COMMENT ON VIEW report.repeat_orders IS 'Повторные заказы: сколько гостей сделали столько-то заказов, за всё время / Repeat orders: how many guests made so many orders, all time';
  COMMENT ON COLUMN report.repeat_orders.orders IS 'Закрытые заказы гостя / Closed orders of a guest';
  COMMENT ON COLUMN report.repeat_orders.users IS 'Гости с таким числом заказов / Guests with that many';
  COMMENT ON COLUMN report.repeat_orders.share_of_users IS 'Доля от всех гостей с закрытыми заказами, от 0 до 1 / Share of all guests with closed orders, from 0 to 1';

  COMMENT ON VIEW report.dish_pairs IS 'Корзины: два блюда одного закрытого заказа, каждая пара один раз, за всё время / Baskets: two dishes of one closed order, each pair once, all time';
  COMMENT ON COLUMN report.dish_pairs.dish_id IS 'Ключ одного блюда / Key of one dish';
  COMMENT ON COLUMN report.dish_pairs.dish IS 'Новейшее название одного блюда / Newest name of one dish';
  COMMENT ON COLUMN report.dish_pairs.other_dish_id IS 'Ключ другого блюда / Key of the other dish';
  COMMENT ON COLUMN report.dish_pairs.other_dish IS 'Новейшее название другого блюда / Newest name of the other dish';
  COMMENT ON COLUMN report.dish_pairs.orders IS 'Закрытые заказы с обоими блюдами / Closed orders with both dishes';
  COMMENT ON COLUMN report.dish_pairs.share_of_orders IS 'Доля от всех закрытых заказов, от 0 до 1 / Share of all closed orders, from 0 to 1';
  COMMENT ON COLUMN report.dish_pairs.lift IS 'Во сколько раз чаще вместе, чем если бы блюда выбирали независимо / How many times as often together as if dishes were chosen independently';
`;

const rights = /* sql */ `
  DO $$
  BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'report_reader') THEN
      GRANT SELECT ON report.monthly_guests, report.guest_cohorts, report.repeat_orders, report.dish_pairs TO report_reader;
    END IF;
  END
  $$;
`;
