import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { lend } from '../servers/lend';

/** The vault that marts are made from. */
export class Vault {
  /** @param server undefined: that of the marts */
  constructor(private readonly server: Warehouse | undefined) {}

  /** Rows of a query, as committed by now, as a relation for statements at the marts. It holds for the transaction. */
  lendTo(marts: Client, name: string, query: string): Promise<string> {
    const { server } = this;
    return lend(marts, server && ((work) => server.read(work)), name, query);
  }
}
