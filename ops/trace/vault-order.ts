import type { Client } from '@app/warehouse/warehouse';

/** A line of an order: a product, as ordered. */
export interface OrderLine {
  product: string;
  /** The name as ordered. */
  name: string;
  price: string;
  quantity: string;
  category: string;
}

/** A version of an order, as the vault has it. */
export interface VaultVersion {
  version: string;
  inVaultAt: Date;
  status: string;
  madeAt: string;
  cost: string;
  payment: string;
  bonusPayment: string;
  bonusGrant: string;
  lines: OrderLine[];
}

export interface VaultOrder {
  user: string;
  restaurant: string;
  statuses: { status: string; since: string; inVaultAt: Date }[];
  versions: VaultVersion[];
  menuNames: MenuName[];
}

/** What a menu called a product since a time. */
export interface MenuName {
  product: string;
  validFrom: string;
  name: string;
}

/** @returns undefined where the vault has no version of the order */
export async function vaultOrder(client: Client, orderId: string): Promise<VaultOrder | undefined> {
  const { rows: heads } = await client.query<{ user: string; restaurant: string }>(head, [orderId]);
  if (!heads[0]) {
    return undefined;
  }
  const { rows: versions } = await client.query<Omit<VaultVersion, 'lines'> & { lines: string }>(ofVersions, [
    orderId,
  ]);
  const { rows: statuses } = await client.query<VaultOrder['statuses'][number]>(ofStatuses, [orderId]);
  const { rows: menuNames } = await client.query<MenuName>(ofMenus, [orderId]);
  return {
    ...heads[0],
    statuses,
    versions: versions.map((version) => ({ ...version, lines: JSON.parse(version.lines) as OrderLine[] })),
    menuNames,
  };
}

const head = /* sql */ `
  SELECT user_id AS "user", restaurant_id AS restaurant
  FROM dds.h_order
  JOIN dds.l_order_user USING (h_order_pk) JOIN dds.h_user USING (h_user_pk)
  JOIN dds.l_order_restaurant USING (h_order_pk) JOIN dds.h_restaurant USING (h_restaurant_pk)
  WHERE order_id = $1`;

const ofVersions = /* sql */ `
  SELECT order_version AS version, details.load_dt AS "inVaultAt", final_status AS status, details.order_dt AS "madeAt",
    trim_scale(cost)::text AS cost, trim_scale(payment)::text AS payment,
    trim_scale(bonus_payment)::text AS "bonusPayment", trim_scale(bonus_grant)::text AS "bonusGrant",
    (
      SELECT coalesce(json_agg(json_build_object('product', product_id, 'name', name, 'price', trim_scale(price)::text,
        'quantity', quantity::text, 'category', category_name) ORDER BY line), '[]')
      FROM dds.l_order_product link
      JOIN dds.s_order_product line USING (hk_order_product_pk) JOIN dds.h_product USING (h_product_pk)
      WHERE link.h_order_pk = h_order.h_order_pk AND line.order_version = details.order_version
    ) AS lines
  FROM dds.h_order
  JOIN dds.s_order_details details USING (h_order_pk) JOIN dds.s_order_cost USING (h_order_pk, order_version)
  WHERE order_id = $1
  ORDER BY order_version`;

const ofStatuses = /* sql */ `
  SELECT status, valid_from AS since, s_order_status.load_dt AS "inVaultAt"
  FROM dds.h_order JOIN dds.s_order_status USING (h_order_pk)
  WHERE order_id = $1
  ORDER BY valid_from, hk_order_status_hashdiff`;

const ofMenus = /* sql */ `
  SELECT product_id AS product, valid_from::text AS "validFrom", name
  FROM dds.h_order
  JOIN dds.l_order_product USING (h_order_pk) JOIN dds.h_product USING (h_product_pk)
  JOIN dds.s_product_names USING (h_product_pk)
  WHERE order_id = $1
  ORDER BY product_id, valid_from, hk_product_names_hashdiff`;
