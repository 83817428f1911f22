import { defineConfig } from 'vitest/config';

/** Its tests run against servers that the run starts; services get the time that they need on a busy machine. */
const withServers = {
  globalSetup: ['test/stack.setup.ts'],
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A page that shares two cores with servers takes its time.
  expect: { poll: { timeout: 10_000 } },
};

/** The files that hold the promises of docs/guarantees.md, in their order. */
const promises = [
  'nothing-is-lost',
  'nothing-counts-twice',
  'order-of-arrival',
  'corrections-count',
  'crash-anywhere',
  'one-bad-message',
  'down-is-not-bad',
  'stuck-is-seen',
  'clean-stop',
  'tags-are-exact',
];

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // Tests against servers wait about as long as they work. More files at a time than this make two cores late.
    maxWorkers: 2,
    tags: [
      { name: 'short', description: 'Part of `npm test`: the chapters, and the short test of each promise.' },
    ],
    projects: [
      {
        extends: true,
        // Drawn examples take a while on a machine that does much else.
        test: {
          name: 'unit',
          include: [
            'apps/**/*.spec.ts',
            'libs/**/*.spec.ts',
            'dashboard/**/*.spec.ts',
            'ops/**/*.spec.ts',
            'dev/**/*.spec.ts',
          ],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/deploy/**'],
          ...withServers,
        },
      },
      {
        extends: true,
        test: {
          name: 'short',
          include: ['test/chapters/*.spec.ts', ...promises.map((name) => `test/guarantees/${name}.spec.ts`)],
          ...withServers,
        },
      },
      {
        extends: true,
        // The first run on a machine builds the tools.
        test: {
          name: 'deploy',
          include: ['test/deploy/**/*.spec.ts'],
          testTimeout: 60_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
