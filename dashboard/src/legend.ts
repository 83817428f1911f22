import type { LegendEntry, Scene } from './scene/chart';
import { element } from './scene/element';
import { linkTo, type Links } from './scene/link-to';

/**
 * The parts of a chart as text; where a part can be chosen, its entry is a button. Parts with a length have a bar, so
 * that the legend is the chart.
 */
export class Legend {
  readonly root = element('ul', { class: 'legend' });
  private shown = '';

  /**
   * @param chosen the id that the filters have
   * @param onChoose undefined where entries choose nothing
   */
  constructor(
    private readonly onChoose: ((id: string) => void) | undefined,
    private readonly onHover: (place: number | undefined) => void,
    private readonly links: Links,
  ) {}

  show(entries: LegendEntry[], chosen: string | undefined, scene: Scene): void {
    // Redrawn only when something is different, so that it never changes under a finger.
    const text = JSON.stringify([entries, chosen, scene.t.locale]);
    if (text === this.shown) {
      return;
    }
    this.shown = text;
    const focused = (document.activeElement as HTMLElement | null)?.dataset.id;
    const hadFocus = this.root.contains(document.activeElement);
    this.root.replaceChildren(...entries.map((entry, place) => this.item(entry, place, chosen, scene)));
    if (hadFocus && focused) {
      this.root.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    }
  }

  private item(entry: LegendEntry, place: number, chosen: string | undefined, scene: Scene): HTMLLIElement {
    const { length, color } = entry;
    const item = element('li', { class: length === undefined ? undefined : 'bar' });
    item.addEventListener('pointerenter', () => this.onHover(place));
    item.addEventListener('pointerleave', () => this.onHover(undefined));
    item.style.setProperty('--color', color);
    const figures = entry.figures.map((figure) => element('span', { class: 'figure' }, figure));
    if (length === undefined) {
      item.append(this.named(entry, chosen, scene, element('i', { class: 'swatch' }), ...figures));
      return item;
    }
    item.style.setProperty('--length', String(length));
    const spaced = figures.flatMap((figure) => [figure, ' ']).slice(0, -1);
    const label = `${entry.name}: ${entry.figures.join(' ')}. ${scene.t.showOrders}`;
    item.append(
      this.named(entry, chosen, scene),
      linkTo(this.links, entry.opens!, { 'aria-label': label, title: scene.t.showOrders }, ...spaced),
    );
    return item;
  }

  /** The name, in the middle of its swatch and figures: a button where it can be chosen. */
  private named(
    { id, name, detail }: LegendEntry,
    chosen: string | undefined,
    { t }: Scene,
    before?: HTMLElement,
    ...after: HTMLElement[]
  ): HTMLElement {
    const label = element('span', { class: 'name', title: detail ?? name }, name);
    const content = [...(before ? [before] : []), label, ...after];
    if (id === undefined || !this.onChoose) {
      return element('div', { class: 'entry' }, ...content);
    }
    const isChosen = id === chosen;
    const hint = isChosen ? t.notOnly(name) : t.only(name);
    const button = element(
      'button',
      { type: 'button', class: 'entry', 'data-id': id, 'aria-pressed': String(isChosen), title: hint },
      ...content,
    );
    button.addEventListener('click', () => this.onChoose!(id));
    return button;
  }
}
