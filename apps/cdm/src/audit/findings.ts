import { Logger } from '@nestjs/common';
import { columns } from '@app/warehouse/columns';
import type { Client } from '@app/warehouse/warehouse';
import { rowName, type WrongRow } from './wrong-rows';

/** More that are open at a time are counted and logged, and not kept. */
const MOST_OPEN = 1_000;
/** So long what is right again is kept. */
const KEPT = '90 days';
/** Of texts that are kept and logged. */
const MOST_LETTERS = 500;

/** A column of a row that is not as it should be. */
interface Finding {
  place: string;
  table: string;
  key: Record<string, string>;
  /** `*`: the whole row. */
  column: string;
  against: string;
  expected: string | null;
  found: string | null;
}

interface OpenFinding extends Finding {
  id: string;
}

const logger = new Logger('audit');

/**
 * Brings what is known to be wrong up to date with what a look has found. What waits opens no finding, and closes none.
 * @param isCovered whether a place was looked at
 * @returns the rows that are wrong now, and those that may be on their way and are not known to be wrong
 */
export async function noteFindings(
  client: Client,
  what: string,
  wrong: WrongRow[],
  isCovered: (place: string) => boolean,
): Promise<{ wrong: WrongRow[]; waiting: WrongRow[] }> {
  const open = await openFindings(client, what);
  const byName = new Map(open.map((finding) => [nameOf(finding), finding]));
  const isKnown = (row: WrongRow) => findingsOf(row).some((finding) => byName.has(nameOf(finding)));
  const sure = wrong.filter((row) => !row.waits || isKnown(row));
  const found = new Map(sure.flatMap(findingsOf).map((finding) => [nameOf(finding), finding]));
  const fresh = [...found].filter(([name]) => !byName.has(name)).map(([, finding]) => finding);
  const seen = open.filter((finding) => found.has(nameOf(finding)));
  const closed = open.filter((finding) => !found.has(nameOf(finding)) && isCovered(finding.place));
  const listed = fresh.slice(0, Math.max(0, MOST_OPEN - open.length));
  await write(client, what, listed);
  await touch(client, seen, closed);
  listed.forEach((finding) => logger.error({ msg: 'a row is wrong', what, ...finding }));
  if (fresh.length > listed.length) {
    logger.error({ msg: 'more is wrong than is listed', what, findings: fresh.length - listed.length });
  }
  closed.forEach(({ table, key, column }) =>
    logger.log({ msg: 'a row is right again', what, table, key, column }),
  );
  return { wrong: sure, waiting: wrong.filter((row) => row.waits && !isKnown(row)) };
}

function findingsOf({ table, key, place, against, expected, found }: WrongRow): Finding[] {
  const finding = { place, table, key, against };
  if (!expected || !found) {
    const [row, none] = ['a row', null];
    return [{ ...finding, column: '*', expected: expected ? row : none, found: found ? row : none }];
  }
  return Object.keys(expected).map((column) => ({
    ...finding,
    column,
    expected: cut(expected[column]),
    found: cut(found[column]),
  }));
}

function cut(text: string | null | undefined): string | null {
  return text == null ? null : text.slice(0, MOST_LETTERS);
}

function nameOf(finding: Finding): string {
  return `${rowName(finding)} ${finding.column}`;
}

async function openFindings(client: Client, what: string): Promise<OpenFinding[]> {
  const { rows } = await client.query<OpenFinding>(
    /* sql */ `
    SELECT id, place, table_name AS table, row_key AS key, column_name AS column, against, expected, found
    FROM cdm.audit_findings WHERE what = $1 AND closed_at IS NULL`,
    [what],
  );
  return rows;
}

const written = columns({
  place: 'text',
  table_name: 'text',
  row_key: 'jsonb',
  column_name: 'text',
  against: 'text',
  expected: 'text?',
  found: 'text?',
});

async function write(client: Client, what: string, findings: Finding[]): Promise<void> {
  const text = /* sql */ `
    INSERT INTO cdm.audit_findings (what, ${written.names})
    SELECT $8, ${written.names} FROM ${written.unnest('finding')}`;
  const rows = findings.map(({ place, table, key, column, against, expected, found }) => ({
    place,
    table_name: table,
    row_key: JSON.stringify(key),
    column_name: column,
    against,
    expected,
    found,
  }));
  await written.run(client, { text }, rows, what);
}

async function touch(client: Client, seen: OpenFinding[], closed: OpenFinding[]): Promise<void> {
  if (seen.length + closed.length > 0) {
    await client.query(
      /* sql */ `
      UPDATE cdm.audit_findings SET seen_at = now(), closed_at = CASE WHEN id = ANY ($2::bigint[]) THEN now() END
      WHERE id = ANY ($1::bigint[]) OR id = ANY ($2::bigint[])`,
      [seen.map(({ id }) => id), closed.map(({ id }) => id)],
    );
    await client.query(`DELETE FROM cdm.audit_findings WHERE closed_at < now() - interval '${KEPT}'`);
  }
}
