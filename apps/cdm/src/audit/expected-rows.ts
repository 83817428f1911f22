import { digestOf } from './digest';
import type { Entry } from './entries';
import type { StagedVersion, Said } from './staged-orders';
import type { Row } from './wrong-rows';

/** A version with all that the vault and the marts are to have of it. */
export interface ReadVersion extends StagedVersion {
  user: Entry;
  restaurant: Entry;
  lines: ReadLine[];
}

interface ReadLine {
  product: string;
  orderedName: string;
  price: string;
  quantity: string;
  name: string;
  category: string;
  /** Of the menu that has the product. */
  validFrom: string;
}

/**
 * A version with the entries that it was enriched with.
 * @returns the entry that is missing, or the product that no menu has, where that cannot be said
 */
export function readVersion(
  version: StagedVersion,
  entries: ReadonlyMap<string, Entry>,
): ReadVersion | { missingEntry: string } | { entry: string; missingProduct: string } {
  const { userEntry, restaurantEntry, earlierMenus, said } = version;
  const [user, restaurant] = [entries.get(userEntry!), entries.get(restaurantEntry!)];
  if (!user || !restaurant) {
    return { missingEntry: user ? restaurantEntry! : userEntry! };
  }
  const lines: ReadLine[] = [];
  for (const [product, orderedName, price, quantity] of said.lines) {
    const pk = earlierMenus?.[product] ?? restaurantEntry!;
    const menu = entries.get(pk);
    const dish = menu?.menu.get(product);
    if (!menu || !dish) {
      return menu ? { entry: pk, missingProduct: product } : { missingEntry: pk };
    }
    lines.push({ product, orderedName, price, quantity, ...dish, validFrom: menu.validFrom });
  }
  return { ...version, user, restaurant, lines };
}

/** Rows by table. */
export type Rows = Map<string, Row[]>;

/** The rows that the vault is to have of an order, but for what many orders share, of the versions that it has. */
export function vaultRows(orderId: string, versions: ReadVersion[]): Rows {
  const rows: Rows = new Map();
  const order = digestOf('h_order', orderId);
  for (const { version, said, lines } of versions) {
    const { user, restaurant, valid_from, cost, payment } = said;
    add(rows, 'dds.l_order_user', [digestOf('l_order_user', orderId, user), order, digestOf('h_user', user)]);
    add(rows, 'dds.l_order_restaurant', [
      digestOf('l_order_restaurant', orderId, restaurant),
      order,
      digestOf('h_restaurant', restaurant),
    ]);
    for (const [status, since] of statusesOf(said)) {
      add(rows, 'dds.s_order_status', [order, since, digestOf('s_order_status', status), status]);
    }
    add(rows, 'dds.s_order_cost', [
      order,
      version,
      cost,
      payment,
      valid_from,
      digestOf('s_order_cost', cost, payment),
    ]);
    add(rows, 'dds.s_order_details', [order, version, ...detailsOf(said)]);
    for (const [place, line] of lines.entries()) {
      const { product, orderedName: name, price, quantity, category } = line;
      const link = digestOf('l_order_product', orderId, product);
      const digest = digestOf('s_order_product', name, price, quantity, category);
      add(rows, 'dds.l_order_product', [link, order, digestOf('h_product', product)]);
      add(rows, 'dds.s_order_product', [
        link,
        version,
        String(place + 1),
        name,
        price,
        quantity,
        category,
        valid_from,
        digest,
      ]);
    }
  }
  return rows;
}

/** An order without a history has had its status since the version. */
function statusesOf({ statuses, status, valid_from }: Said): [string, string][] {
  return statuses.length > 0 ? statuses : [[status, valid_from]];
}

function detailsOf({ status, made_at, sent_at, bonus_payment, bonus_grant, valid_from }: Said): Row {
  const digest = digestOf('s_order_details', status, made_at, sent_at, bonus_payment, bonus_grant);
  return [status, made_at, sent_at, bonus_payment, bonus_grant, valid_from, digest];
}

/** What many orders share: hubs of what they name, and what the dictionary said of it. */
export function sharedRows(version: ReadVersion, rows: Rows): void {
  const { said, user, restaurant, lines } = version;
  const [userKey, restaurantKey] = [digestOf('h_user', said.user), digestOf('h_restaurant', said.restaurant)];
  add(rows, 'dds.h_user', [userKey, said.user]);
  add(rows, 'dds.s_user_names', [userKey, user.validFrom, user.userDigest, user.userDigest]);
  add(rows, 'dds.h_restaurant', [restaurantKey, said.restaurant]);
  const nameDigest = digestOf('s_restaurant_names', restaurant.name!);
  add(rows, 'dds.s_restaurant_names', [restaurantKey, restaurant.validFrom, nameDigest, restaurant.name]);
  for (const { product, name, category, validFrom } of lines) {
    const key = digestOf('h_product', product);
    const link = digestOf('l_product_category', product, category);
    const inRestaurant = digestOf('l_product_restaurant', product, said.restaurant);
    add(rows, 'dds.h_product', [key, product]);
    add(rows, 'dds.s_product_names', [key, validFrom, digestOf('s_product_names', name), name]);
    add(rows, 'dds.l_product_restaurant', [inRestaurant, key, restaurantKey]);
    add(rows, 'dds.h_category', [digestOf('h_category', category), category]);
    add(rows, 'dds.l_product_category', [link, key, digestOf('h_category', category)]);
    add(rows, 'dds.s_product_category', [link, validFrom, digestOf('s_product_category', category)]);
  }
}

/** The row of the ledger where it has this version. */
export function ledgerRow({ orderId, version, said, lines }: ReadVersion): (string | null)[] {
  const products = new Map<string, { category: string; quantity: bigint; amount: bigint }>();
  for (const { product, category, quantity, price } of lines) {
    const key = digestOf('h_product', product);
    const one = products.get(key) ?? { category: digestOf('h_category', category), quantity: 0n, amount: 0n };
    one.quantity += BigInt(quantity);
    one.amount += BigInt(quantity) * units(price);
    products.set(key, one);
  }
  const sorted = [...products].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    orderId,
    digestOf('h_order', orderId),
    version,
    digestOf('h_user', said.user),
    digestOf('h_restaurant', said.restaurant),
    said.status,
    said.made_at,
    said.cost,
    said.payment,
    sorted.map(([key]) => key).join(),
    sorted.map(([, { category }]) => category).join(),
    sorted.map(([, { quantity }]) => String(quantity)).join(),
    sorted.map(([, { amount }]) => decimal(amount)).join(),
  ];
}

const DECIMALS = 5;

function units(money: string): bigint {
  const [whole = '', fraction = ''] = money.split('.');
  return BigInt(whole + fraction.padEnd(DECIMALS, '0'));
}

/** Without trailing zeros, as `trim_scale` writes it. */
function decimal(amount: bigint): string {
  const digits = String(amount).padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0+$/, '');
  return digits.slice(0, -DECIMALS) + (fraction && `.${fraction}`);
}

function add(rows: Rows, table: string, row: Row): void {
  const known = rows.get(table);
  if (known) {
    known.push(row);
  } else {
    rows.set(table, [row]);
  }
}
