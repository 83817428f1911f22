import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import readXlsx from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../dev/local-browser';
import { menu as smallMenu, restaurantEntry, userEntry, type Menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { putRules } from './guarantees/tags/put-rules';
import { expectUsableByAll, useBrowser } from './harness/use-browser';
import { usePipeline } from './harness/use-pipeline';
import { writeApiUsers } from './harness/write-api-users';

/*
 * From a figure of the dashboard to the orders behind it, and to the message of one of them, in a real browser. Order 1
 * has two versions, and between them the menu called its dish otherwise.
 */
const DANGEROUS = '<img src=x onerror=alert(1)>';
const KNOWN = '2024-01-01 00:00:00';
const ORDERS = 70;

const menu: Menu = {
  ...smallMenu,
  d1: ['Borscht', 'Супы'],
  d2: [DANGEROUS, 'Выпечка'],
  d3: ['Солянка', 'Супы'],
};

const dictionary = {
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, user) => [`u${user}`, userEntry(`u${user}`, `Guest ${user}`, KNOWN)]),
  ),
  r0: restaurantEntry('r0', '{b} <b>bold</b>', menu, KNOWN),
  r1: restaurantEntry('r1', 'Дома', menu, KNOWN),
};

/** Of ten days; every fifth is cancelled. */
const orders = Array.from({ length: ORDERS - 1 }, (_, place) => {
  const day = `2024-02-${String(20 + (place % 10)).padStart(2, '0')}`;
  return sourceText({
    id: 100 + place,
    user: `u${place % 7}`,
    restaurant: `r${place % 3 === 0 ? 1 : 0}`,
    date: `${day} ${String(8 + (place % 14)).padStart(2, '0')}:30:00`,
    items: [line(`d${1 + (place % 3)}`, 100 + place * 10.5), line(`d${1 + (place % 2)}`, 50)],
    status: place % 5 === 4 ? 'CANCELLED' : 'CLOSED',
    updateTs: `${day} 23:00:00`,
    sent: `${day} 23:00:01`,
  });
});

const first = { id: 1, user: 'u8', restaurant: 'r1', date: '2024-03-01 12:00:00' };
const open = sourceText({
  ...first,
  status: 'OPEN',
  updateTs: '2024-03-01 12:00:00',
  items: [{ ...line('d1'), name: 'Borscht, hot', price: 100, quantity: 2 }],
});
const closed = sourceText({
  ...first,
  statuses: [
    { status: 'OPEN', dttm: '2024-03-01 12:00:00' },
    { status: 'CLOSED', dttm: '2024-03-01 13:00:00' },
  ],
  items: [{ ...line('d1'), name: 'Borscht, hot', price: 100, quantity: 1 }],
});

const tokens = { viewer: 'token-of-a-viewer', analyst: 'token-of-an-analyst' };
const usersFile = join(tmpdir(), `api-users-of-orders-${process.pid}`);
const browserPath = findBrowser();

/** What a function that runs in the page sees of an element; the tests know no DOM. */
interface Cell {
  textContent: string;
  getAttribute(name: string): string | null;
}

describe.skipIf(!browserPath)('the pages of orders', () => {
  beforeAll(() => writeApiUsers(usersFile, tokens));
  const pipeline = usePipeline({ variables: { cdm: { API_USERS: usersFile } } });
  const { open: visit, forgive } = useBrowser(browserPath!, () => pipeline.service('cdm').url);

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    await putRules(pipeline, [{ tag: 'суповед', category: 'Супы', min_orders: 1 }]);
    await pipeline.sendOrders([...orders, open].map((value) => ({ value })));
    await pipeline.settled();
    const renamed = { ...menu, d1: ['Beetroot soup', 'Супы'] as [string, string] };
    await pipeline.dictionary.put({ r1: restaurantEntry('r1', 'Дома', renamed, '2024-02-01 00:00:00') });
    await pipeline.sendOrders([{ value: closed }, { value: sourceText({ id: 2, user: 'u-late' }) }]);
    await pipeline.settled();
  });

  /** Languages put several kinds of spaces into figures. */
  const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').replaceAll(/\s/g, ' ');
  const numberOf = async (locator: Locator) => Number((await textOf(locator)).replaceAll(/[^\d.]/g, ''));
  const listed = (page: Page) => page.locator('.orders tbody tr');

  async function signIn(page: Page, role: keyof typeof tokens): Promise<void> {
    await page.locator('#token').fill(tokens[role]);
    await page.locator('.sign-in button').click();
  }

  async function openTable(page: Page, chart: string): Promise<Locator> {
    const panel = page.locator(`#${chart}`);
    await panel.scrollIntoViewIfNeeded();
    await panel.getByRole('button', { name: /^Table/ }).click();
    await expect.poll(() => panel.locator('tbody tr').count()).toBeGreaterThan(0);
    return panel;
  }

  /** The figures of a table that lead somewhere. */
  async function linked(panel: Locator): Promise<{ value: number; href: string; column: number }[]> {
    const cells = await panel.locator('td:has(a)').evaluateAll((found) =>
      found.map((cell) => {
        const { cellIndex, firstElementChild } = cell as unknown as {
          cellIndex: number;
          firstElementChild: Cell;
        };
        const value = (cell as unknown as Cell).getAttribute('data-value');
        return { value: Number(value), href: firstElementChild.getAttribute('href')!, column: cellIndex };
      }),
    );
    expect(cells.length).toBeGreaterThan(0);
    return cells;
  }

  it('lead from a pie to a message in four clicks', async () => {
    const page = await visit('/?ring=orders');
    const pie = page.locator('#categories-by-orders .canvas');
    await expect.poll(() => pie.locator('canvas').count()).toBe(1);
    const { width } = (await pie.boundingBox())!;
    await expect
      .poll(async () => {
        // The ring is drawn over a moment, and its first part begins at the top.
        await pie.click({ position: { x: width / 2 + 14, y: 30 }, timeout: 1_000 }).catch(() => undefined);
        return page.url();
      })
      .toMatch(/page=orders&category=[0-9a-f-]{36}&ring=orders&status=CLOSED$/);
    await listed(page).getByRole('link', { name: '1', exact: true }).click();
    await signIn(page, 'analyst');
    await page.locator('.version summary').first().click();
    const shown = (await page.locator('.version pre').first().textContent())!;
    expect(closed).toContain(shown);
    expect(shown).toContain('Borscht, hot');
  });

  it('lead from the bar of a category, and from its figures by keyboard', async () => {
    const page = await visit();
    const bar = page.locator('#categories-by-users .bar').first();
    const figures = bar.getByRole('link');
    await figures.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toMatch(/category=[0-9a-f-]{36}&status=CLOSED&of=guests$/);
    const url = page.url();
    await page.goBack();
    const { width, height } = (await bar.boundingBox())!;
    await bar.click({ position: { x: width / 2, y: height - 4 } });
    await expect.poll(() => page.url()).toBe(url);
  });

  it('lead from a bar, a restaurant and a step of the timeline', async () => {
    const page = await visit();
    const clickIn = async (chart: string, at: (width: number) => { x: number; y: number }) => {
      const canvas = page.locator(`#${chart} .canvas`);
      await page.locator(`#${chart}`).scrollIntoViewIfNeeded();
      await expect.poll(() => canvas.locator('canvas').count()).toBe(1);
      const { width } = (await canvas.boundingBox())!;
      await expect
        .poll(async () => {
          await canvas.click({ position: at(width), timeout: 1_000 }).catch(() => undefined);
          return page.url();
        })
        .toContain('page=orders');
      const url = page.url();
      await page.getByRole('link', { name: '← Dashboard' }).click();
      await page.goto(pipeline.service('cdm').url);
      return decodeURIComponent(url.replaceAll('+', ' '));
    };
    // Beside the bar, which is thin.
    expect(await clickIn('dishes-by-users', (width) => ({ x: width / 2, y: 12 }))).toMatch(
      /product=[0-9a-f-]{36}&status=CLOSED&of=guests$/,
    );
    expect(await clickIn('restaurants', () => ({ x: 10, y: 28 }))).toMatch(
      /restaurant=[0-9a-f-]{36}&category=[0-9a-f-]{36}&status=CLOSED$/,
    );
    expect(await clickIn('timeline', (width) => ({ x: width - 14, y: 120 }))).toMatch(
      /since=2024-03-01 00:00:00&until=2024-03-02 00:00:00$/,
    );
  });

  it('sum up to each figure of the head', async () => {
    const page = await visit('/?period=7');
    await expect.poll(() => numberOf(page.locator('#orders'))).toBeGreaterThan(0);
    const sums = {
      orders: ['#sum-orders', 0],
      revenue: ['#sum-revenue', 0],
      closed_share: ['#sum-closed_orders', undefined],
    } as const;
    for (const [figure, [sum, digits]] of Object.entries(sums)) {
      const link = page.locator(`#${figure} a`);
      await expect.poll(() => numberOf(link)).toBeGreaterThan(0);
      const expected =
        digits === undefined
          ? Number(/\d+/.exec(await textOf(page.locator(`#${figure} + .hint`)))![0])
          : await numberOf(link);
      await link.focus();
      await page.keyboard.press('Enter');
      await expect
        .poll(async () => Math.round(await numberOf(page.locator(sum))), { message: figure })
        .toBe(expected);
      await page.goBack();
    }
  });

  it('sum up to each figure of each table', async () => {
    const page = await visit('/?period=7');
    for (const chart of ['categories-by-orders', 'dishes-by-orders', 'restaurants', 'timeline']) {
      const found = await linked(await openTable(page, chart));
      const other = await visit();
      for (const { value, href, column } of found) {
        await other.goto(`${pipeline.service('cdm').url}/${href}`);
        const sum =
          chart === 'timeline'
            ? ['#sum-orders', '#sum-closed_orders', '#sum-revenue'][column - 1]!
            : '#sum-orders';
        await other.locator(sum).waitFor();
        expect(await numberOf(other.locator(sum)), `${chart} ${href}`).toBeCloseTo(value, 5);
      }
    }
  });

  it('are those of the guests that a figure counts, and say so', async () => {
    const page = await visit();
    for (const chart of ['categories-by-users', 'dishes-by-users']) {
      const [figure] = await linked(await openTable(page, chart));
      const other = await visit(`/${figure!.href}`);
      await expect.poll(() => textOf(other.locator('.of-guests'))).toMatch(/^The figure counts guests\./);
      const more = other.getByRole('button', { name: 'More orders' });
      const all = await numberOf(other.locator('#sum-orders'));
      if (all > 50) {
        await more.click();
      }
      await expect.poll(() => listed(other).count()).toBe(all);
      const ids = await listed(other).locator('td:first-child').allTextContents();
      const [{ users }] = (await pipeline.database.rows<{ users: number }>(
        'SELECT count(DISTINCT user_id)::integer AS users FROM cdm.order_versions WHERE object_id = ANY ($1)',
        [ids],
      )) as [{ users: number }];
      expect(users).toBe(figure!.value);
    }
  });

  it('are of the guests of a tag on the page of tags', async () => {
    const page = await visit();
    const [tag] = await linked(await openTable(page, 'tags'));
    expect(decodeURIComponent(tag!.href)).toBe('?page=tags&show=audience&tag=суповед');
  });

  it('come in pages, each once, and all as CSV', async () => {
    const page = await visit('/?page=orders');
    await expect.poll(() => listed(page).count()).toBe(50);
    await page.getByRole('button', { name: 'More orders' }).click();
    await expect.poll(() => listed(page).count()).toBe(ORDERS);
    expect(await numberOf(page.locator('#sum-orders'))).toBe(ORDERS);
    const ids = await listed(page).locator('td:first-child').allTextContents();
    expect(new Set(ids).size).toBe(ORDERS);
    const save = async (name: string): Promise<Buffer> => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      expect(file.suggestedFilename()).toMatch(/^orders\.(csv|xlsx)$/);
      return readFile(await file.path());
    };
    const english = parse(await save('Download all as CSV'), { bom: true }) as string[][];
    expect(english[0]).toEqual(['Order', 'Ordered', 'Restaurant', 'Status', 'Cost', 'Paid']);
    expect(english.slice(1).map(([id]) => id)).toEqual(ids);
    await page.getByRole('button', { name: 'RU' }).click();
    const russian = parse(await save('Скачать все в CSV'), { bom: true, delimiter: ';' }) as string[][];
    expect(russian[0]).toEqual(['Заказ', 'Оформлен', 'Ресторан', 'Статус', 'Стоимость', 'Оплачено']);
    expect(
      russian.slice(1).map((cells) => cells.map((cell) => cell.replace(/^(\d+),(\d+)$/, '$1.$2'))),
    ).toEqual(english.slice(1));
    const [sheet] = await readXlsx(await save('Скачать все в Excel'));
    expect(sheet!.data.slice(1).map(([id, , , , cost]) => [id, cost])).toEqual(
      english.slice(1).map(([id, , , , cost]) => [Number(id), Number(cost)]),
    );
  });

  it('take filters away one by one, and show names as text', async () => {
    const page = await visit();
    const found = await linked(await openTable(page, 'restaurants'));
    await page.goto(`${pipeline.service('cdm').url}/${found[1]!.href}`);
    const chips = page.locator('.chips li');
    await expect.poll(() => chips.count()).toBe(3);
    await expect.poll(() => textOf(chips.first())).toBe('Restaurant: {b} <b>bold</b> ×');
    expect(await page.locator('.orders img, .chips b b').count()).toBe(0);
    await page.getByRole('link', { name: /^Remove the filter Status/ }).click();
    await expect.poll(() => chips.count()).toBe(2);
    await page.getByRole('link', { name: '← Dashboard' }).click();
    await expect.poll(() => page.url()).toMatch(/\?restaurant=[0-9a-f-]{36}&category=[0-9a-f-]{36}$/);
  });

  describe('of one order', () => {
    async function found(id: string, role: keyof typeof tokens, locale = 'en-GB'): Promise<Page> {
      const page = await visit('/', { locale });
      await page.locator('#order-id').fill(id);
      await page.keyboard.press('Enter');
      await signIn(page, role);
      return page;
    }

    it('show its life', async () => {
      const page = await found('1', 'analyst');
      const life = page.locator('.order-life');
      await life.waitFor();
      expect(await textOf(life.locator('h2').first())).toBe('Order 1');
      expect(await textOf(life.locator('.status-line'))).toBe(
        'open1 Mar 2024, 12:00:00closed1 Mar 2024, 13:00:00',
      );
      const dishes = await life.locator('[aria-labelledby=dishes-title] td').allTextContents();
      expect(dishes).toEqual(['Borscht, hot', 'Beetroot soup', 'Супы', '₽100.00', '1']);
      const [second, one] = await life.locator('.version').all();
      expect(await textOf(second!.locator('h3'))).toBe('Version 2 the newest');
      expect(await second!.locator('.changes-of li').allTextContents()).toEqual([
        'Status: open → closed',
        'Cost: ₽200.00 → ₽100.00',
        'Paid: ₽200.00 → ₽100.00',
        '− no longer: 2 × Borscht, hot, ₽100.00 each',
        '+ now: 1 × Borscht, hot, ₽100.00 each',
      ]);
      expect(await textOf(second!)).toContain('restaurant r1, as of 1 Feb 2024, 00:00:00');
      expect(await textOf(one!)).toContain('What it said');
      expect(open).toContain((await one!.locator('pre').textContent())!);
      const counts = life.locator('[aria-labelledby=counts-title] tbody tr');
      expect(await counts.allTextContents()).toContain('Sales of the day2024-03-01, Дома1');
      expect(await textOf(life.locator('.moved li'))).toMatch(
        /^The guest got “суповед”, with matching orders: 1 /,
      );
    });

    it('say what a parked order waits for', async () => {
      const page = await found('2', 'analyst');
      const notice = page.locator('.waiting');
      await notice.waitFor();
      expect(await textOf(notice)).toContain('The dictionary lacks: user u-late.');
      expect(await textOf(page.locator('.version .facts'))).toContain(
        `${pipeline.topics.name('order-service_orders')}:`,
      );
      expect(await textOf(page.locator('.order-life'))).toContain('No figure counts it yet.');
    });

    it('say where none is, and what is no number', async () => {
      const page = await found('404', 'analyst');
      await expect.poll(() => textOf(page.locator('.trouble'))).toContain('No layer has an order 404.');
      await page.locator('#order-id').fill('one');
      await page.keyboard.press('Enter');
      await expect.poll(() => textOf(page.locator('.trouble'))).toContain('“one” is no number of an order.');
      forgive(/404|400/);
    });

    it('say what a token lacks, and take another', async () => {
      const page = await found('1', 'viewer');
      await expect
        .poll(() => textOf(page.locator('.trouble')))
        .toContain('you need the role analyst or a higher one');
      await page.getByRole('button', { name: 'Use another token' }).click();
      await page.locator('#token').fill('nobody');
      await page.locator('.sign-in button').click();
      await expect.poll(() => textOf(page.locator('#token-wrong'))).toBe('Nobody has this token.');
      await signIn(page, 'analyst');
      await page.locator('.order-life').waitFor();
      forgive(/403|401/);
    });

    it('speak Russian', async () => {
      const page = await found('1', 'analyst', 'ru-RU');
      await expect.poll(() => textOf(page.locator('.order-life'))).toContain('Статус: открыт → закрыт');
      await page.getByRole('link', { name: '← Заказы' }).click();
      await expect.poll(() => textOf(page.locator('#orders-title'))).toBe('Заказы за этим числом');
      await page.getByRole('button', { name: 'EN' }).click();
      await expect.poll(() => textOf(page.locator('#orders-title'))).toBe('Orders behind the figure');
    });

    it.each(['light', 'dark'] as const)('can be used by all, as axe finds: %s', async (colorScheme) => {
      const page = await visit('/?page=orders&status=CLOSED', { colorScheme });
      await expect.poll(() => listed(page).count()).toBe(50);
      await expectUsableByAll(page);
      await page.goto(`${pipeline.service('cdm').url}/?page=order&order=1`);
      await page.locator('.sign-in').waitFor();
      await expectUsableByAll(page);
      await signIn(page, 'analyst');
      await page.locator('.version summary').first().click();
      await expectUsableByAll(page);
    });

    it('fit a phone', async () => {
      const page = await visit('/?page=orders&status=CLOSED&period=7', {
        viewport: { width: 390, height: 844 },
      });
      await expect.poll(() => listed(page).count()).toBeGreaterThan(9);
      const width = () => page.evaluate('document.documentElement.scrollWidth');
      await expect.poll(width).toBe(390);
      await page.locator('#order-id').fill('1');
      await page.keyboard.press('Enter');
      await signIn(page, 'analyst');
      await page.locator('.order-life').waitFor();
      await expect.poll(width).toBe(390);
    });
  });
});
