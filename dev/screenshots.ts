import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { findBrowser, openBrowser } from './local-browser';
import { keep } from './services/process-keeper';

const ORDERS = '20000';
/** Every chart in sight is drawn by then. */
const SETTLED_MS = 2_000;
const demo = fileURLToPath(new URL('demo.ts', import.meta.url));
const images = fileURLToPath(new URL('../docs/images/', import.meta.url));

interface Picture {
  file: string;
  path: string;
  options: BrowserContextOptions;
  /** On the page of tags: whose rule is opened. */
  tag?: string;
  /** On the page of orders: the newest one is opened. */
  opensOrder?: true;
}

interface Demo {
  address: string;
  /** Of the API. */
  token: string;
}

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: 'ru-RU' };
const wide = { viewport: { width: 1440, height: 1180 }, locale: 'en-GB' };
const pictures: Picture[] = [
  { file: 'dashboard.png', path: '/', options: wide },
  { file: 'dashboard-dark.png', path: '/', options: { ...wide, colorScheme: 'dark' } },
  ...Object.entries({ '': 'light', '-dark': 'dark' } as const).map(([ending, colorScheme]): Picture => ({
    file: `pipeline${ending}.png`,
    path: '/?page=pipeline',
    options: { ...wide, viewport: { width: 1440, height: 1500 }, colorScheme },
  })),
  {
    file: 'dashboard-phone.png',
    path: '/?period=7',
    options: phone,
  },
  ...Object.entries({ '': 'en-GB', '-ru': 'ru-RU' }).flatMap(([ending, locale]): Picture[] => {
    const options = { viewport: { width: 1440, height: 860 }, locale };
    return [
      { file: `tags${ending}.png`, path: '/?page=tags', options },
      {
        file: `tags-editor${ending}.png`,
        path: '/?page=tags',
        tag: 'lapsed soup fan',
        options: { ...wide, locale },
      },
    ];
  }),
  { file: 'order.png', path: '/?page=orders&status=CLOSED', opensOrder: true, options: wide },
  { file: 'tags-phone.png', path: '/?page=tags', tag: 'pizza lover', options: phone },
];

/** npm run screenshots: runs a demo, and takes the pictures of the README from its dashboard. */
try {
  const path = findBrowser();
  if (path === undefined) {
    throw new Error('No pictures without a browser.');
  }
  await mkdir(images, { recursive: true });
  const running = spawn(process.execPath, [...process.execArgv, demo, '--orders', ORDERS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  keep(running);
  const browser = await openBrowser(path);
  try {
    const shown = await dashboardOf(running);
    for (const picture of pictures) {
      await take(browser, shown, picture);
      console.log(`docs/images/${picture.file}`);
    }
  } finally {
    await browser.close();
    await stop(running);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

/** Waits until the demo has its history and says where the dashboard is, and then the token. */
function dashboardOf(running: ChildProcess): Promise<Demo> {
  return new Promise((resolve, reject) => {
    let address = '';
    createInterface({ input: running.stdout! }).on('line', (line) => {
      address = /the dashboard: (http:\S+)\/$/.exec(line)?.[1] ?? address;
      const token = /the API: .+, with the token (\S+)$/.exec(line)?.[1];
      if (token) {
        resolve({ address, token });
      }
    });
    running.once('exit', () => reject(new Error('The demo has ended before it had a dashboard.')));
  });
}

async function take(browser: Browser, { address, token }: Demo, picture: Picture): Promise<void> {
  const { file, path, options, tag, opensOrder } = picture;
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${address}${path}`);
  await page.locator('.legend .bar, .canvas canvas, .service, .orders tbody, #token').first().waitFor();
  await page.locator('.live.live').waitFor();
  if (opensOrder) {
    await showOrder(page, token);
  } else if (path.includes('page=pipeline')) {
    await showPipeline(page, token);
  } else if (await page.locator('#token').isVisible()) {
    await showTags(page, token, tag);
  }
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: `${images}${file}` });
  await context.close();
}

async function showTags(page: Page, token: string, tag: string | undefined): Promise<void> {
  await page.locator('#token').fill(token);
  await page.locator('#token').press('Enter');
  await page.locator('.tag-row .sparkline').first().waitFor();
  if (tag !== undefined) {
    const heading = page.getByRole('heading', { name: tag, exact: true });
    await page.locator('.tag-row').filter({ has: heading }).locator('.sentence').click();
    await page.locator('.threshold').waitFor();
    await page.locator('.backtest summary').click();
    await page.locator('.days-line').waitFor();
    await page.evaluate('window.scrollTo(0, 0)');
  }
}

/** With what was refused and what waits. */
async function showPipeline(page: Page, token: string): Promise<void> {
  await page.locator('#token').fill(token);
  await page.locator('#token').press('Enter');
  for (const list of ['#letters', '#parked-orders', '#findings']) {
    await page.locator(`${list}[aria-busy=false]`).waitFor();
  }
}

async function showOrder(page: Page, token: string): Promise<void> {
  await page.locator('.orders tbody a').first().click();
  await page.locator('#token').fill(token);
  await page.locator('#token').press('Enter');
  await page.locator('.order-life').waitFor();
}

async function stop(running: ChildProcess): Promise<void> {
  if (running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit');
    running.kill('SIGINT');
    await ended;
  }
}
