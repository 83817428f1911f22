import { defineConfig } from 'vitest/config';

/** Tests that share a stack of servers, one file after the other. */
const againstServers = {
  globalSetup: ['test/stack.setup.ts'],
  fileParallelism: false,
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['apps/**/*.spec.ts', 'libs/**/*.spec.ts', 'tools/**/*.spec.ts'] },
      },
      {
        extends: true,
        test: {
          ...againstServers,
          name: 'e2e',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/guarantees/**'],
        },
      },
      {
        extends: true,
        test: {
          ...againstServers,
          name: 'guarantees',
          include: ['test/guarantees/**/*.spec.ts'],
        },
      },
    ],
  },
});
