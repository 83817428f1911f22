import { parse } from 'csv-parse/sync';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Download, Locator, Page } from 'playwright-core';
import readXlsx from 'read-excel-file/node';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../dev/local-browser';
import { eventually } from './harness/eventually';
import { restaurantEntry, userEntry, type Menu } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { savedSheet } from './harness/saved-sheet';
import { expectUsableByAll, useBrowser } from './harness/use-browser';
import { usePipeline } from './harness/use-pipeline';
import { writeApiUsers } from './harness/write-api-users';
import { WebhookReceiver } from './harness/webhook-receiver';

/*
 * The page of tags in a real browser, over orders that went through the three services. Of 30 guests, the nth has n
 * orders with pizza; those of the last ten are older than 30 days.
 */
const DANGEROUS = '<img src=x onerror=alert(1)>';
const KNOWN = '2024-01-01 00:00:00';
const GUESTS = 30;
const ACTIVE = 20;

const menu: Menu = {
  d0: [`Пицца ${DANGEROUS}`, 'Выпечка'],
  d1: ['Борщ', 'Супы'],
  d2: ['Солянка', 'Супы'],
};

const dictionary = {
  ...Object.fromEntries(
    Array.from({ length: GUESTS }, (_, place) => [
      `guest${place + 1}`,
      userEntry(`guest${place + 1}`, `Guest ${place + 1}`, KNOWN),
    ]),
  ),
  r0: restaurantEntry('r0', 'Дома', menu, KNOWN),
};

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Guest n has n orders with pizza, and guests up to the fifth a soup. */
const orders = Array.from({ length: GUESTS }, (_, place) => place + 1).flatMap((guest) => [
  ...Array.from({ length: guest }, (_, order) =>
    orderOf(1_000 + guest * 100 + order, guest, guest > ACTIVE ? 40 + order : 1 + order, 'd0'),
  ),
  ...(guest <= 5 ? [orderOf(9_000 + guest, guest, 2, 'd1')] : []),
]);

function orderOf(id: number, guest: number, days: number, dish: string): string {
  const day = daysAgo(days);
  return sourceText({
    id,
    user: `guest${guest}`,
    restaurant: 'r0',
    date: `${day} 12:00:00`,
    items: [line(dish, 100, 2)],
    updateTs: `${day} 13:00:00`,
    sent: `${day} 13:00:01`,
  });
}

const tokens = {
  viewer: 'token-of-a-viewer',
  analyst: 'token-of-an-analyst',
  editor: 'token-of-an-editor',
  operator: 'token-of-an-operator',
};
type Role = keyof typeof tokens;
const usersFile = join(tmpdir(), `api-users-${process.pid}`);

const browserPath = findBrowser();

describe.skipIf(!browserPath)('the page of tags', () => {
  beforeAll(() => writeApiUsers(usersFile, tokens));
  const pipeline = usePipeline({
    variables: { cdm: { API_USERS: usersFile, WEBHOOKS_PRIVATE_ADDRESSES: 'allowed' } },
  });
  const { open, visit, forgive } = useBrowser(browserPath!, () => pipeline.service('cdm').url);

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.sendOrders(orders.map((value) => ({ value })));
    await pipeline.settled();
  });

  async function signIn(page: Page, role: Role): Promise<void> {
    await page.locator('#token').fill(tokens[role]);
    await page.locator('.sign-in button').click();
    await page.locator('.studio-bar').waitFor();
  }

  /** The page of tags for somebody who has signed in. */
  async function enter(role: Role, path = '/?page=tags', options?: BrowserContextOptions): Promise<Page> {
    const page = await open(path, options);
    await signIn(page, role);
    return page;
  }

  /** Adds a rule by the API. */
  async function put(tag: string, conditions: object, enabled = true): Promise<string> {
    const answer = await fetch(`${pipeline.service('cdm').url}/api/tag-rules`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.editor}`, 'content-type': 'application/json' },
      body: JSON.stringify({ tag, conditions, enabled }),
    });
    expect(answer.status).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  }

  async function holders(tag: string): Promise<number> {
    const [found] = await pipeline.database.rows<{ users: number }>(
      'SELECT count(*)::integer AS users FROM cdm.user_tags WHERE tag = $1',
      [tag],
    );
    return found!.users;
  }

  async function untilHeld(tag: string, users: number): Promise<void> {
    await eventually(async () => {
      const held = await holders(tag);
      return held === users ? undefined : `${held} guests hold ${tag}, and not ${users}`;
    }, 60_000);
  }

  const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').replaceAll(/\s/g, ' ');
  async function expectText(locator: Locator, words: string): Promise<void> {
    await expect.poll(() => textOf(locator)).toBe(words);
  }
  const row = (page: Page, tag: string) =>
    page.locator('.tag-row').filter({ has: page.getByRole('heading', { name: tag, exact: true }) });
  const pizza = { count: 'orders', match: { product_pattern: 'пицц' } };
  const pizzaLover = { all_of: [{ ...pizza, at_least: 10 }] };

  it('makes a tag in at most twelve actions, for somebody who has read nothing', async () => {
    const page = await open('/');
    let actions = 0;
    const click = async (locator: Locator) => {
      actions += 1;
      await locator.click();
    };
    const fill = async (locator: Locator, words: string) => {
      actions += 1;
      await locator.fill(words);
    };
    await click(page.getByRole('link', { name: 'Tags' }));
    await fill(page.getByLabel('Token'), tokens.editor);
    await click(page.getByRole('button', { name: 'Sign in' }));
    await click(page.getByRole('link', { name: 'New tag' }));
    await fill(page.getByLabel('Tag', { exact: true }), 'pizza lover');
    await fill(page.getByLabel('Part of the name'), 'пицц');
    await fill(page.getByRole('textbox', { name: 'at least' }), '10');
    await expectText(page.locator('#matching'), '21');
    await expectText(page.locator('#assigned'), '+21');
    await click(page.getByRole('button', { name: 'Save', exact: true }));
    expect(actions).toBeLessThanOrEqual(12);
    await expectText(row(page, 'pizza lover').locator('.size'), '21');
    await expectText(
      row(page, 'pizza lover').locator('.sentence'),
      'Guests who ordered a dish with “пицц” in its name at least 10 times',
    );
    expect(await holders('pizza lover')).toBe(21);
    await expectText(row(page, 'pizza lover').locator('.gained'), '+21');
  });

  it('counts while one edits, and moves the threshold by hand', async () => {
    const id = await put('dragged', pizzaLover);
    await untilHeld('dragged', 21);
    const page = await enter('editor', `/?page=tags&show=rule&rule=${id}`);
    const handle = page.getByRole('slider', { name: 'at least' });
    const number = page.getByRole('textbox', { name: 'at least' });
    await expectText(page.locator('#matching'), '21');
    expect(await page.locator('.bar').count()).toBe(GUESTS);
    const box = (await page.locator('.bars-box').boundingBox())!;
    await handle.hover();
    await page.mouse.down();
    await page.mouse.move(box.x + (box.width * 14.1) / GUESTS, box.y + 50, { steps: 5 });
    await page.mouse.up();
    await expect.poll(() => number.inputValue()).toBe('15');
    await expectText(page.locator('#matching'), '16');
    await expectText(page.locator('#revoked'), '−5');
    expect(await page.locator('.bar.in').count()).toBe(16);
    await handle.press('ArrowLeft');
    await expect.poll(() => number.inputValue()).toBe('14');
    await handle.press('End');
    await expectText(page.locator('#matching'), '1');
    await handle.press('Home');
    await expectText(page.locator('#matching'), '30');
    expect(await handle.getAttribute('aria-valuenow')).toBe('1');
    expect(await holders('dragged')).toBe(21);
  });

  describe('shows the last 90 days as if the rule had been in force', () => {
    const lastDay = (page: Page) => page.locator('.backtest-days tbody tr').last().locator('td').first();
    const day = (page: Page) => page.locator('#backtest-day');

    it('and again when the rule has changed', async () => {
      const id = await put('tried back', pizzaLover);
      const page = await enter('analyst', `/?page=tags&show=rule&rule=${id}`);
      await expectText(page.locator('#matching'), '21');
      await page.getByText('Had it been in force').click();
      await expectText(lastDay(page), '21');
      expect(await page.locator('.backtest-days tbody tr').count()).toBe(90);
      await expect.poll(() => textOf(day(page))).toMatch(/: 21 \+\d+ −0$/);
      const gains = page.locator('.gains tbody td:first-child');
      await expect.poll(() => gains.count()).toBe(21);
      expect(await gains.allTextContents()).toContain('guest30');
      expect(await page.locator('.gains tbody').textContent()).not.toContain('guest9');
      await page.getByRole('textbox', { name: 'at least' }).fill('25');
      await expectText(lastDay(page), '6');
      await expectText(page.locator('#matching'), '6');
      await expect.poll(() => gains.count()).toBe(6);
    });

    it('which are files that a spreadsheet opens', async () => {
      const id = await put('saved', pizzaLover);
      const page = await enter('analyst', `/?page=tags&show=rule&rule=${id}`);
      await page.getByText('Had it been in force').click();
      await expectText(lastDay(page), '21');
      const [ofDays, ofGuests] = [0, 1].map((place) => page.locator('.backtest .tools').nth(place));
      const days = await savedSheet(ofDays!, ',');
      expect([days.name, days.csv.length]).toEqual(['backtest.csv', 91]);
      expect(days.csv[0]).toEqual(['Day', 'Guests', 'Got the tag', 'Lost it']);
      expect(days.xlsx.at(-1)!.slice(0, 2)).toEqual([days.csv.at(-1)![0], 21]);
      await page.getByRole('button', { name: 'RU' }).click();
      await page.getByText('Кто получил бы тег последним').waitFor();
      const guests = await savedSheet(ofGuests!, ';');
      expect([guests.name, guests.csv.length]).toEqual(['backtest-guests.csv', 22]);
      expect(guests.csv[0]).toEqual(['Гость', 'Ключ гостя', 'День']);
      expect(guests.xlsx.slice(1).map(([guest]) => guest)).toContain('guest30');
    });

    it('and what was gained and lost on a day that is chosen', async () => {
      const page = await enter('viewer', '/?page=tags&show=rule');
      await page.getByLabel('Part of the name').fill('пицц');
      await page.getByText('Had it been in force').click();
      await expectText(lastDay(page), '30');
      const slider = page.getByRole('slider', { name: 'Day' });
      await slider.press('Home');
      await expect.poll(() => textOf(day(page))).toMatch(/\d{4}: 0 \+0 −0$/);
      const box = (await slider.boundingBox())!;
      // Guests 1 to 20 have their first order of pizza on one of the 20 days before today: guest n n days ago.
      await page.mouse.move(box.x + (box.width * 88) / 89, box.y + 50);
      const spoken = () => slider.getAttribute('aria-valuetext');
      await expect.poll(spoken).toContain(': 30 with the tag, 1 got it, 0 lost it');
      await slider.press('ArrowLeft');
      await expect.poll(spoken).toContain(': 29 with the tag, 1 got it, 0 lost it');
      await slider.press('End');
      await expect.poll(spoken).toContain(': 30 with the tag, 0 got it, 0 lost it');
      await page.getByText('Your role shows numbers, and no persons.').waitFor();
      expect(await page.locator('.gains').count()).toBe(0);
    });

    it('and waits where it is asked too often', async () => {
      const page = await enter('viewer', '/?page=tags&show=rule');
      let asked = 0;
      await page.route('**/tag-rules/backtest', (route) => {
        asked += 1;
        return asked === 1
          ? route.fulfill({ status: 429, headers: { 'retry-after': '1' }, json: { detail: 'too many' } })
          : route.continue();
      });
      await page.getByLabel('Part of the name').fill('пицц');
      await page.getByText('Had it been in force').click();
      await page.getByText('Counting the last 90 days').waitFor();
      await expectText(lastDay(page), '30');
      expect(asked).toBe(2);
      forgive(/429/);
    });
  });

  it('says a rule with several conditions, groups and nots', async () => {
    const page = await enter('editor', '/?page=tags&show=rule');
    await page.getByLabel('Tag', { exact: true }).fill('lapsed');
    await page.getByLabel('Part of the name').fill('пицц');
    await page.getByRole('textbox', { name: 'at least' }).fill('10');
    await page.getByRole('button', { name: '+ Condition' }).click();
    const second = page.getByRole('group', { name: 'Condition 2', exact: true });
    await second.getByLabel('What they did').selectOption({ label: 'did not order' });
    await second.getByLabel('Part of the name').fill('пицц');
    await second.getByLabel('Period').selectOption({ label: 'in the last' });
    await expectText(page.locator('#matching'), '10');
    await expectText(
      page.locator('.summary'),
      'Guests who ordered a dish with “пицц” in its name at least 10 times and ' +
        'did not order a dish with “пицц” in its name in the last 30 days.',
    );
    await page.getByRole('button', { name: '+ Group' }).click();
    const third = page.getByRole('group', { name: 'Condition 3.1', exact: true });
    await third.getByLabel('What they did').selectOption({ label: 'spent money on' });
    await third.getByLabel('What was ordered').selectOption({ label: 'anything' });
    await third.getByRole('textbox', { name: 'at least' }).fill('5000');
    await expectText(page.locator('#matching'), '6');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await row(page, 'lapsed').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    await untilHeld('lapsed', 6);
    const [stored] = await pipeline.database.rows<{ conditions: object }>(
      `SELECT conditions FROM cdm.tag_rules WHERE tag = 'lapsed'`,
    );
    expect(stored!.conditions).toEqual({
      all_of: [
        { ...pizza, at_least: 10 },
        { ...pizza, not: true, at_least: 1, last_days: 30 },
        { any_of: [{ count: 'money', at_least: 5000 }] },
      ],
    });
  });

  it('finds dishes, categories and restaurants by name, by keyboard', async () => {
    const page = await enter('analyst', '/?page=tags&show=rule');
    await page.getByLabel('What was ordered').selectOption({ label: 'a dish of the category' });
    const picker = page.getByRole('combobox', { name: 'Categories' });
    await picker.fill('суп');
    await page.getByRole('option', { name: 'Супы' }).waitFor();
    await picker.press('Enter');
    await expectText(page.locator('#matching'), '5');
    await page.getByRole('button', { name: 'Remove Супы' }).click();
    await page.getByLabel('What was ordered').selectOption({ label: 'the dish' });
    await page.getByRole('combobox', { name: 'Dishes' }).fill('ПИЦЦА');
    await page.getByRole('option', { name: `Пицца ${DANGEROUS}` }).click();
    await expectText(page.locator('#matching'), '30');
    await expectText(page.locator('.summary'), `Guests who ordered “Пицца ${DANGEROUS}” at least 1 time.`);
    expect(await page.locator('main img').count()).toBe(0);
  });

  it('says what is wrong at its field', async () => {
    const page = await enter('editor', '/?page=tags&show=rule');
    /** What describes a control: the sentence below it. */
    const wrongAt = async (control: Locator) => {
      const id = await control.getAttribute('aria-describedby');
      return id === null ? id : page.locator(`[id="${id}"]`).textContent();
    };
    const number = page.getByRole('textbox', { name: 'at least' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await expect.poll(() => wrongAt(page.getByLabel('Tag', { exact: true }))).toBe('Fill this in.');
    await expect.poll(() => wrongAt(page.getByLabel('Part of the name'))).toBe('Fill this in.');
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('Tag');
    await number.fill('ten');
    await expect.poll(() => wrongAt(number)).toBe('A whole number, please.');
    await page.getByLabel('Part of the name').fill('пицц');
    await number.fill('0');
    await expect.poll(() => wrongAt(number)).toBe('From 1 to 1,000,000, please.');
    await page.getByLabel('What they did').selectOption({ label: 'spent money on' });
    await number.fill('1.1234567');
    await expect
      .poll(() => wrongAt(number))
      .toMatch(/^must be an amount .+ with at most 5 decimals, got 1[.]1234567$/);
    await page.getByLabel('What they did').selectOption({ label: 'ordered' });
    await number.fill('10');
    await expectText(page.locator('#matching'), '21');
    expect(await page.locator('[aria-invalid]').count()).toBe(1);
    forgive(/400/);
  });

  describe('signs in', () => {
    it('with a token that is in no address, and in no storage that stays', async () => {
      const asked: string[] = [];
      const page = await open('/?page=tags');
      page.on('request', (request) => asked.push(request.url()));
      await signIn(page, 'analyst');
      await expectText(page.locator('.caller'), 'Olga the analyst · analyst');
      await page.getByRole('link', { name: 'History', exact: true }).first().click();
      await page.locator('.change').first().waitFor();
      expect([page.url(), ...asked].filter((one) => one.includes(tokens.analyst))).toEqual([]);
      expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).not.toContain(
        tokens.analyst,
      );
      await page.reload();
      await expectText(page.locator('.caller'), 'Olga the analyst · analyst');
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.locator('#token').waitFor();
      await page.reload();
      await page.locator('#token').waitFor();
    });

    it('and says at its field that a token is wrong', async () => {
      const page = await open('/?page=tags');
      await page.locator('#token').fill('a guess');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expectText(page.locator('#token-wrong'), 'Nobody has this token.');
      expect(await page.locator('#token').getAttribute('aria-describedby')).toBe('token-wrong');
      forgive(/401/);
    });

    it('and tries again where the API does not answer', async () => {
      const page = await open('/?page=tags');
      let isBroken = true;
      await page.route('**/api/caller', (route) =>
        isBroken ? route.fulfill({ status: 503, json: { detail: 'a reason' } }) : route.continue(),
      );
      await page.locator('#token').fill(tokens.viewer);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('a reason').waitFor();
      isBroken = false;
      await page.getByRole('button', { name: 'Try again' }).click();
      await expectText(page.locator('.caller'), 'Olga the viewer · viewer');
      forgive(/503/);
    });

    it('as an operator, who may do what an editor may', async () => {
      const page = await enter('operator');
      await expectText(page.locator('.caller'), 'Olga the operator · operator');
      await page.getByRole('link', { name: 'New tag' }).click();
      await page.getByRole('button', { name: 'Save', exact: true }).waitFor();
    });

    it('as a viewer, who sees no persons and saves nothing', async () => {
      const id = await put('seen', pizzaLover);
      await untilHeld('seen', 21);
      const page = await enter('viewer');
      await expectText(row(page, 'seen').locator('.size'), '21');
      expect(await page.getByText('Show guests').count()).toBe(0);
      expect(await page.getByRole('switch').count()).toBe(0);
      await row(page, 'seen').locator('.sentence').click();
      await expectText(page.locator('#matching'), '21');
      await page.getByText('Your role shows numbers, and no persons.').waitFor();
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
      await page.goto(`${pipeline.service('cdm').url}/?page=tags&show=audience&tag=seen`);
      await page.getByText('Your role shows numbers, and no persons.').waitFor();
      expect(await page.locator('main').textContent()).not.toMatch(/guest\d/);
      expect(page.url()).not.toContain(id);
    });
  });

  describe('the audience', () => {
    const path = '/?page=tags&show=audience&tag=wide';
    beforeAll(async () => {
      await put('wide', { all_of: [{ ...pizza, at_least: 5 }] });
      await untilHeld('wide', 26);
    });
    const guests = (page: Page) => page.locator('.audience tbody tr td:first-child').allTextContents();

    it('is shown in pages, and searched', async () => {
      const page = await enter('analyst', path);
      await expectText(page.locator('.audience [role=status]'), 'Guests: 26');
      await expect.poll(async () => (await guests(page)).length).toBe(20);
      const first = await guests(page);
      await page.getByRole('button', { name: 'Next' }).click();
      await expect.poll(async () => (await guests(page)).length).toBe(6);
      expect(new Set([...first, ...(await guests(page))]).size).toBe(26);
      await page.getByRole('button', { name: 'Back' }).click();
      await expect.poll(() => guests(page)).toEqual(first);
      await page.getByLabel('Search guests by id').fill('guest30');
      await expect.poll(() => guests(page)).toEqual(['guest30']);
      expect(await page.locator('.audience tbody td').allTextContents()).toEqual([
        'guest30',
        '30',
        expect.stringMatching(/\d{4}/),
        expect.stringMatching(/^\d+ \w+ \d{4}$/),
      ]);
    });

    async function save(page: Page, format: string): Promise<Download> {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: format }).click(),
      ]);
      return download;
    }

    it('is a file that a spreadsheet opens, in each language', async () => {
      const page = await enter('analyst', path);
      const english = await save(page, 'CSV');
      expect(english.suggestedFilename()).toBe('Guests - wide.csv');
      const lines = parse(await readFile(await english.path(), 'utf8'), { bom: true }) as string[][];
      expect(lines).toHaveLength(27);
      await page.getByRole('button', { name: 'RU' }).click();
      const russian = await save(page, 'CSV');
      const file = await readFile(await russian.path(), 'utf8');
      expect(file.startsWith('\uFEFF')).toBe(true);
      const rows = parse(file, { bom: true, delimiter: ';' }) as string[][];
      expect(rows).toHaveLength(27);
      expect(rows[0]!.join()).toMatch(/[а-я]/i);
      expect(rows.map((cells) => cells[0])).toEqual(lines.map((cells, at) => (at ? cells[0] : rows[0]![0])));
      const book = await save(page, 'Excel');
      expect(book.suggestedFilename()).toBe('Гости - wide.xlsx');
      const [sheet] = await readXlsx(await book.path());
      expect(sheet!.data).toHaveLength(27);
      expect(sheet!.data.slice(1).map(([guest]) => guest)).toEqual(rows.slice(1).map(([guest]) => guest));
    });
  });

  it('shows how many guests tags share', async () => {
    await put('few', { all_of: [{ ...pizza, at_least: 25 }] });
    await put('most', { all_of: [{ ...pizza, at_least: 2, at_most: 27 }] });
    await untilHeld('few', 6);
    await untilHeld('most', 26);
    const page = await enter('viewer', '/?page=tags&show=overlap');
    await page.getByRole('checkbox', { name: /^few/ }).check();
    await page.getByRole('checkbox', { name: /^most/ }).check();
    await expectText(page.locator('#shared'), '3');
    expect(await page.locator('.matrix tbody td').allTextContents()).toEqual(['6', '350%', '311.5%', '26']);
    expect(page.url()).toMatch(/&tag=few&tag=most$/);
    const { name, csv, xlsx } = await savedSheet(page.locator('.overlap'), ',');
    expect(name).toBe('overlap.csv');
    expect(csv).toEqual([
      ['Tag', 'Guests', 'Other tag', 'Guests with both tags', 'Share of the tag'],
      ['few', '6', 'most', '3', '0.5'],
      ['most', '26', 'few', '3', String(3 / 26)],
    ]);
    expect(xlsx[1]).toEqual(['few', 6, 'most', 3, 0.5]);
  });

  it('turns rules off and deletes them after showing what that does, and takes it back', async () => {
    const id = await put('fading', pizzaLover);
    await untilHeld('fading', 21);
    const page = await enter('editor');
    const dialog = page.getByRole('dialog');
    await row(page, 'fading').getByRole('switch').click();
    await expect.poll(() => dialog.textContent()).toContain('Guests who will lose “fading”: 21.');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => dialog.count()).toBe(0);
    await row(page, 'fading').getByRole('switch').click();
    await dialog.getByRole('button', { name: 'Turn off' }).click();
    await untilHeld('fading', 0);
    await expect
      .poll(() => row(page, 'fading').getByRole('switch').getAttribute('aria-checked'))
      .toBe('false');
    await row(page, 'fading').locator('.sentence').click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => dialog.textContent()).toContain('No guest will get or lose the tag.');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await expectText(page.locator('.notice'), 'Deleted: a rule of “fading”.');
    await expect.poll(() => row(page, 'fading').count()).toBe(0);
    await page.goto(`${pipeline.service('cdm').url}/?page=tags&show=history&rule=${id}`);
    const changes = page.locator('.change strong');
    await expect.poll(() => changes.allTextContents()).toEqual(['Deleted', 'Changed', 'Created']);
    expect(await page.locator('.change').first().textContent()).toContain('Olga the editor');
    const { csv, xlsx } = await savedSheet(page.locator('.history'), ',');
    expect(csv[0]).toEqual(['When', 'Who', 'Tag', 'Change', 'Before', 'After']);
    expect(csv.slice(1).map((cells) => cells.slice(2, 4))).toEqual(
      ['Deleted', 'Changed', 'Created'].map((change) => ['fading', change]),
    );
    expect(csv[1]).toEqual([xlsx[1]![0], 'Olga the editor', 'fading', 'Deleted', expect.any(String), '']);
    await page.getByRole('button', { name: 'Take back this change of “fading”' }).first().click();
    await expect.poll(() => changes.allTextContents()).toEqual(['Created', 'Deleted', 'Changed', 'Created']);
    await page.getByRole('button', { name: 'Take back this change of “fading”' }).nth(2).click();
    await untilHeld('fading', 21);
  });

  it('adds a webhook, tests it, and posts what had failed again', async () => {
    const receiver = await new WebhookReceiver().listen();
    receiver.manner = () => 500;
    // A webhook gets what is published from then on, as are the events of the test before where they still wait.
    await eventually(async () => {
      const [waiting] = await pipeline.database.rows(
        'SELECT 1 FROM cdm.user_tag_events WHERE published_at IS NULL LIMIT 1',
      );
      return waiting ? 'events wait to be published' : undefined;
    }, 60_000);
    const page = await enter('editor', '/?page=tags&show=webhooks');
    await page.getByRole('button', { name: 'New webhook' }).click();
    await page.getByLabel('Address').fill('nowhere');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('.webhook-form .wrong').textContent()).toContain('got "nowhere"');
    await page.getByLabel('Address').fill(receiver.address);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('#secret').inputValue()).toMatch(/^whsec_/);
    receiver.secret = await page.locator('#secret').inputValue();
    const card = page.locator('.webhook');
    await card.getByRole('button', { name: 'Test' }).click();
    await expect.poll(() => card.locator('[role=status]').textContent()).toContain('did not take the test');
    await put('posted', { all_of: [{ ...pizza, at_least: 30 }] });
    await expect.poll(() => card.locator('dd').first().textContent()).toBe('1');
    await pipeline.database.rows(
      `UPDATE cdm.webhook_deliveries SET failed_at = now(), attempts = 9, problem = 'status 500' RETURNING id`,
    );
    receiver.manner = () => 204;
    await card.getByText('Show failed events').click();
    await expect.poll(() => card.locator('tbody td').first().textContent()).toBe('guest30');
    await expectUsableByAll(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await card.getByRole('button', { name: 'Post failed events again' }).click();
    await expect.poll(() => receiver.taken.map(({ tag }) => tag)).toEqual(['posted']);
    expect(receiver.forged).toEqual([]);
    await expect.poll(() => card.locator('.webhook-state .lost').count()).toBe(0);
    await card.getByRole('button', { name: 'Delete' }).click();
    await card.getByRole('button', { name: 'Delete it, with all that waits' }).click();
    await expect.poll(() => card.count()).toBe(0);
    await receiver.close();
    forgive(/400/);
  });

  it('copies a rule, and saves it as another one', async () => {
    const id = await put('first', pizzaLover);
    const page = await enter('editor', `/?page=tags&show=rule&rule=${id}`);
    await page.getByRole('link', { name: 'Duplicate' }).click();
    await expect.poll(() => page.getByLabel('Tag', { exact: true }).inputValue()).toBe('first (copy)');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await row(page, 'first (copy)').waitFor();
    await row(page, 'first').locator('.sentence').click();
    await page.getByLabel('Tag', { exact: true }).fill('second');
    await page.getByRole('button', { name: 'Save as new' }).click();
    await row(page, 'second').waitFor();
    await row(page, 'first').waitFor();
  });

  it('takes the names of tags for text', async () => {
    await put(`<b>bold</b> ${DANGEROUS}`, { all_of: [{ ...pizza, at_least: 2 }] });
    await untilHeld(`<b>bold</b> ${DANGEROUS}`, 29);
    const page = await enter('editor');
    await row(page, `<b>bold</b> ${DANGEROUS}`).waitFor();
    await page.getByLabel('Search tags and rules').fill('BOLD');
    await expect.poll(() => page.locator('.tag-row').count()).toBe(1);
    await page.getByRole('link', { name: /^Show guests/ }).click();
    await expectText(page.locator('#audience-title'), `Guests with “<b>bold</b> ${DANGEROUS}”`);
    expect(await page.locator('main b, main img').count()).toBe(0);
  });

  describe('speaks', () => {
    it('Russian', async () => {
      await put('русский', pizzaLover);
      await untilHeld('русский', 21);
      const page = await enter('editor', '/?page=tags', { locale: 'ru-RU' });
      await expectText(
        row(page, 'русский').locator('.sentence'),
        'Гости, которые заказывали блюдо с «пицц» в названии не меньше 10 раз',
      );
      await page.getByRole('link', { name: 'Новый тег' }).click();
      await page.getByLabel('Часть названия').fill('пицц');
      await expectText(page.locator('.matching'), '30 гостей подходят');
      await page.getByRole('button', { name: 'EN' }).click();
      await expectText(page.locator('.matching'), '30 guests match');
      expect(await page.getByLabel('Part of the name').inputValue()).toBe('пицц');
    });

    it('Russian where the API refuses', async () => {
      const page = await enter('editor', '/?page=tags&show=rule', { locale: 'ru-RU' });
      await page.getByLabel('Часть названия').fill('пицц');
      await page.getByLabel('Что они делали').selectOption({ label: 'потратили на' });
      await page.getByRole('textbox', { name: 'не меньше' }).fill('1,1234567');
      await expectText(
        page.locator('.condition .wrong'),
        'Нужна сумма больше 0 и не больше 1000000000, не больше 5 знаков после запятой, а здесь 1.1234567.',
      );
      await page.getByRole('textbox', { name: 'не меньше' }).fill('1');
      await page.getByText('Если бы правило действовало').click();
      await expect.poll(() => textOf(page.locator('#backtest-day'))).toMatch(/ г\.: 30 \+\d+ −0$/);
      forgive(/400/);
    });
  });

  describe('can be used by all', () => {
    let ruleId: string;
    beforeAll(async () => {
      ruleId = await put('usable', {
        any_of: [
          { ...pizza, at_least: 10, at_most: 20 },
          {
            all_of: [
              { count: 'first_order', from: '2024-01-01' },
              { count: 'money', at_least: 5 },
            ],
          },
          { count: 'orders', match: { category: ['Супы', 'Выпечка'] }, at_least: 1 },
        ],
      });
    });
    const parts = (): [name: string, path: string, ready: string][] => [
      ['the list', '', '.tag-row .size'],
      ['the editor', `&show=rule&rule=${ruleId}`, '.preview .threshold'],
      ['the audience', '&show=audience&tag=usable', '.audience tbody tr'],
      ['the overlap', '&show=overlap&tag=usable&tag=wide', '.matrix tbody td'],
      ['the history', '&show=history', '.change'],
      ['the webhooks', '&show=webhooks', '.none'],
    ];

    /** In the editor. */
    async function openBacktest(page: Page): Promise<void> {
      if (page.url().includes('show=rule')) {
        await page.getByText('Had it been in force').click();
        await page.locator('.days-line').waitFor();
      }
    }

    it.each(['light', 'dark'] as const)('as axe finds, when it is %s', async (colorScheme) => {
      const page = await visit('/?page=tags', { colorScheme });
      await page.locator('#token').waitFor();
      await expectUsableByAll(page);
      await signIn(page, 'editor');
      for (const [, path, ready] of parts()) {
        await page.goto(`${pipeline.service('cdm').url}/?page=tags${path}`);
        await page.locator(ready).first().waitFor();
        await openBacktest(page);
        // A part that is asked for again is dimmed.
        await expect.poll(() => page.locator('[aria-busy="true"]').count()).toBe(0);
        await expectUsableByAll(page);
      }
      await page.goto(`${pipeline.service('cdm').url}/?page=tags`);
      await page.getByRole('switch').first().click();
      await page.getByRole('dialog').waitFor();
      await expectUsableByAll(page);
      await page.context().close();
    });

    it('on a phone, without scrolling sideways', async () => {
      const page = await enter('editor', '/?page=tags', { viewport: { width: 390, height: 844 } });
      for (const [name, path, ready] of parts()) {
        await page.goto(`${pipeline.service('cdm').url}/?page=tags${path}`);
        await page.locator(ready).first().waitFor();
        await openBacktest(page);
        await expect
          .poll(() => page.evaluate('document.documentElement.scrollWidth'), { message: name })
          .toBe(390);
      }
    });
  });
});
