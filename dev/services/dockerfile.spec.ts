import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RELEASE_LIKE_THE_IMAGE } from './node-of-release';
import { readDockerfile } from './dockerfile';

describe('readDockerfile', () => {
  it('reads stages, their steps, and how the image is run', () => {
    const stages = readDockerfile(`
# a comment
FROM node:26 AS base
WORKDIR /app
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci \\
  # between two lines
  && npm run build

FROM base
LABEL title="nothing to do"
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --stack-size=2000" EMPTY=
COPY --from=build /app/dist dist
USER 1000:1000
HEALTHCHECK --interval=10s CMD ["node", "health.js"]
ENTRYPOINT ["node"]
CMD ["main.js"]
`);
    expect(stages.map(({ name, from }) => [name, from])).toEqual([
      ['base', 'node:26'],
      ['build', 'base'],
      ['stage 2', 'base'],
    ]);
    expect(stages[0]!.steps).toEqual([
      { kind: 'workdir', folder: '/app' },
      { kind: 'copy', stage: undefined, sources: ['package.json', 'package-lock.json'], target: './' },
    ]);
    expect(stages[1]!.steps).toEqual([{ kind: 'run', script: 'npm ci && npm run build' }]);
    expect(stages[2]).toMatchObject({
      steps: [{ kind: 'copy', stage: 'build', sources: ['/app/dist'], target: 'dist' }],
      environment: {
        NODE_ENV: 'production',
        NODE_OPTIONS: '--enable-source-maps --stack-size=2000',
        EMPTY: '',
      },
      user: 1000,
      healthCheck: ['node', 'health.js'],
      entrypoint: ['node'],
      command: ['main.js'],
    });
  });

  it('refuses what it does not know, and commands that need a shell', () => {
    expect(() => readDockerfile('FROM node\nADD file .')).toThrow('The instruction "ADD"');
    expect(() => readDockerfile('FROM node\nCMD node main.js')).toThrow(SyntaxError);
  });
});

describe('the Dockerfile', () => {
  const text = readFileSync(new URL('../../Dockerfile', import.meta.url), 'utf8');
  const image = readDockerfile(text).at(-1)!;

  it('begins with an image of an exact version, by its digest', () => {
    expect(text).toMatch(/^FROM node:\d+\.\d+\.\d+-\w+-slim@sha256:[0-9a-f]{64} AS base$/m);
  });

  it('begins with the line of Node that services run on in tests, in the demo and in the benchmark', () => {
    const [line] = RELEASE_LIKE_THE_IMAGE.split('.');
    expect(text).toContain(`\nFROM node:${line}.`);
  });

  it('makes an image that is not root, needs no shell and reports whether it is healthy', () => {
    expect(image.user).toBeGreaterThan(0);
    expect(image.entrypoint).toEqual(['node']);
    expect(image.healthCheck[0]).toBe('node');
    expect(image.steps.every(({ kind }) => kind === 'copy')).toBe(true);
  });
});
