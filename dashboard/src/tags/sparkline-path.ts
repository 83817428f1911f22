/**
 * The line of a row of numbers, in a box of the width and height, from its left to its right edge. Numbers that are all
 * the same are a line in the middle.
 */
export function sparklinePath(values: number[], width: number, height: number): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const step = width / Math.max(1, values.length - 1);
  const y = (value: number) =>
    most === least ? height / 2 : height - ((value - least) / (most - least)) * height;
  return values
    .map((value, place) => `${place ? 'L' : 'M'}${round(place * step)} ${round(y(value))}`)
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
