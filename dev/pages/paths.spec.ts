import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { changesOf } from '../../test/extending/page-changes';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  'README.ru.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  ...['docs', 'docs/ru', 'docs/decisions', 'deploy', 'dbt'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  ),
];

function read(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** What a reader of the pages makes. */
const toBeMade = [
  ...[...changesOf(read('docs/extending.md')).values()].flat().map(({ file }) => file),
  'deploy/overlays/mine',
];

/** A path begins with a folder of the checkout. One with `*`, `...` or a word in capitals stands for several. */
const paths = /(?<![\w/.-])(?:apps|libs|ops|dev|test|dashboard|migrations|deploy|docs)\/[\w./*-]*[\w/*]/g;
const several = /\*|\.\.\.|\b[A-Z]{4,}\b/;

function pathsOf(text: string): string[] {
  const withoutAddresses = text.replaceAll(/https?:\/\/\S+/g, '');
  return [...new Set(withoutAddresses.match(paths) ?? [])].filter((path) => !several.test(path));
}

function linksOf(page: string): string[] {
  const targets = Array.from(
    read(page).matchAll(/\]\(([^)\s]+?)(?:#[^)]*)?\)/g),
    ([, target = '']) => target,
  );
  return targets.filter((target) => !/^(?:https?:|#)/.test(target)).map((target) => join(page, '..', target));
}

/** Addresses of the headings of a page, as GitHub and GitLab make them. */
function headingsOf(page: string): string[] {
  const prose = read(page).replaceAll(/^```.*?^```$/gms, '');
  return Array.from(prose.matchAll(/^#+ (.+)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function headingLinksOf(page: string): [page: string, heading: string][] {
  return Array.from(
    read(page).matchAll(/\]\((?!https?:)([^)\s#]*)#([^)]+)\)/g),
    ([, target = '', heading = '']) => [target === '' ? page : join(page, '..', target), heading],
  );
}

describe('pages', () => {
  it.each(pages)('%s names files that exist', (page) => {
    const missing = pathsOf(read(page)).filter(
      (path) => !existsSync(join(root, path)) && !toBeMade.includes(path),
    );
    expect(missing).toEqual([]);
  });

  it('of the tour follow one order through at most ten files', () => {
    const steps = read('docs/tour.md').match(/^\d+\. \[(?:apps|libs)\/.+?\]/gm)!;
    expect(steps.length).toBeLessThanOrEqual(10);
    expect(steps[0]).toContain('source-order.contract.ts');
    expect(steps.at(-1)).toContain('mart-changes.ts');
  });

  it.each(pages)('%s runs in the image what Node can run there: files of the build', (page) => {
    const commands = read(page).match(/\bdocker (?:compose )?run (?!.*--entrypoint)[^\n`|]+/g) ?? [];
    const ours = commands.filter((command) => /\b(?:order-vault|stg|dds|cdm)\b/.test(command));
    expect(ours.filter((command) => !/ dist\/(?:apps|dev|ops)\/\S+\.js\b/.test(command))).toEqual([]);
  });

  it.each(pages)('%s links to pages that exist', (page) => {
    expect(linksOf(page).filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it.each(pages)('%s links to headings that exist', (page) => {
    expect(headingLinksOf(page).filter(([target, heading]) => !headingsOf(target).includes(heading))).toEqual(
      [],
    );
  });
});
