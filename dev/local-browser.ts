import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const ADVICE = `There is no Chromium here, so the page of the dashboard cannot be looked at. On Debian and Ubuntu:
  apt-get install chromium
elsewhere install Chrome or Chromium, or name one in the variable CHROMIUM.`;

/**
 * The machine's own Chromium or Chrome, or the one that the variable CHROMIUM names.
 * @returns undefined where there is none, which is said
 * @throws where there is none and `BROWSER_TESTS=required`
 */
export function findBrowser(): string | undefined {
  const { CHROMIUM, BROWSER_TESTS, PATH = '' } = process.env;
  const onPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = CHROMIUM ?? [...onPath, ...PLACES].find((path) => existsSync(path));
  if (found === undefined) {
    if (BROWSER_TESTS === 'required') {
      throw new Error(ADVICE);
    }
    console.warn(ADVICE);
  }
  return found;
}

/** @param path of {@link findBrowser} */
export function openBrowser(path: string): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    // What it does on its own asks hosts that no test has to do with; root has no sandbox.
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
      '--disable-sync',
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
