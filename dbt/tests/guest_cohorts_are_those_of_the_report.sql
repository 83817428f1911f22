-- Fails for a row that differs from the view that the charts read.
{% set columns = 'cohort, months_later, users, orders, revenue' %}
(select {{ columns }} from {{ ref('guest_cohorts') }} except select {{ columns }} from report.guest_cohorts)
union all
(select {{ columns }} from report.guest_cohorts except select {{ columns }} from {{ ref('guest_cohorts') }})
