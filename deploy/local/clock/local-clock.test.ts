/** The clock, and a program that follows it as ours do: started with what the clock says, and knowing nothing of it. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, it } from 'vitest'
import { type Hindrance, LocalClock } from './local-clock.ts'

const MINUTE = 60_000
const nothing: Hindrance = async () => undefined

let undo = new AsyncDisposableStack()
afterEach(async () => {
  await undo.disposeAsync()
  undo = new AsyncDisposableStack()
})

async function startClock(hindrance: Hindrance = nothing): Promise<LocalClock> {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-clock-'))
  undo.defer(() => rm(directory, { recursive: true, force: true }))
  return undo.use(await LocalClock.start(directory, hindrance))
}

/** Runs `script` with the clock's time; gives what it says, line by line. */
function follow({ environment }: LocalClock, script: string) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  undo.defer(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return { child, exited, line: async () => String((await lines.next()).value) }
}

it('takes a program along: its dates, and what it waits for, but for what is short or was called off', async () => {
  const clock = await startClock()
  const program = follow(
    clock,
    `const late = (word) => console.log(word, Math.round((Date.now() - begun) / 60_000))
     const begun = Date.now()
     setTimeout(late, 30 * 60_000, 'half an hour')
     clearTimeout(setTimeout(late, 20 * 60_000, 'called off'))
     setTimeout(late, 30_000, 'short').unref()
     console.log('begun')`,
  )
  expect(await program.line()).toBe('begun')

  await clock.move(20 * MINUTE)
  await clock.move(10 * MINUTE)

  expect(await program.line()).toBe('half an hour 30')
  expect(await program.exited).toEqual([0, null])
  expect(clock.ahead).toBe(30 * MINUTE)
})

it('has dates that are dates, in a program that is started later', async () => {
  const clock = await startClock()
  await clock.move(60 * MINUTE)
  const program = follow(
    clock,
    `const date = new Date()
     console.log(JSON.stringify([
       date.getTime(), date instanceof Date, date.constructor === Date, new Date(7).getTime(), Date.parse(Date()) > 0,
       new Date(2026, 0, 2).getMonth(), structuredClone(date) instanceof Date, new (class extends Date {})() instanceof Date,
     ]))`,
  )

  const [time, ...rest] = JSON.parse(await program.line())
  expect(Math.abs(time - clock.now())).toBeLessThan(MINUTE)
  expect(rest).toEqual([true, true, 7, true, 0, true, true])
})

it('passes what is due earlier first, as fast as it may', async () => {
  const clock = await startClock()
  const seen: number[] = []
  clock.onMoved(({ ahead }) => seen.push(ahead))

  await Promise.all([clock.move(MINUTE), clock.move(45_000)])

  expect(seen).toEqual([30_000, 60_000, 90_000, 105_000])
})

it('stops as soon as something stands in the way, says what, and goes on when it is asked again', async () => {
  let left = 2
  const clock = await startClock(async () => (left-- > 0 ? undefined : 'R-AAAAAA is at work.'))

  expect(await clock.move(10 * MINUTE)).toBe('R-AAAAAA is at work.')
  expect(clock.ahead).toBe(MINUTE)
  left = 100
  expect(await clock.move(MINUTE)).toBeUndefined()
  expect(clock.ahead).toBe(2 * MINUTE)
})

it('does not wait for a program that has ended', async () => {
  const clock = await startClock()
  const program = follow(clock, `console.log('begun'); setInterval(() => undefined, 1000)`)
  await program.line()
  program.child.kill('SIGKILL')
  await program.exited

  expect(await clock.move(MINUTE)).toBeUndefined()
})
