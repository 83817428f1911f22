import { describe, expect, it } from 'vitest';
import { moneyText, moneyUnits } from './money-units';

describe('money', () => {
  it.each([
    [0n, '0.00000'],
    [1n, '0.00001'],
    [-650_000n, '-6.50000'],
    [12_345_678_901_234_567_890n, '123456789012345.67890'],
  ])('of %s is written as %s, and read as the same', (units, text) => {
    expect(moneyText(units)).toBe(text);
    expect(moneyUnits(text)).toBe(units);
  });

  it.each([
    ['6.5', 650_000n],
    ['300', 30_000_000n],
    ['0.1', 10_000n],
  ])('may be given as %s', (text, units) => {
    expect(moneyUnits(text)).toBe(units);
  });
});
