import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

function read(page: string): string {
  return readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
}

/** Pages of `docs/` that are also in Russian. */
const translated = ['tags.md'];

const codeBlock = /^```.*?^```$/gms;

/** What a page and its translation have in common. */
function shapeOf(page: string) {
  const text = read(page);
  const prose = text.replaceAll(codeBlock, '');
  return {
    headings: (prose.match(/^#+ /gm) ?? []).map((marks) => marks.length - 1),
    rowsOfTables: (prose.match(/^\|.*\n(?:\|.*\n)+/gm) ?? []).map((table) => table.split('\n').length - 1),
    points: (prose.match(/^- /gm) ?? []).length,
    pictures: (prose.match(/^!\[.*\]\(.*\)$/gm) ?? []).length,
    code: text.match(codeBlock) ?? [],
  };
}

describe.each(translated)('%s', (page) => {
  it('has the same headings, tables, points, pictures and code in Russian', () => {
    const shape = shapeOf(page);
    expect(shape.headings.length).toBeGreaterThan(1);
    expect(shapeOf(`ru/${page}`)).toEqual(shape);
  });

  it('links to its translation at the top, and back', () => {
    const topOf = (text: string) => text.slice(0, text.indexOf('\n## '));
    expect(topOf(read(page))).toContain(`](ru/${page})`);
    expect(topOf(read(`ru/${page}`))).toContain(`](../${page})`);
  });
});
