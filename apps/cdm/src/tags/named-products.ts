import { foldName } from '@app/values/fold-name';
import type { Client } from '@app/warehouse/warehouse';
import { listConditions, type Conditions } from './conditions';
import { isNamed, matchOf } from './tag-rule';

/** What patterns stand for by the newest names, which are read when the first pattern is met. */
export class NamedProducts {
  private names?: Promise<{ id: string; folded: string }[]>;

  constructor(private readonly client: Client) {}

  /** @returns hash keys of products, by the number of the condition */
  async of(conditions: Conditions): Promise<Map<number, string[]>> {
    const products = new Map<number, string[]>();
    for (const [number, { condition }] of listConditions(conditions).entries()) {
      const match = matchOf(condition);
      if (match.kind === 'pattern') {
        this.names ??= foldedNames(this.client);
        const named = (await this.names).filter(({ folded }) => isNamed(match, folded));
        products.set(
          number,
          named.map(({ id }) => id),
        );
      }
    }
    return products;
  }
}

async function foldedNames(client: Client): Promise<{ id: string; folded: string }[]> {
  const { rows } = await client.query<{ id: string; name: string }>(
    'SELECT product_id AS id, product_name AS name FROM cdm.product_names',
  );
  return rows.map(({ id, name }) => ({ id, folded: foldName(name) }));
}
