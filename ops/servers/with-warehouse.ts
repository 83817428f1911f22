import { Warehouse } from '@app/warehouse/warehouse';
import { databaseOf, layers, type Layer } from './databases';
import { refuseDistributed } from './refuse-distributed';
import { reason, withoutSecrets } from './without-secrets';

/** Tools may look through whole tables. */
const STATEMENT_MS = 600_000;

/** Where each layer is: the same warehouse for all that share a database. */
export type Warehouses = Readonly<Record<Layer, Warehouse>>;

/**
 * Does the work with the warehouse of a layer.
 * @throws without the password, where the variable is malformed or the database can't be used
 */
export async function withWarehouse<T>(
  variables: NodeJS.ProcessEnv,
  layer: Layer,
  work: (warehouse: Warehouse) => Promise<T>,
): Promise<T> {
  const { variable, url } = databaseOf(variables, layer);
  const place = withoutSecrets(url, variable);
  const warehouse = new Warehouse(url!, 'tools', 1, STATEMENT_MS);
  try {
    await warehouse
      .read((client) => client.query('SELECT'))
      .catch((error: unknown) => {
        throw new Error(`The database ${place} of ${variable} cannot be used: ${reason(error)}`);
      });
    return await work(warehouse);
  } finally {
    await warehouse.onApplicationShutdown();
  }
}

/**
 * Does work with the warehouses of all layers that looks through all of them: no limit to statements, since this is no
 * batch that others wait for. One of the two connections to each may hold locks.
 * @param deed for the error: `Cannot DEED the database`
 * @throws without the password, whatever makes it impossible
 */
export async function withWarehouses<T>(
  variables: NodeJS.ProcessEnv,
  deed: string,
  work: (warehouses: Warehouses) => Promise<T>,
): Promise<T> {
  const opened = new Map<string, { variable: string; place: string; warehouse: Warehouse }>();
  const open = (layer: Layer) => {
    const { variable, url } = databaseOf(variables, layer);
    const place = withoutSecrets(url, variable);
    const one = opened.get(url!) ?? {
      variable,
      place,
      warehouse: new Warehouse(url!, deed.split(' ', 1)[0]!, 2, 0),
    };
    opened.set(url!, one);
    return [layer, one.warehouse] as const;
  };
  try {
    const warehouses = Object.fromEntries(layers.map(open)) as Record<Layer, Warehouse>;
    for (const { variable, place, warehouse } of opened.values()) {
      await refuseDistributed(warehouse).catch((error: Error) => {
        const why = error.cause ? `the server of ${variable} refuses: ${reason(error.cause)}` : reason(error);
        throw new Error(`Cannot ${deed} ${place}: ${why}`);
      });
    }
    return await work(warehouses).catch((error: unknown) => {
      const places = Array.from(opened.values(), ({ place }) => place);
      throw new Error(`Cannot ${deed} ${[...new Set(places)].join(', ')}: ${reason(error)}`);
    });
  } finally {
    await Promise.all(Array.from(opened.values(), ({ warehouse }) => warehouse.onApplicationShutdown()));
  }
}
