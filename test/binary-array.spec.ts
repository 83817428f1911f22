import fc from 'fast-check';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { binaryArray, type ArrayType, type ArrayValue } from '@app/warehouse/binary-array';

/* What is written in PostgreSQL's binary format is what PostgreSQL reads from the same values as texts. */
const digits = (most: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most });
const amount = fc
  .tuple(fc.constantFrom('', '-'), digits(14), fc.option(digits(5)))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
const time = fc
  .tuple(
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
    fc.option(digits(6)),
  )
  .map(
    ([date, fraction]) =>
      date.toISOString().slice(0, 19).replace('T', ' ') + (fraction === null ? '' : `.${fraction}`),
  );
const uuid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('latin1'));
const text = fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '').toWellFormed());
const integer = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const bigint = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);

const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const json = fc.json().map((any) => any.replaceAll('\\u0000', ''));
const bytes = fc.uint8Array().map((any) => Buffer.from(any));

/** As PostgreSQL reads a text. */
const written: Partial<Record<ArrayType, (value: ArrayValue) => string>> = {
  uuid: (value) =>
    (value as string).length === 16 ? Buffer.from(value as string, 'latin1').toString('hex') : String(value),
  bytea: (value) => `\\x${(value as Buffer).toString('hex')}`,
};

describe('binaryArray', () => {
  const pool = new Pool({ connectionString: inject('stack').DATABASE_URL });
  beforeAll(async () => void (await pool.query('SELECT 1')));
  afterAll(() => pool.end());

  it.each<[ArrayType, fc.Arbitrary<ArrayValue>, ArrayValue[]]>([
    ['uuid', uuid, ['\0'.repeat(16), 'ÿ'.repeat(16)]],
    ['uuid', fc.uuid(), ['00000000-0000-0000-0000-000000000000', '6E1F0A52-8D0B-5C3E-9F64-2b7a1c9d4e80']],
    ['boolean', fc.boolean(), [true, false]],
    ['bytea', bytes, [Buffer.alloc(0), Buffer.from('\0ÿ', 'latin1'), Buffer.alloc(10_000, 1)]],
    ['json', json, ['null', '{"a": [1.50, "\\"\\\\"] }', '"Блюдо 🥐"']],
    ['json', json.map((any) => Buffer.from(any)), [Buffer.from('{"a": "Блюдо 🥐"}')]],
    ['jsonb', json, ['null', '{"a": [1.50, "\\"\\\\"] }', '"Блюдо 🥐"']],
    ['date', date, ['0001-01-01', '1999-12-31', '2000-01-01', '2024-02-29', '9999-12-31']],
    ['text', text, ['', '"', '\\', 'NULL', '{a,b}', 'Блюдо 🥐', 'x'.repeat(100_000)]],
    ['integer', integer, [0, -1, 2 ** 31 - 1, -(2 ** 31)]],
    [
      'bigint',
      bigint,
      [
        '0',
        '-1',
        '999999999999999',
        '9007199254740993',
        '9223372036854775807',
        '-9223372036854775808',
        '-4294967297',
      ],
    ],
    [
      'numeric',
      amount,
      [
        '0',
        '0.00000',
        '0.00001',
        '1',
        '10000',
        '9999.9999',
        '00012.50',
        '12345678901234.56789',
        '-0.5',
        '100000000',
      ],
    ],
    [
      'timestamp',
      time,
      [
        '0001-01-01 00:00:00',
        '1999-12-31 23:59:59.999999',
        '2000-01-01 00:00:00',
        '2024-02-29 12:00:00.5',
        '9999-12-31 23:59:59.999999',
      ],
    ],
  ])('of %s', async (type, any, chosen) => {
    const said = async (values: ArrayValue[]) => {
      const texts = values.map((value) =>
        value === null ? null : (written[type]?.(value) ?? String(value)),
      );
      const { rows } = await pool.query(
        `SELECT array_agg(given::text ORDER BY place) AS given, array_agg(plain::text ORDER BY place) AS plain
         FROM unnest($1::${type}[], $2::text[]::${type}[]) WITH ORDINALITY AS row (given, plain, place)`,
        [binaryArray(type, values), texts],
      );
      return rows[0] as { given: string[] | null; plain: string[] | null };
    };
    for (const values of [chosen, [], [null, ...chosen, null]]) {
      const { given, plain } = await said(values);
      expect(given).toEqual(plain);
    }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(any), { maxLength: 30 }), async (values) => {
        const { given, plain } = await said(values);
        expect(given).toEqual(plain);
      }),
    );
  });

  it.each([
    ['uuid', 'short', 'a uuid as text or as 16 bytes, got "short"'],
    ['uuid', '6e1f0a52-8d0b-5c3e-9f642-b7a1c9d4e80', 'a uuid as text or as 16 bytes'],
    ['date', '2024-01-01 10:00:00', 'a date as YYYY-MM-DD, got "2024-01-01 10:00:00"'],
    ['timestamp', '2024-01-01', 'a time as YYYY-MM-DD HH:MM:SS, got "2024-01-01"'],
    ['numeric', '1e5', 'a decimal number, got "1e5"'],
    ['numeric', '', 'a decimal number, got ""'],
  ] as const)('of %s refuses %j', (type, value, words) => {
    expect(() => binaryArray(type, [value])).toThrow(words);
  });
});
