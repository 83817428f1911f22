import type { View } from './questions/address';
import { instantText, isPast } from './questions/moment';
import type { Scene } from './scene/chart';
import { element } from './scene/element';

const HOUR_MS = 3_600_000;
/** A slider that moves is waited for: each moment is read from the vault. */
const PAUSE_MS = 400;

/** What a clock shows, in milliseconds as if it were UTC; undefined: now. */
type Shown = number | undefined;

/** The two clocks of the past: as it was known, and as it was true. */
export class PastBar {
  readonly root = element('details', { class: 'past' });
  private readonly heading = element('summary', {});
  private readonly known: Clock;
  private readonly true: Clock;
  private due?: ReturnType<typeof setTimeout>;
  private chosen: Partial<View> = {};

  constructor(
    private scene: Scene,
    private view: View,
    private readonly onChange: (change: Partial<View>) => void,
  ) {
    this.known = new Clock('known', (shown) =>
      this.choose({ knownAt: shown === undefined ? undefined : instantText(fromLocal(shown)) }),
    );
    this.true = new Clock('true', (shown) =>
      this.choose({ trueAt: shown === undefined ? undefined : sourceText(shown) }),
    );
    this.root.open = isPast(view);
    this.root.append(this.heading, element('div', { class: 'clocks' }, this.known.root, this.true.root));
    this.write();
  }

  /** @param oldest @param newest times of the source between which there are orders */
  offer(oldest: string | undefined, newest: string | undefined): void {
    if (oldest && newest) {
      const [least, most] = [utcOf(oldest), utcOf(newest)];
      this.known.offer(least, toLocal(new Date()));
      this.true.offer(least, most + HOUR_MS);
      this.show(this.view);
    }
  }

  show(view: View): void {
    this.view = view;
    const { t, format } = this.scene;
    const { knownAt, trueAt } = view;
    this.known.show(knownAt ? toLocal(new Date(knownAt)) : undefined, t.now, (shown) =>
      format.instant(fromLocal(shown).toISOString()),
    );
    this.true.show(trueAt ? utcOf(trueAt) : undefined, t.now, (shown) => format.time(sourceText(shown)));
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.write();
    this.show(this.view);
  }

  close(): void {
    clearTimeout(this.due);
  }

  private choose(change: Partial<View>): void {
    clearTimeout(this.due);
    this.chosen = { ...this.chosen, ...change };
    this.due = setTimeout(() => {
      const { chosen } = this;
      this.chosen = {};
      this.onChange(chosen);
    }, PAUSE_MS);
  }

  private write(): void {
    const { t } = this.scene;
    this.heading.textContent = t.past;
    this.known.write(t.asKnown, t.asKnownHint, t.now);
    this.true.write(t.asTrue, t.asTrueHint, t.now);
  }
}

/** A slider from the oldest order until now, a field for the exact time, and the way back to now. */
class Clock {
  readonly root: HTMLElement;
  private readonly legend = element('legend', {});
  private readonly hint = element('p', { class: 'hint' });
  private readonly slider: HTMLInputElement;
  private readonly field: HTMLInputElement;
  private readonly now = element('button', { type: 'button', class: 'tool' });
  private least = 0;
  private textOf: (shown: Shown) => string = () => '';

  constructor(name: string, change: (shown: Shown) => void) {
    this.slider = element('input', { type: 'range', min: '0', max: '1', step: '1', name: `${name}-slider` });
    this.field = element('input', { type: 'datetime-local', step: '1', name: `${name}-at` });
    this.hint.id = `${name}-hint`;
    this.slider.setAttribute('aria-describedby', this.hint.id);
    this.slider.addEventListener('input', () => this.announce(this.slid()));
    this.slider.addEventListener('change', () => change(this.slid()));
    this.field.addEventListener('change', () => {
      const typed = this.field.value ? utcOf(this.field.value) : undefined;
      change(typed !== undefined && typed < this.most() ? typed : undefined);
    });
    this.now.addEventListener('click', () => change(undefined));
    this.root = element(
      'fieldset',
      { class: `clock ${name}` },
      this.legend,
      this.slider,
      element('div', { class: 'at' }, this.field, this.now),
      this.hint,
    );
  }

  /** @param least @param most as {@link Shown} has them */
  offer(least: number, most: number): void {
    this.least = Math.floor(least / HOUR_MS) * HOUR_MS;
    this.slider.max = String(Math.ceil((most - this.least) / HOUR_MS));
    this.field.max = inputText(this.most());
  }

  show(shown: Shown, now: string, text: (shown: number) => string): void {
    this.textOf = (one) => (one === undefined ? now : text(one));
    const hours = shown === undefined ? Number(this.slider.max) : (shown - this.least) / HOUR_MS;
    this.slider.value = String(hours);
    this.now.disabled = shown === undefined;
    this.announce(shown);
  }

  write(title: string, hint: string, now: string): void {
    this.legend.textContent = title;
    this.hint.textContent = hint;
    this.now.textContent = now;
    this.now.setAttribute('aria-label', `${title}: ${now}`);
    this.slider.setAttribute('aria-label', title);
    this.field.setAttribute('aria-label', title);
  }

  private announce(shown: Shown): void {
    this.field.value = shown === undefined ? '' : inputText(shown);
    this.slider.setAttribute('aria-valuetext', this.textOf(shown));
  }

  private slid(): Shown {
    const hours = Number(this.slider.value);
    return hours >= Number(this.slider.max) ? undefined : this.least + hours * HOUR_MS;
  }

  private most(): number {
    return this.least + Number(this.slider.max) * HOUR_MS;
  }
}

/** @param time without a zone, of the source or of a field */
function utcOf(time: string): number {
  return Date.parse(`${time.replace(' ', 'T')}Z`);
}

function inputText(shown: number): string {
  return new Date(shown).toISOString().slice(0, 19);
}

function sourceText(shown: number): string {
  return inputText(shown).replace('T', ' ');
}

/** An instant on the clock of the reader. */
function toLocal(time: Date): number {
  return time.getTime() - time.getTimezoneOffset() * 60_000;
}

function fromLocal(shown: number): Date {
  return new Date(inputText(shown));
}
