import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newestOfEach } from './newest-names';
import type { DatedName } from '../ledger/read-vault-order';

const dated = (name: string, validFrom: string, id = 'p1'): DatedName => ({ id, name, validFrom });
const nameOf = (...names: DatedName[]) => newestOfEach(names).map(({ name }) => name);

describe('newestOfEach', () => {
  it('keeps the newest name of each', () => {
    const names = newestOfEach([
      dated('Б', '2022-11-19 16:06:36', 'p2'),
      dated('А', '2022-11-19 16:06:36', 'p1'),
      dated('В', '2022-11-19 16:06:37', 'p1'),
      dated('Г', '2022-11-18 16:06:37', 'p2'),
    ]);
    expect(names).toEqual([dated('Б', '2022-11-19 16:06:36', 'p2'), dated('В', '2022-11-19 16:06:37', 'p1')]);
    expect(newestOfEach([])).toEqual([]);
  });

  it.each([
    ['2022-11-19 16:06:36', '2022-11-19 16:06:36.000001'],
    ['2022-11-19 16:06:36.09', '2022-11-19 16:06:36.1'],
    ['2022-11-19 16:06:36.999999', '2022-11-19 16:06:37'],
    ['1970-01-01 00:00:00', '2022-11-19 16:06:36'],
  ])('takes %s for older than %s', (older, newer) => {
    expect(nameOf(dated('Я', older), dated('А', newer))).toEqual(['А']);
    expect(nameOf(dated('А', newer), dated('Я', older))).toEqual(['А']);
  });

  it.each([
    ['А', 'Б'],
    ['PLove', 'Plove'],
    ['Б', 'Бар'],
    ['\ufffd', '\u{1F600}'],
    ['\uffff', '\u{10000}'],
    ['z', 'é'],
  ])('takes of %s and %s at one time the second, which has the greater bytes', (less, greater) => {
    const [a, b] = [dated(less, '2022-11-19 16:06:36'), dated(greater, '2022-11-19 16:06:36.0')];
    expect(nameOf(a, b)).toEqual([greater]);
    expect(nameOf(b, a)).toEqual([greater]);
  });

  it('keeps the same names for any order of arrival', () => {
    const name = fc.constantFrom('А', 'Б', '\ufffd', '\u{1F600}');
    const time = fc.constantFrom('2022-11-19 16:06:36', '2022-11-19 16:06:36.5', '2022-11-20 00:00:00');
    const names = fc.array(fc.record({ id: fc.constantFrom('p1', 'p2'), name, validFrom: time }));
    const twice = names.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(twice, ([list, shuffled]) => {
        const byId = (all: DatedName[]) => new Map(newestOfEach(all).map(({ id, ...one }) => [id, one]));
        expect(byId(shuffled)).toEqual(byId(list));
      }),
    );
  });
});
