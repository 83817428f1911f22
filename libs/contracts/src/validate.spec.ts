import { IsOptional, validateSync, type ValidationError } from 'class-validator';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IsKey, IsMoney, IsSourceTime, IsText } from './contract-rules';
import { MessageRefused } from './dead-letter.contract';
import { Nested, optionalMembersOf, validated } from './validate';

class Place {
  @IsKey() street!: string;
  @IsOptional() @IsText() door?: string | null;
}

class Delivery {
  @IsKey() id!: string;
  @IsOptional() @IsText() note?: string | null;
  /** The order of decorators makes no difference. */
  @IsMoney() @IsOptional() tip?: number | null;
  @IsOptional() @IsText() @IsSourceTime() at?: string | null;
}

class Order extends Delivery {
  @IsOptional() @Nested(() => Place) place?: Place | null;
  @IsOptional() @Nested(() => Place, 'list') stops?: Place[] | null;
  @Nested(() => Place, 'record') @IsOptional() doors?: Map<string, Place> | null;
}

function refusalOf(contract: new () => object, message: unknown): string | undefined {
  try {
    validated(contract, message);
  } catch (error) {
    if (error instanceof MessageRefused) {
      return error.message;
    }
    throw error;
  }
  return undefined;
}

/** A refusal without the value. */
function wordsOf({ property, value, constraints }: ValidationError): string {
  return value === undefined ? `${property} is missing` : `${property} ${Object.values(constraints!)[0]}`;
}

describe('validated', () => {
  it('knows the members that may be left out', () => {
    expect([...optionalMembersOf(Order)].toSorted()).toEqual([
      'at',
      'doors',
      'note',
      'place',
      'stops',
      'tip',
    ]);
    expect([...optionalMembersOf(Place)]).toEqual(['door']);
  });

  it.each([
    [{}],
    [{ note: null, tip: null, at: null, place: null, stops: null, doors: null }],
    [{ note: '', tip: 0.5, at: '2023-08-05 06:28:54' }],
    [{ place: { street: 'x' }, stops: [], doors: {} }],
    [{ place: { street: 'x', door: null }, stops: [{ street: 'y', door: '2' }] }],
  ])('takes %j, and changes nothing in it', (members) => {
    const message = { id: 'x', ...members };
    const before = structuredClone(message);
    expect(validated(Order, message)).toBe(message);
    expect({ ...message, doors: undefined }).toEqual({ ...before, doors: undefined });
  });

  it('makes a Map of an optional record that is there', () => {
    const { doors } = validated(Order, { id: 'x', doors: { a: { street: 'y' } } });
    expect(doors).toEqual(new Map([['a', { street: 'y' }]]));
  });

  it.each([
    [{ note: 7 }, 'note must be a text, got 7'],
    [{ tip: '1' }, 'tip must be an amount, not negative, below 10^14 and with at most 5 decimals, got "1"'],
    [{ at: 'noon' }, 'at must be a time of the form YYYY-MM-DD HH:MM:SS, got "noon"'],
    [{ place: [] }, 'place must be an object, got []'],
    [{ place: {} }, 'place.street is missing'],
    [{ place: { street: 'x', door: 2 } }, 'place.door must be a text, got 2'],
    [{ stops: {} }, 'stops must be a list, got {}'],
    [{ stops: [{ street: 'x' }, null] }, 'stops[1] must be an object, got null'],
    [{ doors: [] }, 'doors must be an object, got []'],
  ])('keeps to the rules of a member that is there: %j', (members, refusal) => {
    expect(refusalOf(Order, { id: 'x', ...members })).toBe(refusal);
  });

  it('takes and refuses what class-validator does, in its words', () => {
    const value = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, '', 'x', '2023-08-05 06:28:54', 0, 1.5, -1, true, {}, []),
      fc.jsonValue(),
    );
    const message = fc.record({ id: value, note: value, tip: value, at: value }, { requiredKeys: [] });
    fc.assert(
      fc.property(message, (members) => {
        const [error] = validateSync(Object.assign(new Delivery(), members), { stopAtFirstError: true });
        const refusal = refusalOf(Delivery, { ...members })?.replace(/, got .*/, '');
        expect(refusal).toBe(error && wordsOf(error));
      }),
      { numRuns: 1_000 },
    );
  });
});
