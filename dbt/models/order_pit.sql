-- Point in time: for each moment at which an order changed, the row of every satellite that was true then. Joins by
-- equal keys instead of ranges of time.
with moments as (
    select h_order_pk, order_version, valid_from as as_of from {{ source('dds', 's_order_details') }}
)

select
    moments.h_order_pk,
    moments.as_of,
    moments.order_version,
    status.valid_from as status_valid_from,
    status.hk_order_status_hashdiff,
    order_user.h_user_pk,
    user_names.valid_from as user_names_valid_from,
    user_names.hk_user_names_hashdiff,
    order_restaurant.h_restaurant_pk,
    restaurant_names.valid_from as restaurant_names_valid_from,
    restaurant_names.hk_restaurant_names_hashdiff
from moments
inner join {{ source('dds', 'l_order_user') }} as order_user using (h_order_pk)
inner join {{ source('dds', 'l_order_restaurant') }} as order_restaurant using (h_order_pk)
left join lateral (
    select valid_from, hk_order_status_hashdiff from {{ source('dds', 's_order_status') }}
    where h_order_pk = moments.h_order_pk and valid_from <= moments.as_of
    order by valid_from desc, hk_order_status_hashdiff desc limit 1
) as status on true
left join lateral (
    select valid_from, hk_user_names_hashdiff from {{ source('dds', 's_user_names') }}
    where h_user_pk = order_user.h_user_pk and valid_from <= moments.as_of
    order by valid_from desc, hk_user_names_hashdiff desc limit 1
) as user_names on true
left join lateral (
    select valid_from, hk_restaurant_names_hashdiff from {{ source('dds', 's_restaurant_names') }}
    where h_restaurant_pk = order_restaurant.h_restaurant_pk and valid_from <= moments.as_of
    order by valid_from desc, hk_restaurant_names_hashdiff desc limit 1
) as restaurant_names on true
