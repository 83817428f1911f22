import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
}

describe('versions', () => {
  it('are the same in package.json and at the top of the change log', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    const headings = Array.from(read('CHANGELOG.md').matchAll(/^## \[(.+?)\]/gm), ([, heading]) => heading);
    expect(headings.slice(0, 2)).toEqual(['Unreleased', version]);
  });

  it('of Node are the same in .nvmrc, the image and CI', () => {
    const [, image] = /^FROM node:([\d.]+)-/m.exec(read('Dockerfile'))!;
    expect(read('.nvmrc').trim()).toBe(image);
    const { jobs } = parse(read('.github/workflows/ci.yml')) as {
      jobs: { ci: { container: { image: string }; steps: { run?: string }[] } };
    };
    expect(jobs.ci.container.image).toBe(`node:${image}-trixie`);
    expect(jobs.ci.steps.at(-1)).toEqual({ run: '.ci/run' });
  });
});
