import { signal } from '@preact/signals';
import { parse } from 'lossless-json';
import { formats, type FileFormat, type Language } from '@app/spreadsheets/sheet';
import { ask, Computing, COMPUTING_MS } from '../questions/ask';
import type { ListedOrder, OrdersPage, OrderSums } from './answers';

interface Listed {
  /** Of all pages, not only of those that are shown. */
  sums?: OrderSums;
  orders: ListedOrder[];
  next: string | null;
  isLoading: boolean;
  /** How much the server has computed, from 0 to 1. */
  progress?: number;
  error?: string;
}

/** The orders that match a query, page after page. */
export class ListedOrders {
  readonly shown = signal<Listed>({ orders: [], next: null, isLoading: true });
  private query?: string;
  private asking?: AbortController;
  private again?: ReturnType<typeof setTimeout>;

  show(query: string): void {
    if (query !== this.query) {
      this.query = query;
      void this.load();
    }
  }

  /** Only where the reader has not gone on: pages that are shown do not move. */
  refresh(): void {
    const { isLoading, orders, error } = this.shown.value;
    if (!isLoading && (orders.length <= PAGE || error)) {
      void this.load();
    }
  }

  /** The next page, or the first one. */
  async load(cursor?: string): Promise<void> {
    this.asking?.abort();
    clearTimeout(this.again);
    const asking = new AbortController();
    this.asking = asking;
    const before = this.shown.value;
    this.shown.value = { ...before, isLoading: true, error: undefined };
    try {
      const page = await pageAt(this.query!, cursor, asking.signal);
      this.shown.value = {
        sums: cursor ? before.sums : (page.sums ?? undefined),
        orders: cursor ? [...before.orders, ...page.orders] : page.orders,
        next: page.next,
        isLoading: false,
      };
    } catch (error) {
      if (asking.signal.aborted) {
        return;
      }
      if (error instanceof Computing) {
        // What was listed before is not of that moment.
        this.shown.value = { orders: [], next: null, isLoading: true, progress: error.progress };
        this.again = setTimeout(() => void this.load(), COMPUTING_MS);
      } else {
        this.shown.value = { ...before, isLoading: false, error: (error as Error).message };
      }
    }
  }

  close(): void {
    this.asking?.abort();
    clearTimeout(this.again);
  }

  /** All of them, as a file for the language of the reader. */
  async file(format: FileFormat, language: Language): Promise<Blob> {
    const path = `api/orders?${this.query}&language=${language}`;
    const answer = await fetch(path, { headers: { Accept: formats[format] } });
    if (answer.status === 202) {
      await new Promise((resolve) => setTimeout(resolve, COMPUTING_MS));
      return this.file(format, language);
    }
    if (!answer.ok) {
      throw new Error(`HTTP ${answer.status}`);
    }
    return answer.blob();
  }
}

const PAGE = 50;

/** Numbers stay texts: ids and money have digits that a binary float would lose. */
async function pageAt(query: string, cursor: string | undefined, abort: AbortSignal): Promise<OrdersPage> {
  const page = new URLSearchParams({ limit: String(PAGE), ...(cursor && { cursor }) });
  const { text } = await ask(`api/orders?${query}&${page}`, abort);
  return parse(text, undefined, (digits) => digits) as unknown as OrdersPage;
}
