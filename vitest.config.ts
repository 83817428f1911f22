import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // Tests against servers wait more than they work: two files at a time, also on two cores.
    maxWorkers: 2,
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
          globalSetup: ['test/stack.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A page that shares two cores with servers takes its time.
          expect: { poll: { timeout: 10_000 } },
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
