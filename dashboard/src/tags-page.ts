import type { View } from './questions/address';
import type { Scene } from './scene/chart';
import { element } from './scene/element';
import type { OpenedTags } from './tags/open-tags';

/** Tags, their rules and audiences. What it is made of is loaded when somebody opens it. */
export class TagsPage {
  readonly root = element('main', { id: 'content', tabindex: '-1', class: 'tags' });
  private opened?: OpenedTags;
  private isClosed = false;

  constructor(
    private scene: Scene,
    private view: View,
    private readonly choose: (change: Partial<View>) => void,
  ) {
    void this.load();
  }

  show(view: View): void {
    this.view = view;
    this.opened?.show(view);
  }

  refresh(): void {
    this.opened?.refresh();
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.opened?.redraw(scene);
  }

  close(): void {
    this.isClosed = true;
    this.opened?.close();
  }

  private async load(): Promise<void> {
    const { t } = this.scene;
    this.root.replaceChildren(element('p', { class: 'none' }, t.loading));
    try {
      const { openTags } = await import('./tags/open-tags');
      if (!this.isClosed) {
        this.opened = openTags(this.root, { scene: this.scene, view: this.view, choose: this.choose });
      }
    } catch {
      const retry = element('button', { type: 'button', class: 'tool' }, t.retry);
      retry.addEventListener('click', () => void this.load());
      this.root.replaceChildren(element('p', { class: 'old', role: 'alert' }, t.failed), retry);
    }
  }
}
