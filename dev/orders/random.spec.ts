import { describe, expect, it } from 'vitest';
import { Random, WeightedChoice } from './random';

const draws = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('Random', () => {
  it('gives the same numbers for the same seed and stream, on every machine', () => {
    expect(draws(new Random(1, 'a'), 3)).toEqual(draws(new Random(1, 'a'), 3));
    expect(draws(new Random(1, 'golden'), 3)).toEqual([
      0.8870332813821733, 0.6732155520003289, 0.20854482310824096,
    ]);
  });

  it('gives other numbers for another seed or stream', () => {
    const first = draws(new Random(1, 'a'), 20);
    expect(draws(new Random(2, 'a'), 20)).not.toEqual(first);
    expect(draws(new Random(1, 'b'), 20)).not.toEqual(first);
  });

  it('is even: of 100,000 numbers, each tenth of the range gets about a tenth', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const number of draws(new Random(5, 'even'), 100_000)) {
      tenths[Math.floor(number * 10)]! += 1;
    }
    for (const tenth of tenths) {
      expect(tenth).toSatisfy((count: number) => count > 9_600 && count < 10_400);
    }
  });

  it('reaches both ends of a range of whole numbers', () => {
    const random = new Random(1, 'whole');
    const drawn = new Set(Array.from({ length: 1_000 }, () => random.integer(3, 6)));
    expect([...drawn].sort()).toEqual([3, 4, 5, 6]);
  });

  it('shuffles: the same items, the given list untouched', () => {
    const list = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = new Random(1, 'shuffle').shuffle(list);
    expect(shuffled).not.toEqual(list);
    expect(shuffled.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe('WeightedChoice', () => {
  it('draws each item as often as its weight says', () => {
    const random = new Random(1, 'weights');
    const choice = new WeightedChoice(['never', 'rarely', 'often'], [0, 1, 3]);
    const drawn = Array.from({ length: 40_000 }, () => choice.draw(random));
    expect(drawn.filter((item) => item === 'never')).toHaveLength(0);
    expect(drawn.filter((item) => item === 'rarely').length / 40_000).toBeCloseTo(0.25, 1);
  });

  it("follows Zipf's law", () => {
    const random = new Random(1, 'zipf');
    const choice = WeightedChoice.zipf([1, 2, 3, 4], 1);
    const drawn = Array.from({ length: 40_000 }, () => choice.draw(random));
    const share = (item: number) => drawn.filter((other) => other === item).length / 40_000;
    expect(share(1) / share(2)).toBeCloseTo(2, 0);
    expect(share(1) / share(4)).toBeCloseTo(4, 0);
  });
});
