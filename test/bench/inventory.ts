/** `npm run bench -- inventory`: how long a search in ten thousand instances takes, and getting their list ready. */
import { type Directory, directoryOf } from '../../bot/instances/directory.ts'
import { mentioned } from '../../bot/instances/mentioned.ts'
import { search } from '../../bot/instances/search.ts'
import { Inventory } from '../../core/record/inventory.ts'
import { manyInstances } from '../helpers/inventory.ts'
import { median, percentile } from './numbers.ts'
import type { Print } from './print.ts'

const INSTANCES = 10_000
/** Of a select in Slack. */
const MOST_OPTIONS = 100
const ROUNDS = 25
const GOAL_MS = 50

/** What is common, what is rare, what is nowhere; by each thing there is, and by several. */
const TYPED = [
  '',
  'w',
  'web',
  'tokyo-0',
  '09999',
  '10.3.',
  '203.0.39.15',
  'stopped bm.',
  'prod blue web',
  'ocid1.',
  'zzz',
]

export async function benchInventory(print: Print): Promise<void> {
  const inventory = manyInstances(INSTANCES)
  const text = JSON.stringify(inventory)
  const ready = () => directoryOf({ inventory: Inventory.parse(JSON.parse(text)), listedAt: new Date() })
  print(`${INSTANCES} instances, ${(text.length / 1e6).toFixed(1)} MB: ready after ${timesOf(ready, 5).median} ms`)
  const directory = ready()
  const worst = TYPED.map((typed) => report(print, directory, typed))
  print(`mentioned in a text of 4 kB: ${timesOf(() => mentioned(directory, alarm())).median} ms`)
  const isMet = Math.max(...worst) <= GOAL_MS
  print(`goal: a search in ${GOAL_MS} ms: ${isMet ? 'met' : 'MISSED'}`, isMet)
}

function report(print: Print, directory: Directory, typed: string): number {
  const found = search(directory, typed, MOST_OPTIONS).length
  const times = timesOf(() => search(directory, typed, MOST_OPTIONS))
  print(`"${typed}": ${times.median} ms, at worst ${times.worst} ms, ${found} found`)
  return Number(times.worst)
}

function timesOf(work: () => unknown, rounds = ROUNDS): { readonly median: string; readonly worst: string } {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  // The worst of all but the first ones, in which the code is not compiled yet: of 25, the 95th percentile.
  return { median: median(times).toFixed(1), worst: percentile(times, 95).toFixed(1) }
}

function alarm(): string {
  return 'CRITICAL: web-fra-00020 (10.6.0.20) does not answer on port 22; see https://status.example.com/a/b. '.repeat(
    40,
  )
}
