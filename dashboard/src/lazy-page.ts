import type { View } from './questions/address';
import type { Scene } from './scene/chart';
import { element } from './scene/element';

/** A page that is open. */
interface OpenedPage {
  show: (view: View) => void;
  refresh: () => void;
  redraw: (scene: Scene) => void;
  close: () => void;
}

export interface Opening {
  scene: Scene;
  view: View;
  choose: (change: Partial<View>) => void;
}

/** Opens a page in an element. */
type Open = (root: HTMLElement, opening: Opening) => OpenedPage;

/** What most readers do not need, a page or a part of one: what it is made of is loaded when somebody opens it. */
export class LazyPage {
  private opened?: OpenedPage;
  private isClosed = false;

  constructor(
    readonly root: HTMLElement,
    private readonly load: () => Promise<Open>,
    private readonly opening: Opening,
  ) {
    void this.open();
  }

  show(view: View): void {
    this.opening.view = view;
    this.opened?.show(view);
  }

  refresh(): void {
    this.opened?.refresh();
  }

  redraw(scene: Scene): void {
    this.opening.scene = scene;
    this.opened?.redraw(scene);
  }

  close(): void {
    this.isClosed = true;
    this.opened?.close();
  }

  private async open(): Promise<void> {
    const { t } = this.opening.scene;
    this.root.replaceChildren(element('p', { class: 'none' }, t.loading));
    try {
      const open = await this.load();
      if (!this.isClosed) {
        this.opened = open(this.root, this.opening);
      }
    } catch {
      const retry = element('button', { type: 'button', class: 'tool' }, t.retry);
      retry.addEventListener('click', () => void this.open());
      this.root.replaceChildren(element('p', { class: 'old', role: 'alert' }, t.failed), retry);
    }
  }
}
