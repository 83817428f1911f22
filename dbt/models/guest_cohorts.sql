-- Guests by the month of their first closed order, and how many of them ordered so many months later.
with active as (
    select user_id, date_trunc('month', order_dt)::date as month, count(*) as orders, sum(payment) as revenue
    from {{ source('cdm', 'order_versions') }}
    where status = 'CLOSED'
    group by user_id, date_trunc('month', order_dt)
),

placed as (
    select *, min(month) over (partition by user_id) as cohort from active
)

select
    cohort,
    (12 * (extract(year from month) - extract(year from cohort))
        + extract(month from month) - extract(month from cohort))::integer as months_later,
    count(*)::integer as users,
    sum(orders)::integer as orders,
    sum(revenue) as revenue
from placed
group by cohort, months_later
