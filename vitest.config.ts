import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Its tests run against servers that the run starts; services get the time that they need on a busy machine. */
const withServers = {
  globalSetup: ['test/stack.setup.ts'],
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // What is polled for comes within seconds, on a machine that does much else within tens of them.
  expect: { poll: { timeout: 60_000 } },
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

/**
 * Files that wait for most of their time: for a session, a lease or a connection to end. Five of them keep two cores as
 * busy as two of the others. The longest first: begun last, one of them would end alone.
 */
const waiting = [
  'guarantees/redis-as-managed',
  'guarantees/tags-are-exact',
  'guarantees/standstill-is-seen',
  'webhooks',
  'guarantees/three-brokers',
  'guarantees/silent-kafka',
  'logs',
  'guarantees/half-open-postgresql',
  'guarantees/clocks',
];

/** Of the others those that take a minute or more, in the same order. */
const working = [
  'guarantees/crash-anywhere',
  'dashboard-page',
  'guarantees/fail-over',
  'tags-page',
  'rebuild',
  'guarantees/frozen-replicas',
];

const longest = [...waiting, ...working];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const others = await super.sort(files);
    return others.toSorted((one, other) => place(one) - place(other));
  }
}

function place({ moduleId }: TestSpecification): number {
  const found = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.spec.ts`));
  return found === -1 ? longest.length : found;
}

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    // A file with its servers and services keeps a core busy. A third at a time took as long, and all were slower.
    maxWorkers: 2,
    // The files of a worker share what they import: loading it again for each was half of the unit tests' time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    tags: [
      { name: 'short', description: 'Part of `npm test`: the chapters, and the short test of each promise.' },
    ],
    projects: [
      {
        extends: true,
        // Drawn examples take a while on a machine that does much else: a limit for what hangs, not for what is slow.
        test: {
          name: 'unit',
          include: [
            'apps/**/*.spec.ts',
            'libs/**/*.spec.ts',
            'dashboard/**/*.spec.ts',
            'ops/**/*.spec.ts',
            'dev/**/*.spec.ts',
          ],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/bi/**', 'test/deploy/**'],
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
        test: {
          name: 'waiting',
          include: waiting.map((name) => `test/${name}.spec.ts`),
          maxWorkers: 5,
          sequence: { groupOrder: 0 },
          ...withServers,
        },
      },
      {
        extends: true,
        test: {
          name: 'working',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/bi/**', 'test/deploy/**', ...waiting.map((name) => `test/${name}.spec.ts`)],
          sequence: { groupOrder: 1 },
          ...withServers,
        },
      },
      {
        extends: true,
        // The first run on a machine installs Superset.
        test: { name: 'bi', include: ['test/bi/**/*.spec.ts'], ...withServers, hookTimeout: 900_000 },
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
