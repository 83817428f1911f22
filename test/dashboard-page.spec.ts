import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { restaurantEntry, userEntry, type Menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { putRules } from './guarantees/tags/put-rules';
import { findBrowser } from '../dev/local-browser';
import { expectUsableByAll, useBrowser } from './harness/use-browser';
import { savedSheet } from './harness/saved-sheet';
import { usePipeline } from './harness/use-pipeline';

/*
 * The page of the dashboard in a real browser, over orders that went through the three services. What it should show is
 * asked of the vault by plain SQL, and read from the tables that the page has beside each chart.
 */
const DANGEROUS = '<img src=x onerror=alert(1)>';
const KNOWN = '2024-01-01 00:00:00';
const USERS = 14;
const ORDERS = 160;
const CATEGORIES = 11;
/** Orders at a restaurant that give a tag. */
const LEAST = 5;

/** Twenty-two dishes of eleven categories, so that charts of categories fold; the names are those that hurt. */
const menu: Menu = Object.fromEntries(
  Array.from({ length: 2 * CATEGORIES }, (_, dish) => [
    `d${dish}`,
    [
      dish === 0 ? DANGEROUS : dish === 1 ? '=1+1, "quoted"' : `Блюдо ${dish}`,
      `Категория ${dish % CATEGORIES}`,
    ] as [string, string],
  ]),
);

const dictionary = {
  ...Object.fromEntries(
    Array.from({ length: USERS }, (_, user) => [`u${user}`, userEntry(`u${user}`, `Guest ${user}`, KNOWN)]),
  ),
  r0: restaurantEntry('r0', 'Дома', menu, KNOWN),
  r1: restaurantEntry('r1', 'У реки', menu, KNOWN),
  r2: restaurantEntry('r2', '{b} <b>bold</b>', menu, KNOWN),
};

/** Of 40 days up to 2024-03-01, uneven in every respect; every seventh is cancelled. */
const orders = Array.from({ length: ORDERS }, (_, order) => {
  const day = new Date(Date.UTC(2024, 2, 1) - (order % 40) * 86_400_000).toISOString().slice(0, 10);
  const dishes = [order % 3 ? order % 22 : 0, (order * order) % 22, (order * 7) % 13].slice(
    0,
    1 + (order % 3),
  );
  return sourceText({
    id: 1_000 + order,
    user: `u${(order * order) % USERS}`,
    restaurant: `r${(order % 5) % 3}`,
    date: `${day} ${String(8 + (order % 14)).padStart(2, '0')}:30:00`,
    items: dishes.map((dish) => line(`d${dish}`, 100 + dish * 10.5, 1 + (order % 2))),
    status: order % 7 === 6 ? 'CANCELLED' : 'CLOSED',
    updateTs: `${day} 23:00:00`,
    sent: `${day} 23:00:01`,
  });
});

const views = /* sql */ `
  CREATE VIEW told_order AS
    SELECT order_id, h_user_pk AS user_id, h_restaurant_pk AS restaurant_id, name AS restaurant, order_dt, cost, payment,
      final_status = 'CLOSED' AS closed
    FROM dds.order_current JOIN dds.restaurant_current USING (h_restaurant_pk);
  CREATE VIEW told_line AS
    SELECT told_order.*, product.name AS dish, lines.category_name AS category
    FROM told_order JOIN dds.order_line_current lines USING (order_id) JOIN dds.product_current product USING (h_product_pk)
    WHERE closed`;

/** What a function that runs in the page sees of a cell; the tests know no DOM. */
interface Cell {
  textContent: string;
  getAttribute(name: string): string | null;
}

const browserPath = findBrowser();

describe.skipIf(!browserPath)('the page of the dashboard', () => {
  const pipeline = usePipeline();
  const { open, visit, forgive } = useBrowser(browserPath!, () => pipeline.service('cdm').url);
  let url: string;

  beforeAll(async () => {
    ({ url } = pipeline.service('cdm'));
    await pipeline.dictionary.put(dictionary);
    await putRules(pipeline, [
      { tag: '<b>bold</b>', restaurant_id: 'r0', min_orders: LEAST },
      { tag: 'суповед', category: 'Категория 3', min_orders: 2 },
    ]);
    await pipeline.sendOrders(orders.map((value) => ({ value })));
    await pipeline.settled();
    await pipeline.database.pool.query(views);
  });
  const rows = (text: string, values?: unknown[]) =>
    pipeline.database.rows<Record<string, unknown>>(text, values);

  /** The bare values of a chart's table, sorted: how ties are ordered is not the page's doing. */
  async function table(page: Page, chart: string): Promise<string[][]> {
    const panel = page.locator(`#${chart}`);
    const toggle = panel.locator('.tools button:has(.table-icon)');
    if ((await toggle.getAttribute('aria-pressed')) === 'false') {
      await toggle.click();
    }
    await panel.scrollIntoViewIfNeeded();
    const cells = await panel
      .locator('tbody tr')
      .evaluateAll((lines) =>
        lines.map((one) =>
          Array.from(one.children as Iterable<Cell>, (cell) => cell.getAttribute('data-value') ?? ''),
        ),
      );
    return sorted(cells);
  }

  /** The same, of a chart that has something to show, once it does. */
  async function filledTable(page: Page, chart: string): Promise<string[][]> {
    await expect.poll(async () => (await table(page, chart)).length).toBeGreaterThan(0);
    return table(page, chart);
  }

  const sorted = (lines: unknown[][]): string[][] =>
    lines
      .map((cells) => cells.map(rounded))
      .sort((one, other) => (one.join('\t') < other.join('\t') ? -1 : 1));
  /** Shares are fractions with all their digits. */
  const rounded = (value: unknown) =>
    /^\d+\.\d+$/.test(String(value)) ? String(Math.round(Number(value) * 1e6) / 1e6) : String(value);

  async function expectTable(page: Page, chart: string, expected: unknown[][]): Promise<void> {
    await expect.poll(() => table(page, chart)).toEqual(sorted(expected));
  }

  const values = (found: Record<string, unknown>[]) => found.map((row) => Object.values(row));

  /** What each chart shows of the orders that match. */
  const sqlOf = (condition: string): Record<string, string> => {
    const popularity = (name: string, counted: string, limit: string) => /* sql */ `
      SELECT ${name} AS name, count(DISTINCT ${counted})::integer AS value,
        count(DISTINCT ${counted})::float8
          / (SELECT count(DISTINCT ${counted}) FROM told_line WHERE ${condition}) AS share
        ${limit ? '' : `, count(DISTINCT ${counted})::float8 / sum(count(DISTINCT ${counted})) OVER () AS share_of_sum`}
      FROM told_line WHERE ${condition} GROUP BY ${name} ORDER BY 2 DESC, ${name} COLLATE "C" ${limit}`;
    return {
      'categories-by-users': popularity('category', 'user_id', ''),
      'categories-by-orders': popularity('category', 'order_id', ''),
      'dishes-by-users': popularity('dish', 'user_id', 'LIMIT 15'),
      'dishes-by-orders': popularity('dish', 'order_id', 'LIMIT 15'),
      restaurants: /* sql */ `
        SELECT restaurant, orders, category, count(DISTINCT order_id)::integer
        FROM told_line JOIN (
          SELECT restaurant, count(DISTINCT order_id)::integer AS orders FROM told_line WHERE ${condition} GROUP BY 1
        ) place USING (restaurant) WHERE ${condition} GROUP BY 1, 2, 3`,
    };
  };

  const timelineOf = (condition: string) => /* sql */ `
    SELECT to_char(day, 'YYYY-MM-DD HH24:MI:SS') AS start, count(order_id)::integer AS orders,
      count(order_id) FILTER (WHERE closed)::integer AS closed, coalesce(sum(payment) FILTER (WHERE closed), 0)::float8 AS revenue
    FROM (SELECT min(order_dt::date) AS oldest, max(order_dt::date) AS newest FROM told_order WHERE ${condition}) bounds,
      generate_series(oldest::timestamp, newest, '1 day') AS day
      LEFT JOIN told_order ON order_dt::date = day AND ${condition} GROUP BY day`;

  const filter = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });

  const figure = (page: Page, id: string) => page.locator(`#${id}`);

  async function expectText(locator: Locator, text: string): Promise<void> {
    await expect.poll(async () => plain((await locator.textContent()) ?? '')).toBe(text);
  }

  /** Languages put several kinds of spaces into figures. */
  const plain = (text: string) => text.replaceAll(/\s/g, ' ');

  describe('shows what SQL says', () => {
    let page: Page;
    beforeAll(async () => {
      page = await visit();
    });
    afterAll(() => page?.context().close());

    it.each(Object.keys(sqlOf('true')))('in the chart %s', async (chart) => {
      await expectTable(page, chart, values(await rows(sqlOf('true')[chart]!)));
    });

    it('of orders and money over time', async () => {
      await expectTable(page, 'timeline', values(await rows(timelineOf('true'))));
    });

    it('of tags', async () => {
      const expected = await rows(/* sql */ `
        SELECT '<b>bold</b>' AS tag, count(*)::integer AS users FROM (
          SELECT FROM told_order WHERE closed AND restaurant = 'Дома' GROUP BY user_id HAVING count(*) >= ${LEAST}
        ) regular
        UNION ALL SELECT 'суповед', count(*) FROM (
          SELECT FROM told_line WHERE category = 'Категория 3' GROUP BY user_id HAVING count(DISTINCT order_id) >= 2
        ) lover`);
      expect(expected.every(({ users }) => Number(users) > 0)).toBe(true);
      await expectTable(page, 'tags', values(expected));
    });

    it('in the figures at the head', async () => {
      const [sql] = await rows(/* sql */ `
        SELECT count(*)::integer AS orders, count(DISTINCT user_id) FILTER (WHERE closed)::integer AS users,
          avg(closed::integer)::float8 AS closed, round(avg(cost) FILTER (WHERE closed), 2)::float8 AS bill,
          sum(payment) FILTER (WHERE closed)::float8 AS revenue
        FROM told_order`);
      const { orders: all, users, closed, bill, revenue } = sql as Record<string, number>;
      const written = (value: number, options: Intl.NumberFormatOptions) =>
        plain(new Intl.NumberFormat('en-GB', options).format(value));
      const money = { style: 'currency', currency: 'RUB', currencyDisplay: 'narrowSymbol' } as const;
      await expectText(figure(page, 'orders'), written(all!, {}));
      await expectText(figure(page, 'users'), written(users!, {}));
      await expectText(
        figure(page, 'closed_share'),
        written(closed!, { style: 'percent', maximumFractionDigits: 1 }),
      );
      await expectText(figure(page, 'average_bill'), written(bill!, money));
      await expectText(figure(page, 'revenue'), written(revenue!, { ...money, maximumFractionDigits: 0 }));
      await expectText(figure(page, 'newest_order_at'), '1 Mar, 20:30');
    });

    it('in the drawing, as in the table', async () => {
      const drawn = await open();
      const [largest] = await rows(sqlOf('true')['dishes-by-orders']!);
      const label = () => drawn.locator('#dishes-by-orders .canvas').getAttribute('aria-label');
      await expect.poll(label).toContain(`${String(largest!.name)}: ${String(largest!.value)}`);
      expect(await drawn.locator('#dishes-by-orders .canvas canvas').count()).toBe(1);
    });
  });

  describe('shows categories', () => {
    const shares = async (by: string) =>
      (await rows(sqlOf('true')[`categories-by-${by}`]!)) as {
        name: string;
        value: number;
        share: number;
        share_of_sum: number;
      }[];
    const percent = (share: number) =>
      new Intl.NumberFormat('en-GB', { style: 'percent', maximumFractionDigits: 1 }).format(share);
    const entries = (page: Page, by = 'users') => page.locator(`#categories-by-${by} .legend li`);
    const figures = (entry: Locator) => entry.locator('.figure').allTextContents();

    it('as bars first, as long as their share of all guests, and the rest apart', async () => {
      const page = await open();
      const expected = await shares('users');
      await expect.poll(() => entries(page).count()).toBe(10);
      for (const [place, { value }] of expected.slice(0, 9).entries()) {
        const entry = entries(page).nth(place);
        const name = (await entry.locator('.name').textContent())!;
        const { share } = expected.find((one) => one.name === name)!;
        expect(await figures(entry)).toEqual([String(value), percent(share)]);
        const length = await entry.evaluate((item) => {
          const { style } = item as unknown as { style: { getPropertyValue(name: string): string } };
          return style.getPropertyValue('--length');
        });
        expect(Number(length)).toBeCloseTo(value / expected[0]!.value, 6);
      }
      expect(await entries(page).last().textContent()).toBe(`Other: ${CATEGORIES - 9} categories`);
      expect(await page.locator('#categories-by-users .bar').count()).toBe(9);
      expect(await page.locator('#categories-by-users canvas').count()).toBe(0);
      expect(await page.locator('#categories-by-users .note').textContent()).toContain('more than 100 %');
    });

    it('as a ring of shares of the sum, which the address keeps', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'Ring: Categories by guests' }).press('Enter');
      await expect.poll(() => page.url()).toMatch(/\?ring=users$/);
      const shared = await open(page.url().slice(url.length));
      const canvas = shared.locator('#categories-by-users .canvas');
      await expect.poll(() => canvas.getAttribute('aria-label')).toContain('Shares of the sum');
      expect(await shared.locator('#categories-by-orders canvas').count()).toBe(0);
      expect(await shared.locator('#categories-by-users .note').textContent()).toMatch(/^Shares of the sum:/);
      const expected = await shares('users');
      const names = await entries(shared).locator('.name').allTextContents();
      expect(names.toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
      expect(await figures(entries(shared).first())).toEqual([
        String(expected[0]!.value),
        percent(expected[0]!.share_of_sum),
      ]);
      const ring = shared.getByRole('button', { name: 'Ring: Categories by guests' });
      expect(await ring.getAttribute('aria-pressed')).toBe('true');
      await ring.click();
      await expect.poll(() => shared.url()).toBe(`${url}/`);
      await expect.poll(() => shared.locator('#categories-by-users .bar').count()).toBe(9);
    });

    it('as what they are of the sum and of all, under the pointer', async () => {
      const page = await open('/?ring=orders');
      const canvas = page.locator('#categories-by-orders .canvas');
      const lines = page.locator('#categories-by-orders .tooltip');
      await expect
        .poll(async () => {
          const { width } = (await canvas.boundingBox()) ?? { width: 0 };
          await canvas.hover({ position: { x: width / 2 + 14, y: 30 } });
          return (await lines.count()) ? lines.textContent() : '';
        })
        .toContain('Share of the sum');
      const name = (await lines.locator('strong').textContent())!;
      const { value, share, share_of_sum } = (await shares('orders')).find((one) => one.name === name)!;
      expect(await lines.locator('b').allTextContents()).toEqual([
        percent(share_of_sum),
        String(value),
        percent(share),
      ]);
    });

    it('as a ring again, where a table was', async () => {
      const page = await open('/?ring=users');
      expect(await filledTable(page, 'categories-by-users')).toHaveLength(CATEGORIES);
      await page.getByRole('button', { name: 'Ring: Categories by guests' }).click();
      await expect.poll(() => page.locator('#categories-by-users canvas').isVisible()).toBe(true);
      expect(page.url()).toMatch(/\?ring=users$/);
    });
  });

  describe('filters', () => {
    const expectCharts = async (page: Page, condition: string) => {
      for (const [chart, sql] of Object.entries(sqlOf(condition))) {
        await expectTable(page, chart, values(await rows(sql)));
      }
    };

    it('by restaurant, in all charts and in the address', async () => {
      const page = await open();
      await filter(page, 'Restaurant').selectOption({ label: 'У реки' });
      await expectCharts(page, `restaurant = 'У реки'`);
      expect(page.url()).toMatch(/\?restaurant=[0-9a-f-]{36}$/);
    });

    it('by category', async () => {
      const page = await open();
      await filter(page, 'Category').selectOption({ label: 'Категория 3' });
      await expectCharts(page, `category = 'Категория 3'`);
    });

    it('by the last days, counted from the newest order', async () => {
      const page = await open();
      await page.getByText('7 days').click();
      await expectCharts(page, `order_dt >= '2024-02-24' AND order_dt < '2024-03-02'`);
      await expectTable(page, 'timeline', values(await rows(timelineOf(`order_dt >= '2024-02-24'`))));
      expect(await page.locator('.days').textContent()).toBe('24 Feb 2024 – 1 Mar 2024');
    });

    it('by days of one’s own, both included', async () => {
      const page = await open();
      await page.getByText('Own range').click();
      await page.getByLabel('From').fill('2024-02-10');
      await page.getByLabel('To (included)').fill('2024-02-12');
      await expectCharts(page, `order_dt >= '2024-02-10' AND order_dt < '2024-02-13'`);
    });

    it('all from the address, so that a view can be shared, and back', async () => {
      const page = await open();
      await filter(page, 'Restaurant').selectOption({ label: 'Дома' });
      await page.getByText('30 days').click();
      const shared = await open(page.url().slice(url.length));
      await expectCharts(shared, `restaurant = 'Дома' AND order_dt >= '2024-02-01'`);
      expect(await filter(shared, 'Restaurant').inputValue()).not.toBe('');
      await shared.getByRole('button', { name: 'Reset' }).click();
      await expectCharts(shared, 'true');
      await shared.goBack();
      await expectCharts(shared, `restaurant = 'Дома' AND order_dt >= '2024-02-01'`);
    });

    it.each(['/', '/?ring=orders'])('by a click on a category, at %s', async (path) => {
      const page = await open(path);
      const entry = page.locator('#categories-by-orders .legend button').first();
      const name = (await entry.locator('.name').textContent())!;
      await entry.click();
      await expectCharts(page, `category = '${name}'`);
    });
  });

  it('follows new orders within a second or so, and nothing flickers', async () => {
    const page = await open();
    await expectText(figure(page, 'orders'), String(ORDERS));
    const bars = await page.locator('#dishes-by-users canvas').elementHandle();
    await page.evaluate(`
      window.flickers = [];
      new MutationObserver((changes) => changes.forEach(({ target }) => {
        if (target.matches('.loading, .fading')) window.flickers.push(target.className);
      })).observe(document.body, { subtree: true, attributeFilter: ['class'] })`);
    await pipeline.sendOrders([
      { value: sourceText({ id: 9_001, user: 'u1', restaurant: 'r1', date: '2024-03-01 21:00:00' }) },
    ]);
    const counted = async () =>
      (await rows('SELECT FROM cdm.order_versions WHERE object_id = 9001')).length === 1;
    while (!(await counted())) {
      await sleep(20);
    }
    const begun = performance.now();
    await expectText(figure(page, 'orders'), String(ORDERS + 1));
    // A browser on a busy machine takes more than a second.
    expect(performance.now() - begun).toBeLessThan(15_000);
    await expectText(figure(page, 'newest_order_at'), '1 Mar, 21:00');
    await expectTable(page, 'dishes-by-users', values(await rows(sqlOf('true')['dishes-by-users']!)));
    expect(await page.evaluate('window.flickers')).toEqual([]);
    expect(await bars!.evaluate((canvas) => canvas.isConnected)).toBe(true);
  });

  describe('speaks', () => {
    it('the language of the browser', async () => {
      const russian = await open('/', { locale: 'ru-RU' });
      await expectText(russian.locator('#categories-by-users h2'), 'Категории по гостям');
      await expectText(figure(russian, 'newest_order_at'), '1 мар., 21:00');
      expect(await russian.locator('html').getAttribute('lang')).toBe('ru');
      const german = await open('/', { locale: 'de-DE' });
      await expectText(german.locator('#categories-by-users h2'), 'Categories by guests');
    });

    it('the one that was chosen, and keeps it', async () => {
      const page = await open();
      await page.getByRole('button', { name: 'RU' }).click();
      await expectText(page.locator('#dishes-by-orders h2'), 'Блюда по заказам');
      await page.reload();
      await expectText(page.locator('#dishes-by-orders h2'), 'Блюда по заказам');
      await page.getByRole('button', { name: 'EN' }).click();
      await expectText(page.locator('#dishes-by-orders h2'), 'Dishes by orders');
    });
  });

  it('is light or dark by the system, or as chosen', async () => {
    const page = await open('/', { colorScheme: 'dark' });
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    await expect.poll(ground).toBe('rgb(14, 18, 23)');
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await expect.poll(ground).toBe('rgb(244, 246, 249)');
  });

  describe.each([
    ['English', 'en-GB', { delimiter: ',', decimalPoint: '.' }],
    ['Russian', 'ru-RU', { delimiter: ';', decimalPoint: ',' }],
  ])('gives files that Excel in %s opens', (_, locale, { delimiter, decimalPoint }) => {
    let page: Page;
    beforeAll(async () => {
      page = await visit('/', { locale });
    });
    afterAll(() => page?.context().close());

    it.each([...Object.keys(sqlOf('true')), 'timeline', 'tags'])('of the chart %s', async (chart) => {
      const shown = await filledTable(page, chart);
      const save = async (name: string): Promise<Buffer> => {
        const button = page.locator(`#${chart} .file`, { hasText: name });
        await expect.poll(() => button.isEnabled()).toBe(true);
        const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
        expect(download.suggestedFilename()).toMatch(new RegExp(`^${chart}\\.(csv|xlsx)$`));
        return readFile(await download.path());
      };
      const csv = await save('CSV');
      expect([...csv.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const number = new RegExp(`^\\d+\\${decimalPoint}\\d+$`);
      const [head, ...lines] = parse(csv, { bom: true, delimiter }) as string[][];
      const bare = (cell: string) =>
        number.test(cell) ? cell.replace(decimalPoint, '.') : cell.replace(/^'=/, '=');
      expect(sorted(lines.map((cells) => cells.map(bare)))).toEqual(shown);
      const [sheet] = await readExcelFile(await save('Excel'));
      const asShown = (cell: unknown) =>
        cell instanceof Date ? cell.toISOString().slice(0, 19).replace('T', ' ') : cell;
      expect(sheet!.data[0]).toEqual(head);
      expect(sorted(sheet!.data.slice(1).map((cells) => cells.map(asShown)))).toEqual(shown);
      const kinds = sheet!.data[1]!.map((cell) => (cell instanceof Date ? 'time' : typeof cell));
      expect(kinds.at(-1)).toBe('number');
      expect(kinds[0]).toBe(chart === 'timeline' ? 'time' : 'string');
    });
  });

  it('takes the names of dishes, restaurants and tags for text', async () => {
    const page = await open();
    expect((await filledTable(page, 'dishes-by-orders')).map(([name]) => name)).toContain(DANGEROUS);
    await page.locator('#dishes-by-users .canvas').hover({ position: { x: 100, y: 20 } });
    await expect.poll(() => page.locator('#dishes-by-users .tooltip strong').count()).toBe(1);
    await page.locator('#tags').scrollIntoViewIfNeeded();
    await expect.poll(() => page.locator('#tags canvas').count()).toBe(1);
    expect(await page.locator('body img, .panels b:text("bold"), option b').count()).toBe(0);
  });

  describe('can be used by all', () => {
    it.each([
      ['the charts', '/', 'light', 'charts'],
      ['the charts in the dark', '/?period=7', 'dark', 'charts'],
      ['the rings', '/?ring=users&ring=orders', 'light', 'rings'],
      ['the rings in the dark', '/?ring=users&ring=orders', 'dark', 'rings'],
      ['the tables', '/', 'light', 'tables'],
      ['the pipeline', '/?page=pipeline', 'light', 'pipeline'],
      ['the pipeline in the dark', '/?page=pipeline', 'dark', 'pipeline'],
    ] as const)('as axe finds: %s', async (_, path, colorScheme, what) => {
      const page = await open(path, { colorScheme, viewport: { width: 1440, height: 2400 } });
      await expect
        .poll(() => page.locator(what === 'pipeline' ? '.service' : '.canvas canvas').count())
        .toBe({ pipeline: 3, charts: 5, tables: 5, rings: 7 }[what]);
      if (what === 'tables') {
        for (const toggle of await page.getByRole('button', { name: /^Table/ }).all()) {
          await toggle.click();
        }
      }
      await expectUsableByAll(page);
    });

    it('by keyboard', async () => {
      const page = await open();
      await expect.poll(() => page.locator('.legend button').count()).toBeGreaterThan(7);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the figures');
      const toggle = page.getByRole('button', { name: 'Table: Dishes by orders' });
      await toggle.focus();
      await page.keyboard.press('Enter');
      expect(await toggle.getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('radio', { name: 'All time' }).focus();
      await page.keyboard.press('ArrowLeft');
      await expect.poll(() => page.url()).toContain('period=90');
      await page.locator('#categories-by-users .legend button').first().focus();
      await page.keyboard.press('Space');
      await expect.poll(() => page.url()).toContain('category=');
    });

    it('on a phone, without scrolling sideways', async () => {
      for (const path of ['/', '/?ring=users&ring=orders', '/?period=own', '/?page=pipeline']) {
        const page = await open(path, { viewport: { width: 390, height: 844 } });
        await expect
          .poll(() => page.locator('.canvas canvas, .legend .bar, .service').count())
          .toBeGreaterThan(1);
        await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390);
      }
    });
  });

  describe('says', () => {
    it('that nothing matches', async () => {
      const page = await open('/?period=own&from=2001-01-01&to=2001-01-02');
      await expectText(
        page.locator('#categories-by-users .message'),
        'No closed orders match these filters.Choose a longer period, or reset the filters.',
      );
      await expectText(figure(page, 'orders'), '0');
    });

    it('what could not be loaded, and tries again', async () => {
      const page = await open('/?page=pipeline');
      let isBroken = true;
      await page.route('**/api/popularity/products*', (route) =>
        isBroken
          ? route.fulfill({
              status: 503,
              contentType: 'application/problem+json',
              body: '{"detail":"a reason"}',
            })
          : route.continue(),
      );
      await page.getByRole('link', { name: 'Dashboard' }).click();
      const message = page.locator('#dishes-by-users .message');
      await expect.poll(() => message.textContent()).toContain('a reason');
      // The first event of the stream makes the page ask once more by itself.
      await sleep(1_500);
      isBroken = false;
      // Where the event is late, there is nothing to try again.
      const button = message.getByRole('button', { name: 'Try again' });
      await expect
        .poll(async () => {
          await button.click({ timeout: 1_000 }).catch(() => undefined);
          return page.locator('#dishes-by-users canvas').isVisible();
        })
        .toBe(true);
      forgive(/503/);
    });

    it('since when it hears nothing, and goes on when it does again', async () => {
      const page = await open();
      await expectText(page.locator('.live'), 'Live');
      await expectText(figure(page, 'orders'), String(ORDERS + 1));
      await pipeline.service('cdm').stop();
      await expect
        .poll(() => page.locator('.live').textContent())
        .toMatch(/^No updates since \d\d:\d\d:\d\d$/);
      expect(await page.locator('.banner').textContent()).toMatch(
        /^The connection was lost at \d\d:\d\d:\d\d\./,
      );
      await expectText(figure(page, 'orders'), String(ORDERS + 1));
      await pipeline.sendOrders([{ value: sourceText({ id: 9_002, user: 'u1', restaurant: 'r1' }) }]);
      await pipeline.service('cdm').start();
      await expectText(page.locator('.live'), 'Live');
      await expectText(figure(page, 'orders'), String(ORDERS + 2));
      await expect.poll(() => page.locator('.banner').isVisible()).toBe(false);
      forgive(/ERR_CONNECTION_(REFUSED|RESET)|ERR_INCOMPLETE|ERR_EMPTY|503/);
    });
  });

  it('shows the state of the pipeline', async () => {
    await pipeline.sendOrders([
      { value: sourceText({ id: 9_100, user: 'nobody', restaurant: 'r1' }) },
      { value: 'no json' },
      { value: '{}"' },
    ]);
    await pipeline.settled();
    const page = await open('/?page=pipeline');
    const cells = (id: string) =>
      page
        .locator(`#${id} tbody tr`)
        .evaluateAll((lines) =>
          lines.map((one) => Array.from(one.children as Iterable<Cell>, (cell) => cell.textContent)),
        );
    await expect.poll(() => cells('parked')).toEqual([['stg', 'user', '1']]);
    await expect.poll(() => cells('dead-letters')).toEqual([['stg', 'no valid JSON', '2', '2']]);
    await expectText(page.locator('#audit .none'), 'Nothing has been checked yet.');
    await pipeline.database.rows(`INSERT INTO cdm.audit_rounds (what, covered) VALUES ('users', 1200)`);
    await page.reload();
    await expect.poll(() => cells('audit')).toEqual([['counters of guests', '—', '1,200', '0']]);
    await expect
      .poll(() => page.locator('.verdict').textContent())
      .toBe(
        'The figures are not complete yetOrders that wait for a name: 1.Messages refused: 2; they are in no figure.',
      );
    await expect.poll(() => page.locator('#service-cdm dd').first().textContent()).toBe('0');
    expect(await page.locator('#service-cdm').textContent()).toContain('Order 1');
    await page.getByRole('button', { name: 'RU' }).click();
    await expect.poll(() => cells('dead-letters')).toEqual([['stg', 'неверный JSON', '2', '2']]);
    const { csv, xlsx } = await savedSheet(page.locator('#dead-letters'), ';');
    expect(csv).toEqual([
      ['Сервис', 'Причина', 'Сообщения', 'Открыто'],
      ['stg', 'неверный JSON', '2', '2'],
    ]);
    expect(xlsx[1]).toEqual(['stg', 'неверный JSON', 2, 2]);
    expect((await savedSheet(page.locator('#parked'), ';')).xlsx[1]).toEqual(['stg', 'пользователь', 1]);
    expect((await savedSheet(page.locator('#audit'), ';')).csv[1]).toEqual([
      'счётчики гостей',
      '',
      '1200',
      '0',
    ]);
    const services = await savedSheet(page.locator('.pipeline > .tools'), ';');
    expect(services.csv[0]!.slice(0, 3)).toEqual(['Сервис', 'Состояние', 'Непрочитанных сообщений']);
    expect(services.xlsx.slice(1).map((row) => row.slice(0, 3))).toEqual(
      ['stg', 'dds', 'cdm'].map((service) => [service, 'Успевает', 0]),
    );
    expect(services.csv.at(-1)!.at(-1)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('asks again where an answer is from before the orders that it has heard of', async () => {
    const page = await open();
    const all = async () => (await rows('SELECT FROM told_order')).length;
    await expectText(figure(page, 'orders'), String(await all()));
    const before = { 'x-as-of': '2001-01-01T00:00:00.000Z' };
    let oldAnswers = 2;
    await page.route('**/api/summary*', async (route) => {
      const response = await route.fetch();
      const summary = (await response.json()) as object;
      oldAnswers -= 1;
      await (oldAnswers >= 0
        ? route.fulfill({ headers: { ...response.headers(), ...before }, json: { ...summary, orders: 7 } })
        : route.fulfill({ response, json: summary }));
    });
    await pipeline.sendOrders([{ value: sourceText({ id: 9_200, user: 'u1', restaurant: 'r1' }) }]);
    await pipeline.settled();
    await expectText(figure(page, 'orders'), String(await all()));
    expect(oldAnswers).toBeLessThan(0);
  });

  it('comes with headers that keep it safe and quick', async () => {
    const page = await fetch(`${url}/`);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const html = await page.text();
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)/);
    const [, script] = /src="\.(\/assets\/[^"]+\.js)"/.exec(html)!;
    const asset = await fetch(`${url}${script}`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect((await fetch(`${url}/assets/no-such-file.js`)).status).toBe(404);
    const unknown = await fetch(`${url}/api/no-such-route`);
    expect(unknown.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('order_vault_messages_total');
  });
});
