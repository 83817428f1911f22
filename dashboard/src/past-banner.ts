import type { View } from './questions/address';
import { isPast } from './questions/moment';
import type { Scene } from './scene/chart';
import { element } from './scene/element';

/** Says that figures are of the past, with the way back to now. */
export class PastBanner {
  readonly root = element('div', { class: 'past-banner', hidden: true });
  private readonly text = element('p', { role: 'status' });
  private readonly back = element('button', { type: 'button', class: 'main-button' });

  constructor(onBack: () => void) {
    this.back.addEventListener('click', onBack);
    this.root.append(this.text, this.back);
  }

  /** Other pages show what is now, whatever the moment is. */
  show({ t, format }: Scene, view: View): void {
    const { knownAt, trueAt, page } = view;
    this.root.hidden = !isPast(view) || (page !== 'charts' && page !== 'orders');
    const known = knownAt && format.instant(knownAt);
    const trueTime = trueAt && format.time(trueAt);
    const text =
      known && trueTime
        ? t.pastOfBoth(known, trueTime)
        : known
          ? t.pastKnown(known)
          : trueTime
            ? t.pastTrue(trueTime)
            : '';
    this.back.textContent = t.backToNow;
    if (this.text.textContent !== text) {
      this.text.textContent = text;
    }
  }
}
