import { expect, it } from 'vitest';
import { overlapOf } from './tag-overlap';

it('adds up those who hold exactly some of the tags', () => {
  const holders = [
    { places: [0], users: 100 },
    { places: [1, 0], users: 20 },
    { places: [0, 1], users: 5 },
    { places: [2, 1], users: 3 },
    { places: [0, 1, 2], users: 1 },
  ];
  expect(overlapOf(['a', 'b', 'c'], holders)).toEqual({
    tags: [
      { tag: 'a', users: 126 },
      { tag: 'b', users: 29 },
      { tag: 'c', users: 4 },
    ],
    pairs: [
      { tags: ['a', 'b'], users: 26 },
      { tags: ['a', 'c'], users: 1 },
      { tags: ['b', 'c'], users: 4 },
    ],
    all: 1,
  });
});

it('is nothing where nobody holds any', () => {
  expect(overlapOf(['a', 'b'], [])).toEqual({
    tags: [
      { tag: 'a', users: 0 },
      { tag: 'b', users: 0 },
    ],
    pairs: [{ tags: ['a', 'b'], users: 0 }],
    all: 0,
  });
});
