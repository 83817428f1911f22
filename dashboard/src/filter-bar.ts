import { periods, type Period, type View } from './questions/address';
import type { Named } from './questions/answers';
import type { Scene } from './scene/chart';
import { element } from './scene/element';
import { addDays, type Range } from './questions/period';

/** The filters that apply to all charts. What they say comes from the address, and goes there. */
export class FilterBar {
  readonly root = element('form', { class: 'filters', role: 'search' });
  private readonly restaurant = element('select', { name: 'restaurant' });
  private readonly category = element('select', { name: 'category' });
  private readonly from = element('input', { type: 'date', name: 'from' });
  private readonly to = element('input', { type: 'date', name: 'to' });
  private readonly days = element('output', { class: 'days' });
  private restaurants: Named[] = [];
  private categories: Named[] = [];

  constructor(
    private scene: Scene,
    private view: View,
    private readonly onChange: (change: Partial<View>) => void,
  ) {
    this.root.addEventListener('submit', (event) => event.preventDefault());
    this.restaurant.addEventListener('change', () =>
      onChange({ restaurant: this.restaurant.value || undefined }),
    );
    this.category.addEventListener('change', () => onChange({ category: this.category.value || undefined }));
    this.from.addEventListener('change', () => onChange({ from: this.from.value || undefined }));
    this.to.addEventListener('change', () => onChange({ to: this.to.value || undefined }));
    this.write();
  }

  /** What can be chosen. */
  offer(restaurants: Named[], categories: Named[]): void {
    this.restaurants = restaurants;
    this.categories = categories;
    this.writeChoices();
  }

  /** @param range the days that the period stands for */
  show(view: View, range: Range): void {
    this.view = view;
    this.writeChoices();
    const { format } = this.scene;
    this.from.value = view.from ?? '';
    this.to.value = view.to ?? '';
    for (const input of this.root.querySelectorAll<HTMLInputElement>('[name=period]')) {
      input.checked = input.value === view.period;
    }
    this.root.querySelector('.range')!.toggleAttribute('hidden', view.period !== 'own');
    this.root.querySelector<HTMLButtonElement>('.reset')!.disabled =
      !view.restaurant && !view.category && view.period === 'all';
    const isPreset = view.period !== 'own' && range.from !== undefined && range.to !== undefined;
    this.days.textContent = isPreset
      ? `${format.day(range.from!)} – ${format.day(addDays(range.to!, -1))}`
      : '';
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.write();
  }

  private write(): void {
    const { t } = this.scene;
    this.root.setAttribute('aria-label', t.filters);
    const reset = element('button', { type: 'button', class: 'tool reset' }, t.reset);
    reset.addEventListener('click', () =>
      this.onChange({
        restaurant: undefined,
        category: undefined,
        period: 'all',
        from: undefined,
        to: undefined,
      }),
    );
    this.root.replaceChildren(
      element('label', {}, element('span', {}, t.restaurant), this.restaurant),
      element('label', {}, element('span', {}, t.category), this.category),
      element(
        'fieldset',
        {},
        element('legend', {}, t.period),
        element('div', { class: 'segments' }, ...periods.map((period) => this.periodButton(period))),
      ),
      element(
        'div',
        { class: 'range' },
        element('label', {}, element('span', {}, t.from), this.from),
        element('label', {}, element('span', {}, t.to), this.to),
      ),
      reset,
      this.days,
    );
  }

  private periodButton(period: Period): HTMLLabelElement {
    const input = element('input', { type: 'radio', name: 'period', value: period });
    input.addEventListener('change', () => this.onChange({ period }));
    return element('label', {}, input, element('span', {}, this.scene.t.periods[period]));
  }

  private writeChoices(): void {
    const { t } = this.scene;
    fill(this.restaurant, t.allRestaurants, this.restaurants, this.view.restaurant);
    fill(this.category, t.allCategories, this.categories, this.view.category);
  }
}

/** What the address names and the list lacks is offered under its id, so that the filter is seen. */
function fill(select: HTMLSelectElement, all: string, choices: Named[], chosen: string | undefined): void {
  const isUnknown = chosen !== undefined && !choices.some(({ id }) => id === chosen);
  const offered = [{ id: '', name: all }, ...choices, ...(isUnknown ? [{ id: chosen, name: chosen }] : [])];
  select.replaceChildren(...offered.map(({ id, name }) => element('option', { value: id }, name)));
  select.value = chosen ?? '';
}
