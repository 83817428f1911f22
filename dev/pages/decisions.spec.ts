import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const folder = new URL('../../docs/decisions/', import.meta.url);
const records = readdirSync(folder).filter((file) => /^\d/.test(file));

function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}

/** The parts of a record in their order, as headings or as bold words at the beginning of a paragraph. */
function partsOf(text: string): string[] {
  return Array.from(
    text.matchAll(/^(?:## (\w+)$|\*\*(\w+)\.\*\*)/gm),
    ([, heading, bold]) => heading ?? bold!,
  );
}

describe('decision records', () => {
  it.each(records)('%s has a number, a date, a status and all parts', (file) => {
    const text = read(file);
    expect(text).toMatch(
      new RegExp(
        `^# ${file.slice(0, 4)} .+\n\n_(Accepted|Replaced by \\[\\d{4}\\]\\(.+\\)) on 20\\d\\d-\\d\\d-\\d\\d\\._\n`,
      ),
    );
    expect(partsOf(text)).toEqual(
      expect.arrayContaining(['Context', 'Decision', 'Considered', 'Consequences']),
    );
  });

  it('are listed in the order of their numbers', () => {
    const listed = Array.from(read('README.md').matchAll(/^\| \[.+?\]\((.+?)\)/gm), ([, file]) => file);
    expect(listed).toEqual(records);
  });

  it('have numbers of their own', () => {
    const numbers = records.map((file) => file.slice(0, 4));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});
