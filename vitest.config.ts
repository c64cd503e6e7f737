/**
 * The tests by what they need: `quick` nothing but Node and Redis, `journeys` a browser
 * and real machines, which are started one after the other.
 */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Most of what the quick ones do is wait for the silences of a line: more of them than there are cores.
    maxWorkers: 4,
    projects: [
      {
        test: {
          name: 'quick',
          include: ['{bot,core,workers,deploy}/**/*.test.ts', 'test/{contracts,smoke}/**/*.test.ts', 'test/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['test/journeys/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
