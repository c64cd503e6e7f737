/** What waits for time that is moved: long waits end when they are due, short ones as ever, and none twice. */
import { expect, it, vi } from 'vitest'
import { MovedTime } from './moved-time.ts'

const MINUTE = 60_000

it('is later by as much as it was moved, and never earlier', () => {
  const time = new MovedTime()
  const before = Date.now()

  time.moveTo(10 * MINUTE)
  time.moveTo(4 * MINUTE)

  expect(time.ahead).toBe(10 * MINUTE)
  expect(time.now()).toBeGreaterThanOrEqual(before + 10 * MINUTE)
  expect(time.now()).toBeLessThanOrEqual(Date.now() + 10 * MINUTE)
})

it('ends long waits when they are due, in their order, each once', async () => {
  const time = new MovedTime()
  const ended: string[] = []
  for (const [name, minutes] of [
    ['hour', 60],
    ['quarter', 15],
    ['half', 30],
  ] as const)
    time.after(minutes * MINUTE, () => ended.push(name))

  time.moveTo(14 * MINUTE)
  await turn()
  expect(ended).toEqual([])
  time.moveTo(31 * MINUTE)
  await vi.waitFor(() => expect(ended).toEqual(['quarter', 'half']))
  time.moveTo(61 * MINUTE)
  time.moveTo(62 * MINUTE)
  await vi.waitFor(() => expect(ended).toEqual(['quarter', 'half', 'hour']))
})

it('leaves alone what is short, and what was called off', async () => {
  const time = new MovedTime()
  const run = vi.fn()
  const short = time.wait(run, 29_000)
  time.callOff(time.wait(run, MINUTE))
  const callOff = time.after(MINUTE, run)
  time.moveTo(50_000)
  callOff()

  time.moveTo(2 * MINUTE)
  await turn()

  expect(run).not.toHaveBeenCalled()
  time.callOff(short)
})

it('runs nothing before whoever moved it has gone on', async () => {
  const time = new MovedTime()
  const order: string[] = []
  time.after(MINUTE, () => order.push('due'))
  time.moveTo(MINUTE)
  order.push('moved')

  await vi.waitFor(() => expect(order).toEqual(['moved', 'due']))
})

/** All that was due has ended. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}
