import { expect, it } from 'vitest';
import { inEnglish, inRussian } from './comment';

it('has two halves', () => {
  const comment = 'Хеш-ключ заказа / Hash key of the order';
  expect([inRussian(comment), inEnglish(comment)]).toEqual(['Хеш-ключ заказа', 'Hash key of the order']);
});

it('may be in English alone', () => {
  expect(inEnglish('stg, dds or cdm')).toBe('stg, dds or cdm');
});

it.each(['Hash key of the order', 'Ключ / Key / Key', 'Key / Ключ', ''])(
  'is refused in Russian without a Russian half: %j',
  (comment) => {
    expect(() => inRussian(comment)).toThrow(
      `The comment "${comment}" is not of the form 'Russian / English'`,
    );
  },
);

it('is refused in English with three parts', () => {
  expect(() => inEnglish('Ключ / Key / Key')).toThrow('The comment "Ключ / Key / Key"');
});
