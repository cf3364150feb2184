import { defineConfig } from 'vitest/config';

/**
 * The tests of the harness itself. The suites are not here: `harness/cli/suites.ts` starts them, with a cluster to judge.
 *
 * `unit` needs nothing but Node; `cluster` the cluster named by STEADFAST_KUBECONFIG and STEADFAST_CONTEXT; `browser` a Chromium.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['harness/**/*.test.ts', 'suites/**/*.test.ts'],
          exclude: ['**/*.cluster.test.ts', '**/*.browser.test.ts'],
          // They keep nothing in their modules: a worker of its own for each file would take three times as long.
          isolate: false,
          // None of them takes a second by itself; but they may run beside a compiler on two cores.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['harness/**/*.cluster.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Some of them restart the API server or count what is in the cluster: they would disturb one another.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['harness/**/*.browser.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
