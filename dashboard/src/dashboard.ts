import { readAddress, writeAddress, type View } from './questions/address';
import { element } from './scene/element';
import { AnswerKeeper } from './questions/answer-keeper';
import type { Change, PipelineState } from './questions/answers';
import { tellOf } from './questions/ask';
import type { Scene } from './scene/chart';
import { ChartsPage } from './charts-page';
import { Format } from './scene/format';
import { HeadBar } from './head-bar';
import { LazyPage } from './lazy-page';
import { LiveStream } from './live-stream';
import { CategoryColors, lookOf, watchSystem } from './scene/look';
import { PastBanner } from './past-banner';
import { PipelinePage } from './pipeline-page';
import { keepLanguage, keepTheme, language, theme } from './scene/settings';
import { texts } from './scene/texts';

const PIPELINE_MS = 10_000;

/** Puts the page into the document, and keeps it up to date until the reader leaves. */
export class Dashboard {
  private view = readAddress(location.search);
  private readonly colors = new CategoryColors();
  private scene = this.newScene();
  private readonly head = new HeadBar({
    page: (page) => this.choose({ page }),
    order: (order) => this.choose({ page: 'order', order }),
    language: (chosen) => this.restyle(() => keepLanguage(chosen)),
    theme: (chosen) => this.restyle(() => keepTheme(chosen)),
  });
  private readonly past = new PastBanner(() => {
    this.choose({ knownAt: undefined, trueAt: undefined });
    // The button is gone.
    this.page.root.focus({ preventScroll: true });
  });
  private page = this.openPage();
  private readonly pipeline = new AnswerKeeper<PipelineState>(({ answer, error }) =>
    this.head.tellPipeline(this.scene, error === undefined ? answer : undefined),
  );
  /** What happened while nobody looked is made good when somebody does. */
  private isDue = false;

  open(): void {
    this.writeHead();
    document.body.replaceChildren(this.head.root, this.head.banner, this.past.root, this.page.root);
    addEventListener('popstate', () => this.turnTo(readAddress(location.search)));
    document.addEventListener('visibilitychange', () => this.isDue && this.refresh());
    watchSystem(() => this.restyle(() => undefined));
    void new LiveStream(
      (change) => {
        if (change) {
          tellOf(change.as_of);
        }
        this.refresh(change);
      },
      (liveness) => this.head.tellLiveness(this.scene, liveness),
    );
    this.pipeline.ask('api/pipeline');
    setInterval(() => document.hidden || this.pipeline.refresh(), PIPELINE_MS);
  }

  private choose(change: Partial<View>): void {
    const view = { ...this.view, ...change };
    history.pushState(null, '', writeAddress(view));
    this.turnTo(view);
  }

  private turnTo(view: View): void {
    const isOther = view.page !== this.view.page;
    this.view = view;
    if (isOther) {
      this.page.close();
      const before = this.page.root;
      const hadFocus = before.contains(document.activeElement);
      this.page = this.openPage();
      before.replaceWith(this.page.root);
      if (hadFocus) {
        // What was followed is gone: a screen reader goes on with what is there instead.
        this.page.root.focus({ preventScroll: true });
      }
      scrollTo(0, 0);
    } else {
      this.page.show(view);
    }
    this.writeHead();
  }

  private openPage(): ChartsPage | PipelinePage | LazyPage {
    const choose = (change: Partial<View>) => this.choose(change);
    const opening = { scene: this.scene, view: this.view, choose };
    switch (this.view.page) {
      case 'charts':
        return new ChartsPage(this.scene, this.view, choose);
      case 'pipeline':
        return new PipelinePage(opening);
      case 'tags':
        return new LazyPage(mainOf('tags'), async () => (await import('./tags/open-tags')).openTags, opening);
      case 'orders':
      case 'order':
        return new LazyPage(
          mainOf('orders'),
          async () => (await import('./orders/open-orders')).openOrders,
          opening,
        );
    }
  }

  private refresh(change?: Change): void {
    this.isDue = document.hidden;
    if (!document.hidden) {
      this.page.refresh(change);
    }
  }

  private restyle(keep: () => void): void {
    keep();
    this.scene = this.newScene();
    this.writeHead();
    this.page.redraw(this.scene);
  }

  private writeHead(): void {
    const { t } = this.scene;
    const page = {
      charts: t.charts,
      pipeline: t.pipeline,
      tags: t.tagsPage,
      orders: t.orders,
      order: t.orderNumber(this.view.order ?? ''),
    }[this.view.page];
    document.title = `${page} · Order Vault`;
    document.documentElement.lang = language();
    document.documentElement.dataset.theme = theme();
    this.head.write(this.scene, this.view, language(), theme());
    this.past.show(this.scene, this.view);
  }

  private newScene(): Scene {
    const t = texts[language()];
    return {
      t,
      format: new Format(t.locale),
      look: lookOf(theme()),
      colors: this.colors,
      calm: matchMedia('(prefers-reduced-motion: reduce)').matches,
      patterns: matchMedia('(prefers-contrast: more)').matches,
    };
  }
}

function mainOf(name: string): HTMLElement {
  return element('main', { id: 'content', tabindex: '-1', class: name });
}
