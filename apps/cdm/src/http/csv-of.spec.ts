import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { csvFor, csvOf } from './csv-of';

interface Row {
  id: string;
  since: Date;
}

const since = new Date('2024-02-29T10:00:00.500Z');

async function* rows(ids: Iterable<string>, taken = { count: 0 }): AsyncGenerator<Row> {
  try {
    for (const id of ids) {
      taken.count += 1;
      yield { id, since };
    }
  } finally {
    taken.count += 0.5; // it has ended
  }
}

function* numbers(count: number, last?: Error): Generator<string> {
  for (let number = 1; number <= count; number += 1) {
    yield String(number);
  }
  if (last) {
    throw last;
  }
}

it('writes a line of names and a line a row', async () => {
  const csv = await csvOf(rows(['a', 'b,"c"', '=1+1']), ['id', 'since']);
  expect(await text(csv.getStream())).toBe(
    `id,since\na,${since.toISOString()}\n"b,""c""",${since.toISOString()}\n'=1+1,${since.toISOString()}\n`,
  );
});

async function* cells(): AsyncGenerator<(string | number | null)[]> {
  yield ['Ёж; "колючий"', 1.5, null];
  yield ['=1+1', -3, '2024-02-29 10:00:00'];
}

it('writes what Excel opens in Russian: a byte order mark, semicolons and decimal commas', async () => {
  const csv = await csvFor('ru', cells(), ['Гость', 'Рублей', 'Когда']);
  expect(await buffer(csv.getStream())).toEqual(
    Buffer.from(`\uFEFFГость;Рублей;Когда\n"Ёж; ""колючий""";1,5;\n'=1+1;-3;2024-02-29 10:00:00\n`),
  );
});

it('writes what Excel opens in English: a byte order mark, commas and decimal points', async () => {
  const csv = await csvFor('en', cells(), ['Guest', 'Roubles', 'When']);
  expect(await buffer(csv.getStream())).toEqual(
    Buffer.from(`\uFEFFGuest,Roubles,When\n"Ёж; ""колючий""",1.5,\n'=1+1,-3,2024-02-29 10:00:00\n`),
  );
});

it('writes the names also where there is no row', async () => {
  expect(await text((await csvOf(rows([]), ['id', 'since'])).getStream())).toBe('id,since\n');
});

it('takes rows only as fast as they are read', async () => {
  const taken = { count: 0 };
  const csv = await csvOf(rows(numbers(50_000), taken), ['id', 'since']);
  await sleep(50);
  expect(taken.count).toBeLessThan(5_000);
  expect((await text(csv.getStream())).match(/\n/g)).toHaveLength(50_001);
});

it('takes no more rows when the reader leaves', async () => {
  const taken = { count: 0 };
  const csv = await csvOf(rows(numbers(50_000), taken), ['id', 'since']);
  csv.getStream().destroy();
  await sleep(50);
  expect(taken.count % 1).toBe(0.5);
  expect(taken.count).toBeLessThan(5_000);
});

it('breaks off where a row cannot be read', async () => {
  const csv = await csvOf(rows(numbers(20_000, new Error('the database is down'))), ['id', 'since']);
  await expect(text(csv.getStream())).rejects.toThrow('the database is down');
});

it('refuses at once where the first row cannot be read', async () => {
  const failing = rows(numbers(0, new Error('the database is down')));
  await expect(csvOf(failing, ['id', 'since'])).rejects.toThrow('the database is down');
});
