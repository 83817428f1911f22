import { AnswerKeeper, type Kept } from './questions/answer-keeper';
import type { Summary } from './questions/answers';
import type { Scene } from './scene/chart';
import { element } from './scene/element';
import type { Part, Selection } from './part';

/** The row of figures at the head of the charts. */
export class Figures implements Part {
  readonly root = element('section', { class: 'figures' });
  private readonly list = element('dl', {});
  private readonly old = element('p', { class: 'old', role: 'status', hidden: true });
  private readonly keeper = new AnswerKeeper<Summary>((kept) => this.update(kept));
  private kept: Kept<Summary> = { loading: true };

  constructor(private scene: Scene) {
    this.root.append(this.list, this.old);
    this.update(this.kept);
  }

  show({ filters }: Selection): void {
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
          element('dd', { id }),
          element('dd', { class: 'hint' }),
        ),
      );
    [name, value, hint].forEach((text, line) => {
      const child = box.children[line]!;
      if (child.textContent !== text) {
        child.textContent = text;
      }
    });
  }
}
