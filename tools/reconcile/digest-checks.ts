import { recompute, type Check } from './check';

/** Hash keys and hashdiffs of the vault, computed again from the business keys and the attributes. */
export function digestChecks(): Check[] {
  return [
    hub('user', 'user_id'),
    hub('restaurant', 'restaurant_id'),
    hub('product', 'product_id'),
    hub('category', 'category_name'),
    hub('order', 'order_id::text'),
    link('order', 'user', 'order_id::text, user_id'),
    link('order', 'restaurant', 'order_id::text, restaurant_id'),
    link('order', 'product', 'order_id::text, product_id'),
    link('product', 'restaurant', 'product_id, restaurant_id'),
    link('product', 'category', 'product_id, category_name'),
    satellite('user_names', ['h_user_pk', 'valid_from'], 'username, userlogin'),
    satellite('restaurant_names', ['h_restaurant_pk', 'valid_from'], 'name'),
    satellite('product_names', ['h_product_pk', 'valid_from'], 'name'),
    satellite('order_status', ['h_order_pk', 'valid_from'], 'status'),
    satellite(
      'order_cost',
      ['h_order_pk', 'order_version'],
      'trim_scale(cost)::text, trim_scale(payment)::text',
    ),
    satellite(
      'order_details',
      ['h_order_pk', 'order_version'],
      'final_status, order_dt::text, sent_dttm::text, trim_scale(bonus_payment)::text, trim_scale(bonus_grant)::text',
    ),
    satellite(
      'order_product',
      ['hk_order_product_pk', 'order_version', 'line'],
      'name, trim_scale(price)::text, quantity::text, category_name',
    ),
    satellite(
      'product_category',
      ['hk_product_category_pk', 'valid_from'],
      'category_name',
      'dds.s_product_category JOIN dds.l_product_category USING (hk_product_category_pk) JOIN dds.h_category USING (h_category_pk)',
    ),
  ];
}

function hub(name: string, businessKey: string): Check {
  const key = `h_${name}_pk`;
  return recompute(`dds.h_${name}`, [key], key, `dds.hash_key('h_${name}', ${businessKey})`);
}

function link(first: string, second: string, businessKeys: string): Check {
  const name = `l_${first}_${second}`;
  const key = `hk_${first}_${second}_pk`;
  const from = `(
    SELECT ${key}, ${businessKeys.replaceAll('::text', '')}
    FROM dds.${name} JOIN dds.h_${first} USING (h_${first}_pk) JOIN dds.h_${second} USING (h_${second}_pk)) AS joined`;
  return recompute(`dds.${name}`, [key], key, `dds.hash_key('${name}', ${businessKeys})`, from);
}

function satellite(name: string, key: string[], attributes: string, joined = `dds.s_${name}`): Check {
  const column = `hk_${name}_hashdiff`;
  const columns = attributes.replaceAll(/trim_scale\((\w+)\)/g, '$1').replaceAll('::text', '');
  const from = `(SELECT ${key.join(', ')}, ${column}, ${columns} FROM ${joined}) AS rows`;
  return recompute(`dds.s_${name}`, key, column, `dds.hash_key('s_${name}', ${attributes})`, from);
}
