import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

function read(page: string): string {
  return readFileSync(new URL(page, root), 'utf8');
}

/** Pages that are also in Russian: the page, its translation, and how each links to the other. */
const translated = [
  ['README.md', 'README.ru.md', 'README.ru.md', 'README.md'],
  ...readdirSync(new URL('docs/ru', root)).map((name) => [
    `docs/${name}`,
    `docs/ru/${name}`,
    `ru/${name}`,
    `../${name}`,
  ]),
] as [page: string, translation: string, forth: string, back: string][];

/** For analysts: another choice of sections than the English page. `dev/data-model` holds its generated parts. */
const abridged = new Set(['docs/data-model.md']);

/** Of a runbook all that is typed is the same, and so are the names of the alerts. */
const typed = /`kubectl [^`]+`|^### OrderVault\w+$/gm;

const codeBlock = /^```.*?^```$/gms;

/** What a page and its translation have in common. Of a drawing the labels are translated, so its lines are counted. */
function shapeOf(page: string) {
  const text = read(page);
  const prose = text.replaceAll(codeBlock, '');
  return {
    headings: (prose.match(/^#+ /gm) ?? []).map((marks) => marks.length - 1),
    rowsOfTables: (prose.match(/^\|.*\n(?:\|.*\n)+/gm) ?? []).map((table) => table.split('\n').length - 1),
    points: (prose.match(/^- /gm) ?? []).length,
    typed: (prose.match(typed) ?? []).map((words) => words.replaceAll(/\s+/g, ' ')).toSorted(),
    pictures: (prose.match(/^!\[.*\]\(.*\)$/gm) ?? []).length,
    code: (text.match(codeBlock) ?? []).map((block) =>
      block.startsWith('```mermaid') ? block.split('\n').length : block,
    ),
  };
}

it.each(translated.filter(([page]) => !abridged.has(page)))(
  '%s has the same headings, tables, points, pictures and code in Russian',
  (page, translation) => {
    const shape = shapeOf(page);
    expect(shape.headings.length).toBeGreaterThan(1);
    expect(shapeOf(translation)).toEqual(shape);
  },
);

it.each(translated)('%s links to its translation at the top, and back', (page, translation, forth, back) => {
  const topOf = (text: string) => text.slice(0, text.indexOf('\n## '));
  expect(topOf(read(page))).toContain(`](${forth})`);
  expect(topOf(read(translation))).toContain(`](${back})`);
});
