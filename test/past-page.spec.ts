import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../dev/local-browser';
import { menu, restaurantEntry, userEntry } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { expectUsableByAll, useBrowser } from './harness/use-browser';
import { usePipeline } from './harness/use-pipeline';

/*
 * The past on the page of the dashboard, in a real browser. Seven orders are loaded; then two of them are corrected,
 * three more come, and the restaurant gets another name.
 */
const KNOWN = '2024-01-01 00:00:00';

const dictionary = {
  ...Object.fromEntries(
    Array.from({ length: 3 }, (_, user) => [`u${user}`, userEntry(`u${user}`, `Guest ${user}`, KNOWN)]),
  ),
  r1: restaurantEntry('r1', 'Дома', menu, KNOWN),
};

/** One a day, at noon from 2024-02-20 on. */
function order(id: number, changes: { status?: string; updateTs?: string } = {}): { value: string } {
  const day = `2024-02-${19 + id}`;
  return {
    value: sourceText({
      id,
      user: `u${id % 3}`,
      restaurant: 'r1',
      date: `${day} 12:00:00`,
      items: [line('d1', 100)],
      status: 'CLOSED',
      updateTs: `${day} 13:00:00`,
      sent: `${day} 13:00:01`,
      ...changes,
    }),
  };
}

const ids = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, place) => first + place);

const browserPath = findBrowser();

describe.skipIf(!browserPath)('the past on the dashboard', () => {
  const pipeline = usePipeline();
  const { open, forgive } = useBrowser(browserPath!, () => pipeline.service('cdm').url);
  /** When the first seven orders were loaded, and nothing else. */
  let before: string;

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.sendOrders(ids(1, 7).map((id) => order(id)));
    await pipeline.settled();
    // The address has whole seconds: nothing else is loaded in the one that is over.
    const [row] = await pipeline.database.rows<{ second: string }>(
      `SELECT to_char(date_trunc('second', clock_timestamp() AT TIME ZONE 'UTC') + interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS second`,
    );
    before = row!.second;
    await sleep(Math.max(Date.parse(before) + 1 - Date.now(), 1));
    await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'У реки', menu, '2024-02-25 00:00:00') });
    await pipeline.sendOrders([
      ...[1, 2].map((id) => order(id, { status: 'CANCELLED', updateTs: '2024-02-28 13:00:00' })),
      ...ids(8, 10).map((id) => order(id)),
    ]);
    await pipeline.settled();
  });

  const figure = (page: Page, id: string) => page.locator(`#${id}`);
  const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').replaceAll(/\s/g, ' ');
  const banner = (page: Page) => page.locator('.past-banner');
  const field = (page: Page, name: string) => page.locator(`input[name=${name}-at]`);
  const slider = (page: Page, name: string) => page.locator(`input[name=${name}-slider]`);

  async function openClocks(page: Page): Promise<void> {
    await page.locator('.past summary').focus();
    await page.keyboard.press('Enter');
  }

  it('shows what was known at the moment of the address, and the way back to now', async () => {
    const page = await open(`/?known_at=${before}`, { timezoneId: 'Europe/Moscow' });
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('7');
    await expect.poll(() => textOf(page.locator('#closed_share + .hint'))).toBe('7 orders');
    await expect
      .poll(() => textOf(banner(page)))
      .toMatch(/^You look at the past: the figures that were known on .*Back to now$/);
    await page.locator('#restaurants .tools button').first().click();
    await page.locator('#restaurants').scrollIntoViewIfNeeded();
    await expect.poll(() => textOf(page.locator('#restaurants tbody'))).toContain('Дома');
    await banner(page).getByRole('button', { name: 'Back to now' }).click();
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('10');
    await expect.poll(() => textOf(page.locator('#closed_share + .hint'))).toBe('8 orders');
    await page.locator('#restaurants').scrollIntoViewIfNeeded();
    await expect.poll(() => textOf(page.locator('#restaurants tbody'))).toContain('У реки');
    expect(await banner(page).isHidden()).toBe(true);
    expect(page.url()).not.toContain('known_at');
  });

  it('takes an exact time of the source, and leads to the orders of then', async () => {
    const page = await open('/');
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('10');
    await openClocks(page);
    await field(page, 'true').fill('2024-02-23T12:30:00');
    await expect.poll(() => page.url()).toContain('true_at=2024-02-23+12%3A30%3A00');
    // The fourth order took its status at one o'clock.
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('3');
    await expect.poll(() => textOf(figure(page, 'revenue'))).toBe('₽300');
    await figure(page, 'orders').locator('a').click();
    await expect.poll(() => page.locator('.orders tbody tr').count()).toBe(3);
    await expect.poll(() => textOf(page.locator('#sum-revenue'))).toBe('₽300.00');
    expect(await textOf(page.locator('.orders tbody tr').first())).toContain('Дома');
    expect(await textOf(banner(page))).toContain(
      'what was true on 23 Feb 2024, 12:30:00 (time of the source), as it is known now',
    );
    await page.goBack();
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('3');
  });

  it('moves the clocks by keyboard', async () => {
    const page = await open('/');
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('10');
    await openClocks(page);
    const clock = slider(page, 'true');
    await expect.poll(() => clock.getAttribute('max')).not.toBe('1');
    expect(await clock.getAttribute('aria-valuetext')).toBe('Now');
    await clock.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.url()).toContain('true_at=2024-02-01+01%3A00%3A00');
    expect(await clock.getAttribute('aria-valuetext')).toBe('1 Feb 2024, 01:00:00');
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('0');
    await page.keyboard.press('End');
    await expect.poll(() => page.url()).not.toContain('true_at');
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('10');
  });

  it('shows both clocks in words, in Russian too, and keeps the filters', async () => {
    const page = await open(
      `/?known_at=${before}&true_at=2024-02-25+14%3A00%3A00&period=own&from=2024-02-22&to=2024-02-29`,
      { locale: 'ru-RU' },
    );
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('4');
    await expect.poll(() => textOf(banner(page))).toMatch(/^Вы смотрите в прошлое: что .* о моменте 25 февр/);
    await page.getByRole('button', { name: 'EN', exact: true }).click();
    await expect.poll(() => textOf(banner(page))).toContain('about 25 Feb 2024, 14:00:00');
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('4');
  });

  it('is not moved by what is counted meanwhile', async () => {
    const page = await open(`/?known_at=${before}`);
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('7');
    const other = await open('/');
    await expect.poll(() => textOf(figure(other, 'orders'))).toBe('10');
    await pipeline.sendOrders([order(1, { status: 'CANCELLED', updateTs: '2024-02-29 13:00:00' })]);
    await pipeline.sendOrders([
      {
        value: sourceText({
          id: 99,
          user: 'u1',
          restaurant: 'r1',
          date: '2024-02-29 12:00:00',
          updateTs: '2024-02-29 13:00:00',
          items: [line('d1', 100)],
        }),
      },
    ]);
    await expect.poll(() => textOf(figure(other, 'orders'))).toBe('11');
    expect(await textOf(figure(page, 'orders'))).toBe('7');
  });

  it('shows how far a moment is read, and then its figures', async () => {
    const moment = 'true_at=2024-02-22+12%3A30%3A00';
    const lock = await pipeline.database.pool.connect();
    try {
      await lock.query('BEGIN; LOCK TABLE dds.s_order_details IN ACCESS EXCLUSIVE MODE');
      const answer = await fetch(`${pipeline.service('cdm').url}/api/v1/summary?${moment}`);
      expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toEqual([
        202,
        '1',
        { computing: true, progress: 0 },
      ]);
      const page = await open(`/?${moment}`);
      await expect
        .poll(() => textOf(page.locator('#dishes-by-users .computing')))
        .toBe('The orders of that moment are being read: 0%');
      await expect.poll(() => page.locator('.figures progress').isVisible()).toBe(true);
      await expectUsableByAll(page);
      await lock.query('ROLLBACK');
      await expect.poll(() => textOf(figure(page, 'orders'))).toBe('2');
      expect(await page.locator('.figures progress').isHidden()).toBe(true);
    } finally {
      await lock.query('ROLLBACK');
      lock.release();
    }
  });

  it('says why a moment of the future has no figures', async () => {
    const page = await open('/?known_at=2999-01-01T00:00:00Z');
    await expect
      .poll(() => textOf(page.locator('.figures .old')))
      .toContain(
        'known_at must be a time YYYY-MM-DDTHH:MM:SS with a zone, Z or +HH:MM, that is not in the future',
      );
    forgive(/400/);
  });

  it.each(['light', 'dark'] as const)('can be used by all, as axe finds: %s', async (colorScheme) => {
    const page = await open(`/?known_at=${before}`, { colorScheme });
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('7');
    await expectUsableByAll(page);
  });

  it('fits a phone', async () => {
    const page = await open(`/?known_at=${before}&true_at=2024-02-25+14%3A00%3A00`, {
      viewport: { width: 390, height: 844 },
    });
    await expect.poll(() => textOf(figure(page, 'orders'))).toBe('6');
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390);
  });
});
