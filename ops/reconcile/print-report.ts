import { textTable } from '../command/text-table';
import { doesDiffer, type Difference, type DifferingRow, type Report } from './reconcile';

const MOST_CHARACTERS = 300;

export function printReport(report: Report, say: (line: string) => void): void {
  const { totals, differences, areTagsPending } = report;
  const rows = totals.map(({ layer, versions, orders, closed, cost, payment }) => [
    layer,
    versions ?? '',
    orders,
    closed,
    cost,
    payment,
  ]);
  say(textTable([['', 'versions', 'orders', 'closed', 'cost', 'payment'], ...rows]));
  printDifferences(differences, say);
  if (areTagsPending) {
    say('Tags are not compared: rules are being evaluated.');
  }
  say(doesDiffer(report) ? 'Something differs.' : 'Nothing differs.');
}

/** A paragraph each: how many rows of which table, and the first of them. */
export function printDifferences(differences: Difference[], say: (line: string) => void): void {
  for (const { table, against, rows, onTheirWay, first } of differences) {
    const counts = [`${rows} differ`, ...(onTheirWay > 0 ? [`${onTheirWay} are on their way`] : [])];
    say(`${table}, against ${against}: ${counts.join(', ')}`);
    first.forEach((row) => say(`  ${lineOf(row)}`));
    if (rows > first.length) {
      say(`  and ${rows - first.length} more`);
    }
  }
}

function lineOf({ key, expected, found }: DifferingRow): string {
  const shown = (values: Record<string, string | null>) =>
    Object.entries(values)
      .filter(([column]) => !expected || !found || expected[column] !== found[column])
      .map(([column, value]) => `${column}=${value ?? 'null'}`)
      .join(' ');
  const keys = Object.entries(key)
    .map(([column, value]) => `${column}=${value ?? 'null'}`)
    .join(' ');
  const what = !found
    ? `the row is missing: ${shown(expected!)}`
    : !expected
      ? `there should be no such row: ${shown(found)}`
      : `is ${shown(found)}, not ${shown(expected)}`;
  const line = `${keys}: ${what}`.replace(/: $/, '');
  return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…`.toWellFormed() : line;
}
