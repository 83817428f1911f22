import { effect, signal } from '@preact/signals';
import type { Named } from '../questions/answers';
import type { Names, PickedKind } from './names';

/** While somebody types, the list waits so long for the next letter. */
const PAUSE_MS = 150;

/** What a picker has found, and where the reader is in it. */
export class PickerState {
  readonly search = signal('');
  readonly isOpen = signal(false);
  readonly offered = signal<Named[]>([]);
  /** The place of the one that Enter takes. */
  readonly active = signal(0);
  readonly problem = signal('');
  private timer?: ReturnType<typeof setTimeout>;
  private asking?: AbortController;
  private readonly stop: () => void;

  constructor(
    private readonly names: Names,
    private readonly kind: PickedKind,
  ) {
    this.stop = effect(() => this.findSoon(this.search.value.trim(), this.isOpen.value));
  }

  /** @param steps down the list */
  move(steps: number): void {
    const wanted = this.active.value + steps;
    this.active.value = this.isOpen.value ? Math.min(Math.max(wanted, 0), this.offered.value.length - 1) : 0;
    this.isOpen.value = true;
  }

  reset(): void {
    this.search.value = '';
    this.isOpen.value = false;
  }

  close(): void {
    this.stop();
    clearTimeout(this.timer);
    this.asking?.abort();
  }

  private findSoon(search: string, isOpen: boolean): void {
    clearTimeout(this.timer);
    if (isOpen) {
      this.timer = setTimeout(() => void this.find(search), PAUSE_MS);
    }
  }

  private async find(search: string): Promise<void> {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    try {
      this.offered.value = await this.names.offer(this.kind, search, asking.signal);
      this.active.value = 0;
      this.problem.value = '';
    } catch (error) {
      if (!asking.signal.aborted) {
        this.problem.value = (error as Error).message;
      }
    }
  }
}
