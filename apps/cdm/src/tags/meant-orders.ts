import type { Client } from '@app/warehouse/warehouse';
import { listConditions, type Conditions } from './conditions';
import { matchSql, parameters, periodSql } from './members-query';
import { NamedProducts } from './named-products';

/** A condition in SQL on an order, with the values of its parameters. */
export interface MeantOrders {
  sql: string;
  values: unknown[];
}

/**
 * The orders that a tag is about: those that match a condition of one of its enabled rules, in the period of the
 * condition. A condition that is negated, or about the first order, names none. A tag without any other is about every
 * order.
 * @param now the present, local at the source
 * @param first number of the first parameter
 */
export async function meantOrders(
  client: Client,
  tag: string,
  now: string,
  first: number,
): Promise<MeantOrders> {
  const { rows } = await client.query<{ conditions: Conditions }>(
    'SELECT conditions FROM cdm.tag_rules WHERE tag = $1 AND enabled ORDER BY id',
    [tag],
  );
  const named = new NamedProducts(client);
  const { values, value } = parameters(first);
  const meant = new Set<string>();
  for (const { conditions } of rows) {
    const products = await named.of(conditions);
    for (const [number, { condition }] of listConditions(conditions).entries()) {
      if (!condition.not && condition.count !== 'first_order') {
        const { matches } = matchSql(condition, products.get(number) ?? [], value);
        meant.add(`(${[matches, ...periodSql('order_dt', condition, now, value)].join(' AND ')})`);
      }
    }
  }
  return { sql: meant.size > 0 ? `(${[...meant].join(' OR ')})` : 'true', values };
}
