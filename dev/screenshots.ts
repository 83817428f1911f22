import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
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
}

const wide = { viewport: { width: 1440, height: 1180 }, locale: 'en-GB' };
const pictures: Picture[] = [
  { file: 'dashboard.png', path: '/', options: wide },
  { file: 'dashboard-dark.png', path: '/', options: { ...wide, colorScheme: 'dark' } },
  {
    file: 'pipeline.png',
    path: '/?page=pipeline',
    options: { ...wide, viewport: { width: 1440, height: 720 } },
  },
  {
    file: 'dashboard-phone.png',
    path: '/?period=7',
    options: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, locale: 'ru-RU' },
  },
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
    const address = await dashboardOf(running);
    for (const picture of pictures) {
      await take(browser, address, picture);
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

/** Waits until the demo has its history and says where the dashboard is. */
function dashboardOf(running: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: running.stdout! }).on('line', (line) => {
      const address = /the dashboard: (http:\S+)\/$/.exec(line)?.[1];
      if (address) {
        resolve(address);
      }
    });
    running.once('exit', () => reject(new Error('The demo has ended before it had a dashboard.')));
  });
}

async function take(browser: Browser, address: string, { file, path, options }: Picture): Promise<void> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${address}${path}`);
  await page.locator('.canvas canvas, .service').first().waitFor();
  await page.locator('.live.live').waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: `${images}${file}` });
  await context.close();
}

async function stop(running: ChildProcess): Promise<void> {
  if (running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit');
    running.kill('SIGINT');
    await ended;
  }
}
