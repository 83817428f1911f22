import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../dev/local-browser';
import { dictionary } from './guarantees/orders/small-town';
import { line, sourceText } from './guarantees/orders/source-text';
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
  const pipeline = usePipeline({ variables: { cdm: { API_USERS: usersFile } } });
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
    await page.getByLabel('State').selectOption('discarded');
    await expect.poll(() => letters(page).count()).toBe(1);
    // Refused: 4; replayed: 1; discarded: 1.
    await expect.poll(() => textOf(page.locator('.verdict'))).toContain('Messages refused: 2;');
  });

  it('of orders that wait are given up, and are dead letters then', async () => {
    const page = await opened('operator');
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
