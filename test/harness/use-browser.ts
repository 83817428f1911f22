import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openBrowser } from '../../dev/local-browser';

export interface TestBrowser {
  /** A page that is closed when the test has ended. */
  open: (path?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** A page that the test closes. */
  visit: (path?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What the browser complains of in this test, and should. */
  forgive: (pattern: RegExp) => void;
}

/** An interface of the machine came or went, as that of a container. Whether the page asks again, tests see. */
const NETWORK_CHANGED = 'ERR_NETWORK_CHANGED';

/**
 * A browser for the tests of a file. A test fails where a page complains, opens a dialog or asks another host.
 * @param path of the browser
 * @param url of the service that serves the pages
 */
export function useBrowser(path: string, url: () => string): TestBrowser {
  let browser: Browser;
  let complaints: string[] = [];
  let forgiven: RegExp[] = [];
  const pages: Page[] = [];
  beforeAll(async () => {
    browser = await openBrowser(path);
  });
  afterEach(async () => {
    await Promise.all(pages.splice(0).map(close));
    const found = complaints.filter((text) => !forgiven.some((pattern) => pattern.test(text)));
    complaints = [];
    forgiven = [];
    if (found.length > 0) {
      throw new Error(`the page misbehaved:\n${found.join('\n')}`);
    }
  });
  afterAll(() => browser?.close());

  async function visit(at = '/', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({
      locale: 'en-GB',
      viewport: { width: 1440, height: 900 },
      acceptDownloads: true,
      reducedMotion: 'reduce',
      ...options,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      const isComplaint = message.type() === 'error' || message.type() === 'warning';
      if (isComplaint && !message.text().includes(NETWORK_CHANGED)) {
        complaints.push(message.text());
      }
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => complaints.push(`a dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${url()}/`) && !request.url().startsWith('blob:')) {
        complaints.push(`asks ${request.url()}`);
      }
    });
    await page.goto(`${url()}${at}`);
    return page;
  }

  return {
    visit,
    open: async (at, options) => {
      const page = await visit(at, options);
      pages.push(page);
      return page;
    },
    forgive: (pattern) => {
      forgiven.push(pattern);
    },
  };
}

async function close(page: Page): Promise<void> {
  // What a route of the test still fetches would fail when the page is gone.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
}

/** Finds nothing serious, as axe sees it, once nothing changes its look any more. */
export async function expectUsableByAll(page: Page): Promise<void> {
  await page.evaluate(
    'Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => {})))',
  );
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}
