import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../dev/local-browser';
import { dictionary } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
import { savedSheet } from './harness/saved-sheet';
import { expectUsableByAll, useBrowser } from './harness/use-browser';
import { usePipeline } from './harness/use-pipeline';
import { writeApiUsers } from './harness/write-api-users';

/*
 * What was refused and what waits, on the page of the pipeline in a real browser: found, shown whole, replayed and
 * discarded by those who may, whatever the messages hold.
 */
const DANGEROUS = '<img src=x onerror=alert(1)>';
const tokens = {
  viewer: 'token-of-a-viewer',
  analyst: 'token-of-an-analyst',
  operator: 'token-of-an-operator',
};
type Role = keyof typeof tokens;
const usersFile = join(tmpdir(), `api-users-of-operators-${process.pid}`);
const browserPath = findBrowser();

const wrong = sourceText({ id: 2, items: [{ ...line('d1', 100, 0), name: `${DANGEROUS}\u202egnp` }] });
const large = sourceText({ id: 3, items: [{ ...line('d1', 100, 0), name: 'x'.repeat(1_000_000) }] });

describe.skipIf(!browserPath)('refused and parked messages', () => {
  beforeAll(() => writeApiUsers(usersFile, tokens));
  const pipeline = usePipeline({ variables: { cdm: { API_USERS: usersFile, AUDIT: 'off' } } });
  const { open: visit, forgive } = useBrowser(browserPath!, () => pipeline.service('cdm').url);

  beforeAll(async () => {
    await pipeline.dictionary.put(dictionary);
    await pipeline.database.rows(
      'ALTER TABLE stg.order_events ADD CONSTRAINT spoiled CHECK (object_id <> 9)',
    );
    await pipeline.sendOrders([
      { value: sourceText({ id: 1 }) },
      { value: sourceText({ id: 9 }) },
      { value: wrong, key: 'k2', headers: { trace: DANGEROUS } },
      { value: large },
      { value: Buffer.from([0x7b, 0xff, 0x3c]) },
      { value: sourceText({ id: 4, user: 'u-late' }) },
      { value: sourceText({ id: 5, user: 'u-later' }) },
    ]);
    await pipeline.settled();
  });

  const textOf = async (locator: Locator) => ((await locator.textContent()) ?? '').replaceAll(/\s/g, ' ');
  const letters = (page: Page) => page.locator('#letters tbody tr');
  const parked = (page: Page) => page.locator('#parked-orders tbody tr');

  async function signIn(page: Page, role: Role): Promise<void> {
    await page.locator('#token').fill(tokens[role]);
    await page.locator('.sign-in button').click();
  }

  async function opened(role: Role, options?: object, address = '/?page=pipeline'): Promise<Page> {
    const page = await visit(address, options);
    await signIn(page, role);
    return page;
  }

  /** The whole dead letter of an order. */
  async function whole(page: Page, order: string): Promise<Locator> {
    await letters(page)
      .filter({ has: page.getByRole('link', { name: order, exact: true }) })
      .getByRole('link')
      .first()
      .click();
    const letter = page.locator('.letter');
    await letter.locator('pre').waitFor();
    return letter;
  }

  it('are for a token that may see persons', async () => {
    const page = await visit('/?page=pipeline');
    await page.locator('.operate .sign-in').waitFor();
    await expect.poll(() => page.locator('.services .service').count()).toBe(3);
    await signIn(page, 'viewer');
    await expect.poll(() => textOf(page.locator('.operate'))).toContain('Your token does not show persons');
    expect(await letters(page).count()).toBe(0);
  });

  it('are listed and shown to an analyst, who can change nothing', async () => {
    const page = await opened('analyst');
    await expect.poll(() => letters(page).count()).toBe(4);
    await expect.poll(() => parked(page).count()).toBe(2);
    expect(await textOf(page.locator('#letters [role=status]'))).toBe('Looked through: 4 of 4.');
    expect(await textOf(page.locator('.operate'))).toContain('you need the role operator');
    expect(
      await page
        .locator('.operate')
        .getByRole('button', { name: /Replay|Discard|Give up/ })
        .count(),
    ).toBe(0);
    await page.getByLabel('Reason').selectOption('not_utf8');
    await expect.poll(() => letters(page).count()).toBe(1);
    await page.getByLabel('Reason').selectOption('');
    await page.locator('#letters').getByLabel('Order number').fill('9');
    await page.keyboard.press('Enter');
    await expect.poll(() => letters(page).count()).toBe(1);
    await expect.poll(() => textOf(letters(page).first())).toContain('refused by the database');
  });

  it('are shown whole, as text whatever they hold, with the field that is wrong', async () => {
    const page = await opened('analyst');
    const letter = await whole(page, '2');
    expect(page.url()).toMatch(/page=pipeline&letter=stg-service-dlq/);
    expect(await textOf(letter.locator('mark'))).toBe('0');
    expect(await textOf(letter.locator('.because'))).toMatch(/^payload\.order_items\[0\]\.quantity /);
    expect(await letter.locator('pre').textContent()).toBe(wrong.replace('\u202e', '\\u{202e}'));
    expect(await textOf(letter)).toContain(`trace: ${DANGEROUS}`);
    expect(await page.locator('.operate img').count()).toBe(0);
    await page.reload();
    await letter.locator('mark').waitFor();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the message' }).click(),
    ]);
    expect(await readFile(await file.path(), 'utf8')).toBe(wrong);
  });

  it('are shown in part where they are long, and as escapes where they are no text', async () => {
    const page = await opened('analyst');
    const letter = await whole(page, '3');
    expect(await textOf(letter.locator('mark'))).toBe('0');
    expect((await letter.locator('pre').textContent())!.length).toBe(20_000);
    await page.getByRole('link', { name: '← Refused messages' }).click();
    await letters(page).filter({ hasText: 'not UTF-8' }).getByRole('link').first().click();
    await expect.poll(() => textOf(page.locator('.letter pre'))).toBe('{\\xff<');
  });

  it('are files that a spreadsheet opens, all that match a filter', async () => {
    const page = await opened('analyst');
    await expect.poll(() => letters(page).count()).toBe(4);
    const all = await savedSheet(page.locator('#letters'), ',');
    expect(all.name).toBe('refused-messages.csv');
    expect(all.csv).toHaveLength(5);
    await page.getByLabel('Reason').selectOption('not_utf8');
    await expect.poll(() => letters(page).count()).toBe(1);
    const { csv, xlsx } = await savedSheet(page.locator('#letters'), ',');
    expect(csv[0]!.slice(0, 3)).toEqual(['Refused at', 'Service', 'Reason']);
    expect(csv[1]!.slice(1, 3)).toEqual(['stg', 'not UTF-8']);
    expect(xlsx[1]![0]).toBe(csv[1]![0]);
    await page.getByRole('button', { name: 'RU' }).click();
    await parked(page).first().waitFor();
    const waiting = await savedSheet(page.locator('#parked-orders'), ';');
    expect(waiting.csv[0]!.slice(0, 3)).toEqual(['Заказ', 'Версия', 'Ждёт с']);
    expect(waiting.xlsx.slice(1).map(([order]) => order)).toEqual([4, 5]);
    expect(waiting.csv.slice(1).map((cells) => cells[5])).toEqual([
      'пользователь u-late',
      'пользователь u-later',
    ]);
  });

  it('are replayed by an operator, by keyboard, who sees before what will happen; then they count', async () => {
    await pipeline.database.rows('ALTER TABLE stg.order_events DROP CONSTRAINT spoiled');
    const page = await opened('operator');
    const letter = await whole(page, '9');
    await letter.getByRole('button', { name: 'Replay', exact: true }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    const source = pipeline.topics.name('order-service_orders');
    await expect.poll(() => textOf(dialog)).toContain(`Messages that will be sent to ${source}: 1`);
    await page.keyboard.press('Escape');
    await expect.poll(() => dialog.count()).toBe(0);
    expect(await pipeline.database.rows('SELECT FROM operations.replayed_dead_letters')).toEqual([]);

    await letter.getByRole('button', { name: 'Replay', exact: true }).click();
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await expect.poll(() => textOf(dialog)).toContain(`Messages sent to ${source}: 1`);
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => textOf(letter.locator('.facts'))).toContain('replayed');
    expect(await textOf(letter.locator('.facts'))).toContain('Olga the operator');
    await pipeline.settled();
    const counted = 'SELECT object_id FROM cdm.order_versions ORDER BY object_id';
    expect(await pipeline.database.rows(counted)).toEqual([{ object_id: '1' }, { object_id: '9' }]);
  });

  it('are discarded, all that match a filter, and are open no longer', async () => {
    const page = await opened('operator');
    await page.getByLabel('Reason').selectOption('not_utf8');
    await expect.poll(() => letters(page).count()).toBe(1);
    await page.getByRole('button', { name: 'Discard all that match' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => textOf(dialog)).toContain('Dead letters that will be discarded: 1');
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await expect.poll(() => textOf(dialog)).toContain('Dead letters discarded: 1');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => textOf(page.locator('#letters'))).toContain('No dead letter matches.');
    await page.locator('#letters').getByLabel('State').selectOption('discarded');
    await expect.poll(() => letters(page).count()).toBe(1);
    // Refused: 4; replayed: 1; discarded: 1.
    await expect.poll(() => textOf(page.locator('.verdict'))).toContain('Messages refused: 2;');
  });

  it('of orders that wait are given up, and are dead letters then', async () => {
    const page = await opened('operator');
    // While the list above fills, the button moves, and a click may miss it.
    await letters(page).first().waitFor();
    await expect.poll(() => parked(page).count()).toBe(2);
    await parked(page).filter({ hasText: 'u-later' }).getByRole('button', { name: 'Give up' }).click();
    const dialog = page.getByRole('dialog');
    await expect.poll(() => textOf(dialog)).toContain('Orders that will be given up: 1');
    await dialog.getByRole('button', { name: 'Do it' }).click();
    await expect.poll(() => textOf(dialog)).toContain('Orders given up: 1');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => parked(page).count()).toBe(1);
    await pipeline.settled();
    await page.goto(`${pipeline.service('cdm').url}/?page=order&order=5`);
    const refused = page.locator('.refused tbody tr');
    await expect.poll(() => refused.count()).toBe(1);
    await refused.getByRole('link').click();
    await expect
      .poll(() => textOf(page.locator('.letter .because')))
      .toBe('Olga the operator gave up waiting for user:u-later');
  });

  it('of an order that no layer has are found by its number', async () => {
    const page = await opened('analyst', {}, '/?page=order&order=2');
    await expect.poll(() => textOf(page.locator('.refused'))).toContain('payload.order_items[0].quantity');
  });

  it('speak Russian, and say what a token lacks', async () => {
    const page = await opened('operator', { locale: 'ru-RU' });
    await expect.poll(() => textOf(page.locator('#letters'))).toContain('Отклонённые сообщения');
    await letters(page).first().waitFor();
    await page.getByRole('button', { name: 'Списать все подходящие' }).click();
    await expect.poll(() => textOf(page.getByRole('dialog'))).toContain('Сообщений будет списано');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Выйти' }).click();
    await page.locator('#token').fill('nobody');
    await page.locator('.sign-in button').click();
    await expect.poll(() => textOf(page.locator('#token-wrong'))).toBe('Такого токена ни у кого нет.');
    forgive(/401/);
  });

  describe('what the auditor found', () => {
    const findings = (page: Page) => page.locator('#findings tbody tr');
    const cells = async (page: Page, column: number) =>
      page.locator(`#findings tbody td:nth-child(${column})`).allTextContents();

    beforeAll(() =>
      pipeline.database.rows(`
        INSERT INTO cdm.audit_findings (what, place, table_name, row_key, column_name, against, expected, found, closed_at)
        SELECT 'orders', n::text, 'cdm.order_versions', jsonb_build_object('object_id', n::text), 'cost', 'staging', '1.5', '2', NULL::timestamptz
        FROM generate_series(1, 21) AS n
        UNION ALL SELECT 'users', 'u', 'cdm.users', '{"user_id": "guest-key"}', 'closed_order_cnt', 'its orders', '3', '4', NULL
        UNION ALL SELECT 'orders', '7', 'dds.h_order', '{"h_order_pk": "k7"}', '*', 'staging', 'a row', NULL, now()`),
    );

    it('is listed in pages, the newest first, and leads to the order', async () => {
      const page = await opened('analyst');
      await expect.poll(() => findings(page).count()).toBe(20);
      expect((await cells(page, 4)).slice(0, 2)).toEqual(['user_id=guest-key', 'object_id=21']);
      expect((await textOf(findings(page).nth(1))).replace(/^.*\d\d:\d\d:\d\d/, '')).toBe(
        'orderscdm.order_versionsobject_id=21cost1.52—',
      );
      await page.locator('#findings').getByRole('button', { name: 'Next' }).click();
      await expect.poll(() => cells(page, 4)).toEqual(['object_id=2', 'object_id=1']);
      expect(await textOf(page.locator('#findings [role=status]'))).toBe('22 of 22, the newest first.');
      await page.locator('#findings').getByLabel('State').selectOption('closed');
      await expect.poll(() => cells(page, 4)).toEqual(['h_order_pk=k7']);
      expect((await cells(page, 5)).concat(await cells(page, 7))).toEqual(['whole row', 'none']);
      await page.locator('#findings').getByLabel('State').selectOption('all');
      await expect.poll(() => findings(page).count()).toBe(20);
      await page.getByRole('link', { name: 'object_id=21' }).click();
      await expect.poll(() => page.url()).toMatch(/page=order&order=21$/);
    });

    it('is a file, in the language of the reader', async () => {
      const page = await opened('analyst', { locale: 'ru-RU' });
      await findings(page).first().waitFor();
      const { name, csv, xlsx } = await savedSheet(page.locator('#findings'), ';');
      expect([name, csv.length, xlsx.length]).toEqual(['findings.csv', 23, 23]);
      expect(csv[0]!.slice(0, 2)).toEqual(['Найдено', 'Обход']);
      expect(csv[2]!.slice(1)).toEqual([
        'заказы',
        'cdm.order_versions',
        'object_id=21',
        'cost',
        'staging',
        '1.5',
        '2',
        '',
      ]);
      expect(xlsx[2]![0]).toBe(csv[2]![0]);
    });

    it('names no guest to a viewer', async () => {
      const page = await opened('viewer');
      await expect.poll(() => findings(page).count()).toBe(20);
      expect((await cells(page, 4))[0]).toBe('object_id=21');
      expect(await page.locator('#findings').getByRole('link').count()).toBe(0);
      expect(await textOf(page.locator('#findings'))).toContain('20 of 21, the newest first.');
      expect(await textOf(page.locator('#findings'))).toContain('findings that name one are left out');
    });
  });

  it('can be used by all before anything is answered', async () => {
    const page = await visit('/?page=pipeline');
    await page.route('**/api/{pipeline,audit}', () => undefined);
    await page.reload();
    await page.locator('.operate .sign-in').waitFor();
    expect(await page.locator('.pipeline').getAttribute('aria-busy')).toBe('true');
    await expectUsableByAll(page);
  });

  it.each(['light', 'dark'] as const)('can be used by all, as axe finds: %s', async (colorScheme) => {
    const page = await visit('/?page=pipeline', { colorScheme });
    await page.locator('.operate .sign-in').waitFor();
    await expectUsableByAll(page);
    await signIn(page, 'operator');
    await letters(page).first().waitFor();
    await parked(page).first().waitFor();
    await expectUsableByAll(page);
    await page.getByRole('button', { name: 'Replay all that match' }).click();
    await expect.poll(() => textOf(page.getByRole('dialog'))).toContain('Messages that will be sent');
    await expectUsableByAll(page);
    await page.keyboard.press('Escape');
    await whole(page, '2');
    await expectUsableByAll(page);
  });

  it('fit a phone', async () => {
    const page = await opened('operator', { viewport: { width: 390, height: 844 } });
    await letters(page).first().waitFor();
    await parked(page).first().waitFor();
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    await expect.poll(width).toBe(390);
    await whole(page, '2');
    await expect.poll(width).toBe(390);
  });
});
