import { writeAddress, type View } from './questions/address';
import type { PipelineState } from './questions/answers';
import type { Scene } from './scene/chart';
import { completenessOf } from './completeness';
import { element } from './scene/element';
import { isPlain } from './scene/link-to';
import type { Liveness } from './live-stream';
import { themes, type Theme } from './scene/settings';
import { languages, type Language } from './scene/texts';

interface HeadChoices {
  page: (page: View['page']) => void;
  /** @param id as it was typed */
  order: (id: string) => void;
  language: (language: Language) => void;
  theme: (theme: Theme) => void;
}

/** The head of the page: its pages, whether it is live and complete, language and theme. */
export class HeadBar {
  readonly root = element('header', { class: 'head' });
  /** Across the page when the figures are old. */
  readonly banner = element('p', { class: 'banner', role: 'alert', hidden: true });
  private readonly live = element('span', { class: 'live connecting', role: 'status' });
  private readonly complete = element('a', { class: 'complete', hidden: true });
  /** It stays when the rest is written again: what was typed is kept. */
  private readonly orderId = element('input', {
    id: 'order-id',
    type: 'search',
    inputmode: 'numeric',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  private readonly orderSearch = element('form', { class: 'order-search', role: 'search' }, this.orderId);
  private liveness: Liveness = { state: 'connecting' };
  private pipeline?: PipelineState;

  constructor(private readonly choices: HeadChoices) {
    this.complete.addEventListener('click', (event) => this.follow(event, 'pipeline'));
    this.orderSearch.addEventListener('submit', (event) => {
      event.preventDefault();
      const id = this.orderId.value.trim();
      if (id !== '') {
        this.choices.order(id);
        this.orderId.value = '';
      }
    });
  }

  write(scene: Scene, view: View, language: Language, theme: Theme): void {
    const { t } = scene;
    const focused = (document.activeElement as HTMLElement | null)?.id;
    this.root.replaceChildren(
      element('a', { class: 'skip', href: '#content' }, t.skip),
      element('h1', {}, element('i', { class: 'mark' }), 'Order Vault'),
      element(
        'nav',
        { 'aria-label': t.pages },
        this.link('charts', view, t.charts),
        this.link('pipeline', view, t.pipeline),
        this.link('tags', view, t.tagsPage),
      ),
      this.orderSearch,
      element('div', { class: 'state' }, this.live, this.complete),
      this.segments(
        'language',
        t.language,
        languages,
        language,
        (one) => one.toUpperCase(),
        this.choices.language,
      ),
      this.segments(
        'theme',
        t.theme.name,
        themes,
        theme,
        (one) => element('i', { class: `icon ${one}-icon` }),
        this.choices.theme,
        (one) => `${t.theme.name}: ${t.theme[one]}`,
      ),
    );
    this.orderSearch.setAttribute('aria-label', t.orderSearch);
    this.orderId.setAttribute('aria-label', t.orderId);
    this.orderId.placeholder = t.orderNo;
    this.complete.href = writeAddress({ ...view, page: 'pipeline' });
    this.tellLiveness(scene, this.liveness);
    this.tellPipeline(scene, this.pipeline);
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  tellLiveness({ t, format }: Scene, liveness: Liveness): void {
    this.liveness = liveness;
    const { state } = liveness;
    const text = {
      connecting: () => t.connecting,
      live: () => t.live,
      stale: () => t.staleSince(format.moment((liveness as { since: number }).since)),
    }[state]();
    this.live.className = `live ${state}`;
    if (this.live.textContent !== text) {
      this.live.textContent = text;
    }
    this.live.title = state === 'live' ? t.liveHint(format.moment(liveness.at)) : text;
    const isStale = state === 'stale';
    if (isStale === this.banner.hidden || (isStale && this.banner.lang !== t.locale)) {
      this.banner.hidden = !isStale;
      this.banner.lang = t.locale;
      this.banner.textContent = isStale ? t.staleBanner(format.moment(liveness.since)) : '';
    }
  }

  /** @param pipeline undefined where it is not known */
  tellPipeline({ t, format }: Scene, pipeline: PipelineState | undefined): void {
    this.pipeline = pipeline;
    this.complete.hidden = !pipeline;
    if (pipeline) {
      const { verdict, unread, parked } = completenessOf(pipeline);
      this.complete.className = `complete ${verdict}`;
      this.complete.textContent = {
        complete: t.complete,
        behind: t.incomplete(format.count(unread + parked)),
        unknown: t.pipelineUnknown,
      }[verdict];
    }
  }

  private link(page: View['page'], view: View, text: string): HTMLAnchorElement {
    const link = element(
      'a',
      {
        id: `page-${page}`,
        href: writeAddress({ ...view, page }),
        'aria-current': view.page === page ? 'page' : undefined,
      },
      text,
    );
    link.addEventListener('click', (event) => this.follow(event, page));
    return link;
  }

  private follow(event: MouseEvent, page: View['page']): void {
    if (isPlain(event)) {
      event.preventDefault();
      this.choices.page(page);
    }
  }

  private segments<Value extends string>(
    name: string,
    title: string,
    values: readonly Value[],
    chosen: Value,
    content: (value: Value) => string | Node,
    choose: (value: Value) => void,
    label?: (value: Value) => string,
  ): HTMLElement {
    const buttons = values.map((value) => {
      const button = element(
        'button',
        {
          type: 'button',
          id: `${name}-${value}`,
          'aria-pressed': String(value === chosen),
          'aria-label': label?.(value),
          title: label?.(value),
        },
        content(value),
      );
      button.addEventListener('click', () => choose(value));
      return button;
    });
    return element('div', { class: `segments ${name}`, role: 'group', 'aria-label': title }, ...buttons);
  }
}
