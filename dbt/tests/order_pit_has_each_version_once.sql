-- Fails for a version of an order that the table lacks or has twice.
select h_order_pk, order_version
from {{ source('dds', 's_order_details') }}
left join {{ ref('order_pit') }} using (h_order_pk, order_version)
group by h_order_pk, order_version
having count(as_of) <> 1
