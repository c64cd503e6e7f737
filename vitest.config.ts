/**
 * The tests by what they need: `quick` nothing but Node and Redis, `journeys` a browser
 * and real machines, which are started one after the other. `boots` and `logins` are more
 * journeys, one for each way in which a machine can be broken: shards of `npm run test:full`.
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
          // Far above what it takes: a busy machine is no failure.
          expect: { poll: { timeout: 30_000 } },
        },
      },
      journeys('journeys', 'test/journeys/*.test.ts', 1),
      journeys('boots', 'test/journeys/boots/*.test.ts', 2),
      journeys('logins', 'test/journeys/logins/*.test.ts', 3),
    ],
  },
})

/** One machine at a time, also where several of these projects run: they wait for each other by their `turn`. */
function journeys(name: string, files: string, turn: number) {
  return {
    test: {
      name,
      include: [files],
      fileParallelism: false,
      sequence: { groupOrder: turn },
      testTimeout: 900_000,
      hookTimeout: 900_000,
    },
  }
}
