import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { RepeatedJob } from '@app/service/repeated.job';
import { Warehouse, type Client } from '@app/warehouse/warehouse';
import { untilBatchesEnd } from './batches-in-hand';

const LOCK = 'cdm.spread_names';
/** So many counters at a time, for the patience of those who wait for their users. */
const STEP_COUNTERS = 500;

/**
 * Brings new names of dishes and restaurants to the counters that still show older ones. One replica at a time does a step.
 *
 * A batch reads a name when it inserts a counter, and may commit after the name has changed. So a change is marked as spreading, and
 * the mark goes when no counter shows another name and every batch that may have read an older one has ended.
 */
@Injectable()
export class SpreadNamesJob implements OnModuleDestroy {
  private readonly job = new RepeatedJob('names', (progress) => this.step(progress));

  constructor(private readonly warehouse: Warehouse) {}

  @Interval(1_000)
  tick(): Promise<void> {
    return this.job.tick();
  }

  async onModuleDestroy(): Promise<void> {
    await this.job.stop();
  }

  private async step(progress: () => void): Promise<boolean> {
    const { products, restaurants } = await this.warehouse.read(spreadingNames);
    if (products.length === 0 && restaurants.length === 0) {
      return false;
    }
    await untilBatchesEnd(this.warehouse);
    let isMore = false;
    for (const product of products) {
      progress();
      isMore = (await this.warehouse.alone(LOCK, (client) => spreadProductName(client, product))) || isMore;
    }
    for (const restaurant of restaurants) {
      progress();
      await this.warehouse.alone(LOCK, (client) => spreadRestaurantName(client, restaurant));
    }
    return isMore;
  }
}

interface SpreadingName {
  id: string;
  name: string;
  valid_from: string;
}

async function spreadingNames(
  client: Client,
): Promise<{ products: SpreadingName[]; restaurants: SpreadingName[] }> {
  const products = await client.query<SpreadingName>(/* sql */ `
    SELECT product_id AS id, product_name AS name, valid_from FROM cdm.product_names WHERE spreading
    ORDER BY product_id LIMIT 50`);
  const restaurants = await client.query<SpreadingName>(/* sql */ `
    SELECT restaurant_id AS id, restaurant_name AS name, valid_from FROM cdm.restaurant_names WHERE spreading
    ORDER BY restaurant_id LIMIT 50`);
  return { products: products.rows, restaurants: restaurants.rows };
}

/** @returns whether there may be more counters with an older name */
async function spreadProductName(client: Client, { id, name, valid_from }: SpreadingName): Promise<boolean> {
  const { rows } = await client.query<{ user_id: string }>(
    /* sql */ `
    SELECT user_id FROM cdm.user_product_counters WHERE product_id = $1 AND product_name <> $2
    ORDER BY user_id LIMIT ${STEP_COUNTERS}`,
    [id, name],
  );
  const users = rows.map((row) => row.user_id);
  if (users.length === 0) {
    // A name that has changed again in the meantime stays marked.
    await client.query(
      'UPDATE cdm.product_names SET spreading = false WHERE product_id = $1 AND product_name = $2 AND valid_from = $3',
      [id, name, valid_from],
    );
    return false;
  }
  await client.query('SELECT FROM cdm.users WHERE user_id = ANY ($1::uuid[]) ORDER BY user_id FOR UPDATE', [
    users,
  ]);
  await client.query(
    'UPDATE cdm.user_product_counters SET product_name = $2 WHERE product_id = $1 AND user_id = ANY ($3::uuid[])',
    [id, name, users],
  );
  return true;
}

/** A restaurant has at most as many counters as there are categories: one step. */
async function spreadRestaurantName(
  client: Client,
  { id, name, valid_from }: SpreadingName,
): Promise<boolean> {
  await client.query(
    /* sql */ `
    SELECT FROM cdm.restaurant_category_counters WHERE restaurant_id = $1 ORDER BY restaurant_id, category_id FOR UPDATE`,
    [id],
  );
  await client.query(
    'UPDATE cdm.restaurant_category_counters SET restaurant_name = $2 WHERE restaurant_id = $1 AND restaurant_name <> $2',
    [id, name],
  );
  await client.query(
    'UPDATE cdm.restaurant_names SET spreading = false WHERE restaurant_id = $1 AND restaurant_name = $2 AND valid_from = $3',
    [id, name, valid_from],
  );
  return false;
}
