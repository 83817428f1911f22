import { computed, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { signInTexts } from '../access/sign-in-texts';
import { forgetToken, keepToken, recallToken } from '../access/token';
import type { View } from '../questions/address';
import type { Named, Summary } from '../questions/answers';
import { ask } from '../questions/ask';
import type { Scene } from '../scene/chart';
import { linksFrom } from '../scene/link-to';
import { language } from '../scene/settings';
import { orderTexts } from './order-texts';

export interface Opened {
  scene: Scene;
  view: View;
  choose: (change: Partial<View>) => void;
}

/** What the pages of orders know: what is open, the names in its filters, and who looks at it. */
export class OrderDesk {
  readonly scene;
  readonly view;
  readonly links;
  readonly language = signal(language());
  readonly t = computed(() => orderTexts[this.language.value]);
  readonly token = signal(recallToken());
  /** What is wrong with the token, for its field. */
  readonly tokenError = signal('');
  /** Of what filters name by id. */
  readonly names = signal(new Map<string, string>());
  /** The end of periods; undefined: not known yet. */
  readonly newestOrder = signal<string | null | undefined>(undefined);
  /** Counts what the stream has reported. */
  readonly news = signal(0);

  constructor({ scene, view, choose }: Opened) {
    this.scene = signal(scene);
    this.view = signal(view);
    this.links = linksFrom(() => this.view.value, choose);
  }

  signIn(token: string): void {
    keepToken(token);
    this.tokenError.value = '';
    this.token.value = token;
  }

  /** @param isUnknown the API does not know the token */
  signOut(isUnknown = false): void {
    forgetToken();
    this.tokenError.value = isUnknown ? signInTexts[this.language.value].wrongToken : '';
    this.token.value = undefined;
  }

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

export const DeskContext = createContext<OrderDesk | undefined>(undefined);

export function useDesk(): OrderDesk {
  return useContext(DeskContext)!;
}
