import type { LegendEntry, Scene } from './scene/chart';
import { element } from './scene/element';

/** The parts of a chart as text; where a part can be chosen, its entry is a button. */
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

  private item(entry: LegendEntry, place: number, chosen: string | undefined, { t }: Scene): HTMLLIElement {
    const { id, name, color, figures, detail } = entry;
    const swatch = element('i', { class: 'swatch' });
    swatch.style.setProperty('--color', color);
    const content = [
      swatch,
      element('span', { class: 'name', title: detail ?? name }, name),
      ...figures.map((figure) => element('span', { class: 'figure' }, figure)),
    ];
    const item = element('li', {});
    item.addEventListener('pointerenter', () => this.onHover(place));
    item.addEventListener('pointerleave', () => this.onHover(undefined));
    if (id === undefined || !this.onChoose) {
      item.append(element('div', { class: 'entry' }, ...content));
      return item;
    }
    const isChosen = id === chosen;
    const hint = isChosen ? t.notOnly(name) : t.only(name);
    const button = element(
      'button',
      { type: 'button', class: 'entry', 'data-id': id, 'aria-pressed': String(isChosen), title: hint },
      ...content,
    );
    button.addEventListener('click', () => this.onChoose!(id));
    item.append(button);
    return item;
  }
}
