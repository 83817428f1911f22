import { computed, signal } from '@preact/signals';
import { useContext } from 'preact/hooks';
import { DeskContext, SignedDesk } from '../access/signed-desk';
import type { Named, Summary } from '../questions/answers';
import { ask } from '../questions/ask';
import { orderTexts } from './order-texts';

/** What the pages of orders know besides: the names in their filters. */
export class OrderDesk extends SignedDesk {
  readonly t = computed(() => orderTexts[this.language.value]);
  /** Of what filters name by id. */
  readonly names = signal(new Map<string, string>());
  /** The end of periods; undefined: not known yet. */
  readonly newestOrder = signal<string | null | undefined>(undefined);
  /** Counts what the stream has reported. */
  readonly news = signal(0);

  /** Names, where they can be had; and the newest order, without which a period has no end. */
  async learn(): Promise<void> {
    const dishes = this.view.value.product && 'api/popularity/products?by=orders&limit=1000';
    const [summary, ...lists] = await Promise.all([
      known<Summary>('api/summary?'),
      ...['api/restaurants', 'api/categories', dishes]
        .filter((path): path is string => Boolean(path))
        .map((path) => known<Named[]>(path)),
    ]);
    this.names.value = new Map(lists.flatMap((list) => list ?? []).map(({ id, name }) => [id, name]));
    this.newestOrder.value = summary?.newest_order_at ?? null;
  }
}

async function known<Answer>(path: string): Promise<Answer | undefined> {
  return ask(path).then(
    ({ text }) => JSON.parse(text) as Answer,
    () => undefined,
  );
}

export function useDesk(): OrderDesk {
  return useContext(DeskContext) as OrderDesk;
}
