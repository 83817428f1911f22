import type { View } from './questions/address';
import { AnswerKeeper, type Kept } from './questions/answer-keeper';
import type { Summary } from './questions/answers';
import type { Scene, Selection } from './scene/chart';
import { element } from './scene/element';
import { linkTo, type Links } from './scene/link-to';
import type { Part } from './part';

const closed: Partial<View> = { page: 'orders', status: 'CLOSED' };
/** The orders behind each figure. */
const behind: Record<string, Partial<View>> = {
  orders: { page: 'orders' },
  users: { ...closed, of: 'guests' },
  closed_share: closed,
  average_bill: closed,
  revenue: closed,
  newest_order_at: { page: 'orders' },
};

/** The row of figures at the head of the charts. */
export class Figures implements Part {
  readonly root = element('section', { class: 'figures' });
  private readonly list = element('dl', {});
  private readonly progress = element('progress', { max: '1', hidden: true });
  private readonly old = element('p', { class: 'old', role: 'status', hidden: true });
  private readonly keeper = new AnswerKeeper<Summary>((kept) => this.update(kept));
  private kept: Kept<Summary> = { loading: true };

  constructor(
    private scene: Scene,
    private readonly links: Links,
  ) {
    this.root.append(this.list, this.progress, this.old);
    this.update(this.kept);
  }

  show({ filters }: Selection): void {
    this.update(this.kept);
    this.keeper.ask(`api/summary?${filters}`);
  }

  refresh(): void {
    this.keeper.refresh();
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.update(this.kept);
  }

  close(): void {
    this.keeper.close();
  }

  private update(kept: Kept<Summary>): void {
    this.kept = kept;
    const { t, format } = this.scene;
    const { answer } = kept;
    this.root.setAttribute('aria-label', t.figures);
    this.root.setAttribute('aria-busy', String(kept.loading));
    this.root.classList.toggle('loading', kept.loading && !answer);
    this.root.classList.toggle('fading', kept.loading && answer !== undefined);
    this.progress.hidden = kept.progress === undefined;
    this.progress.value = kept.progress ?? 0;
    this.progress.setAttribute('aria-label', t.computing);
    this.old.hidden = kept.error === undefined;
    const age = kept.at === undefined ? t.failed : t.notUpdated(format.moment(kept.at));
    this.old.textContent = kept.error === undefined ? '' : `${age} ${kept.error}`;
    const figures: [id: string, name: string, value: string | undefined, hint: string][] = [
      ['orders', t.orders, answer && format.count(answer.orders), t.ordersHint],
      ['users', t.guests, answer && format.count(answer.users), t.guestsHint],
      [
        'closed_share',
        t.closedShare,
        answer && format.share(answer.closed_share),
        answer ? t.closedHint(format.count(answer.closed_orders)) : '',
      ],
      ['average_bill', t.averageBill, answer && format.bill(answer.average_bill), t.averageBillHint],
      ['revenue', t.revenue, answer && format.sum(answer.revenue), t.revenueHint],
      [
        'newest_order_at',
        t.newestOrder,
        answer && (answer.newest_order_at ? format.hour(answer.newest_order_at) : '—'),
        t.newestOrderHint,
      ],
    ];
    figures.forEach(([id, name, value, hint], place) =>
      this.write(place, id, name, value ?? (kept.loading ? ' ' : '—'), hint),
    );
  }

  /** Elements stay, so that nothing flickers; only their text changes. */
  private write(place: number, id: string, name: string, value: string, hint: string): void {
    const box =
      this.list.children[place] ??
      this.list.appendChild(
        element(
          'div',
          { class: 'figure-box' },
          element('dt', {}),
          element('dd', { id }, linkTo(this.links, behind[id]!, {})),
          element('dd', { class: 'hint' }),
        ),
      );
    const [title, figure, note] = Array.from(box.children) as [Element, Element, Element];
    const link = figure.firstElementChild as HTMLAnchorElement;
    write(title, name);
    write(link, value);
    write(note, hint);
    link.href = this.links.address(behind[id]!);
    link.title = this.scene.t.showOrders;
    link.setAttribute('aria-label', `${name}: ${value}. ${this.scene.t.showOrders}`);
  }
}

/** Leaves what says the same: a screen reader hears only what is new. */
function write(line: Element, text: string): void {
  if (line.textContent !== text) {
    line.textContent = text;
  }
}
