import type { Cell, Row, Tables } from './rows';
import { tables } from './tables';

const MOST_LINES = 10;
const MOST_CHARACTERS = 200;

/** Where two states of the tables differ, a line a row, at most ten lines a table; none when they are equal. */
export function tableDifferences(expected: Tables, actual: Tables): string[] {
  const names = new Set([...Object.keys(tables), ...Object.keys(expected), ...Object.keys(actual)]);
  return [...names].flatMap((name) => {
    const [before = [], after = []] = [expected[name], actual[name]];
    const key = tables[name]?.key ?? Object.keys(before[0] ?? after[0] ?? {});
    return rowDifferences(name, key, before, after);
  });
}

/** @param key the columns that identify a row */
export function rowDifferences(name: string, key: string[], expected: Row[], actual: Row[]): string[] {
  const places = new Map<string, { expected: Row[]; actual: Row[] }>();
  for (const [side, rows] of [
    ['expected', expected],
    ['actual', actual],
  ] as const) {
    for (const row of rows) {
      const id = key.map((column) => `${column}=${shown(row[column])}`).join(' ');
      const place = places.get(id) ?? { expected: [], actual: [] };
      place[side].push(row);
      places.set(id, place);
    }
  }
  const lines = [...places].flatMap(([id, place]) => placeDifferences(`${name} ${id}`, place));
  return lines.length > MOST_LINES
    ? [...lines.slice(0, MOST_LINES), `${name}: and ${lines.length - MOST_LINES} more`]
    : lines;
}

function placeDifferences(id: string, place: { expected: Row[]; actual: Row[] }): string[] {
  const { expected, actual } = place;
  if (expected.length !== actual.length) {
    if (actual.length === 0) {
      return [`${id}: the row is missing`];
    }
    return expected.length === 0
      ? [`${id}: there should be no such row`]
      : [`${id}: ${actual.length} rows instead of ${expected.length}`];
  }
  return expected.flatMap((row, number) => {
    const columns = new Set([...Object.keys(row), ...Object.keys(actual[number]!)]);
    const wrong = [...columns]
      .filter((column) => !isSame(row[column], actual[number]![column]))
      .map((column) => `${column} is ${shown(actual[number]![column])}, not ${shown(row[column])}`);
    return wrong.length > 0 ? [`${id}: ${wrong.join('; ')}`] : [];
  });
}

function isSame(expected: Cell | undefined, actual: Cell | undefined): boolean {
  if (typeof expected === 'object' && typeof actual === 'string') {
    return expected !== null && expected.oneOf.includes(actual);
  }
  if (typeof expected === 'object' && typeof actual === 'object') {
    return JSON.stringify(expected) === JSON.stringify(actual);
  }
  return expected === actual;
}

function shown(cell: Cell | undefined): string {
  const text =
    typeof cell === 'object' && cell !== null ? cell.oneOf.map(shown).join(' or ') : JSON.stringify(cell);
  return text === undefined
    ? 'absent'
    : text.length <= MOST_CHARACTERS
      ? text
      : `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)`;
}
