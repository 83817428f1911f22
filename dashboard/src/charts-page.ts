import type { Ring, View } from './questions/address';
import { ask } from './questions/ask';
import type { Change, Named, Popular, Summary, TimelineStep } from './questions/answers';
import type { Scene, Selection } from './scene/chart';
import { categoryShares } from './charts/category-shares';
import { dishBars } from './charts/dish-bars';
import { restaurantBars } from './charts/restaurant-bars';
import { salesTimeline } from './charts/sales-timeline';
import { tagBars } from './charts/tag-bars';
import { element } from './scene/element';
import { linksFrom } from './scene/link-to';
import { Figures } from './figures';
import { FilterBar } from './filter-bar';
import { PastBar } from './past-bar';
import { Panel, type PanelChoices } from './panel';
import type { Part } from './part';
import { isPast, momentQuery } from './questions/moment';
import { rangeOf } from './questions/period';

/** A new restaurant or category is in the filters after this time. */
const NEW_NAMES_MS = 60_000;

/** The figures and charts, under the filters of the address. */
export class ChartsPage {
  readonly root = element('main', { id: 'content', tabindex: '-1' });
  private readonly filters: FilterBar;
  private readonly past: PastBar;
  private readonly parts: Part[];
  /** Tags are those of now, whatever moment is chosen. */
  private readonly tags: Part;
  private newestOrder: string | null = null;
  private learnedAt = -Infinity;
  private ready: Promise<void>;

  /** @param onChoose the reader changed a part of the view; undefined members leave it */
  constructor(
    private readonly scene: Scene,
    private view: View,
    onChoose: (change: Partial<View>) => void,
  ) {
    this.filters = new FilterBar(scene, view, onChoose);
    this.past = new PastBar(scene, view, onChoose);
    const links = linksFrom(() => this.view, onChoose);
    const choices: PanelChoices = {
      category: (id) => onChoose({ category: this.view.category === id ? undefined : id }),
      step: (step) => onChoose({ step: (step || undefined) as View['step'] }),
      ring: (ring) => onChoose({ rings: withOrWithout(this.view.rings ?? [], ring) }),
    };
    const selection = this.selection();
    const figures = new Figures(scene, links);
    const panels = [
      new Panel(categoryShares('users'), scene, selection, choices, links),
      new Panel(categoryShares('orders'), scene, selection, choices, links),
      new Panel(dishBars('users'), scene, selection, choices, links),
      new Panel(dishBars('orders'), scene, selection, choices, links),
      new Panel(salesTimeline, scene, selection, choices, links),
      new Panel(restaurantBars, scene, selection, choices, links),
      new Panel(tagBars, scene, selection, choices, links),
    ];
    this.parts = [figures, ...panels];
    this.tags = panels.at(-1)!;
    this.root.append(
      this.filters.root,
      this.past.root,
      figures.root,
      element('div', { class: 'panels' }, ...panels.map(({ root }) => root)),
    );
    this.ready = this.learn();
    this.show(view);
  }

  /** Shows another view, or the same after the newest order has moved its period. */
  show(view: View): void {
    this.view = view;
    this.filters.show(view, this.range());
    this.past.show(view);
    void this.showParts();
  }

  /** Colours and the end of periods must be known before anything is drawn. */
  private async showParts(): Promise<void> {
    await this.ready;
    const selection = this.selection();
    this.filters.show(this.view, this.range());
    this.parts.forEach((part) => part.show(selection));
  }

  /** @param change undefined: it is not known what has changed */
  refresh(change?: Change): void {
    if (isPast(this.view)) {
      this.tags.refresh();
      return;
    }
    const before = this.range();
    this.newestOrder = change?.newest_order_at ?? this.newestOrder;
    if (!change || performance.now() - this.learnedAt > NEW_NAMES_MS) {
      this.ready = this.learn();
    }
    if (change && JSON.stringify(before) === JSON.stringify(this.range())) {
      this.parts.forEach((part) => part.refresh());
    } else {
      this.show(this.view);
    }
  }

  redraw(scene: Scene): void {
    this.filters.redraw(scene);
    this.past.redraw(scene);
    this.filters.show(this.view, this.range());
    this.parts.forEach((part) => part.redraw(scene));
  }

  close(): void {
    this.past.close();
    this.parts.forEach((part) => part.close());
  }

  private range() {
    return rangeOf(this.view, this.newestOrder, Date.now());
  }

  private selection(): Selection {
    const { from, to } = this.range();
    const given = {
      restaurant_id: this.view.restaurant,
      category: this.view.category,
      from,
      to,
      ...momentQuery(this.view),
    };
    const filters = Object.entries(given).filter(
      (filter): filter is [string, string] => filter[1] !== undefined,
    );
    return { view: this.view, filters: new URLSearchParams(filters) };
  }

  /**
   * What changes rarely: names for the filters, colours, and the newest order. What fails is missing, and the panels
   * say why.
   */
  private async learn(): Promise<void> {
    this.learnedAt = performance.now();
    const [restaurants, categories, popular, summary, months] = await Promise.all([
      known<Named[]>('api/restaurants'),
      known<Named[]>('api/categories'),
      known<Popular[]>('api/popularity/categories?by=orders&limit=1000&'),
      known<Summary>('api/summary?'),
      known<TimelineStep[]>('api/timeline?step=month&'),
    ]);
    if (!restaurants || !categories || !popular || !summary || !months) {
      this.learnedAt = -Infinity;
    }
    this.scene.colors.know([...(popular ?? []), ...(categories ?? [])].map(({ id }) => id));
    this.newestOrder = summary?.newest_order_at ?? null;
    this.filters.offer(restaurants ?? [], categories ?? []);
    this.past.offer(months?.[0]?.start, this.newestOrder ?? undefined);
  }
}

/** Without what is in it, with what is not. */
function withOrWithout(chosen: Ring[], one: Ring): Ring[] | undefined {
  const others = chosen.filter((ring) => ring !== one);
  const changed = others.length < chosen.length ? others : [...chosen, one];
  return changed.length > 0 ? changed : undefined;
}

async function known<Answer>(path: string): Promise<Answer | undefined> {
  return ask(path).then(
    ({ text }) => JSON.parse(text) as Answer,
    () => undefined,
  );
}
