import { signal } from '@preact/signals';
import type { Named } from '../questions/answers';
import { ask } from '../questions/ask';
import type { MatchKind } from './answers';

const routes = {
  product_id: 'products',
  category: 'categories',
  restaurant_id: 'restaurants',
} as const;

export type PickedKind = keyof typeof routes;
const MOST_OFFERED = 20;

/** The names of dishes, categories and restaurants, which rules name by ids. */
export class Names {
  private readonly known = signal(new Map<string, string>());

  /** @returns the id where its name is not known */
  of(kind: MatchKind, id: string): string {
    return kind === 'product_pattern' ? id : (this.known.value.get(id) ?? id);
  }

  /** Restaurants, and the dishes that are ordered most. Where they cannot be had, rules show ids. */
  async load(): Promise<void> {
    const lists = await Promise.allSettled(
      ['api/restaurants', 'api/popularity/products?by=orders&limit=1000'].map((path) => namesAt(path)),
    );
    this.know(lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : [])));
  }

  /**
   * What may be chosen: most popular first.
   * @param search part of the name
   */
  async offer(kind: PickedKind, search: string, abort?: AbortSignal): Promise<Named[]> {
    const query = new URLSearchParams({ limit: String(MOST_OFFERED), ...(search && { search }) });
    const offered = await namesAt(`api/${routes[kind]}?${query}`, abort);
    this.know(offered);
    return offered;
  }

  private know(named: Named[]): void {
    this.known.value = new Map([...this.known.value, ...named.map(({ id, name }) => [id, name] as const)]);
  }
}

async function namesAt(path: string, abort?: AbortSignal): Promise<Named[]> {
  return JSON.parse((await ask(path, abort)).text) as Named[];
}
