import { expect, it } from 'vitest'
import { leaveToAct } from './act-only-with-leave.ts'

const signal = AbortSignal.timeout(60_000)

it('asks again when the answer is old by the time it is there: the process was frozen', async () => {
  const clock = [0, 60_000, 60_000, 60_005]
  let asked = 0

  await leaveToAct(
    async () => {
      asked += 1
    },
    signal,
    () => clock.shift() ?? Number.NaN,
  )

  expect(asked).toBe(2)
})

it('does not give leave when the second answer is no', async () => {
  const clock = [0, 60_000, 60_000]
  const answers = [() => undefined, () => Promise.reject(new Error('fenced-off'))]

  const leave = leaveToAct(
    async () => answers.shift()?.(),
    signal,
    () => clock.shift() ?? Number.NaN,
  )

  await expect(leave).rejects.toThrow('fenced-off')
})

it('does not give leave to somebody who was stopped while asking', async () => {
  const stop = new AbortController()

  const leave = leaveToAct(async () => stop.abort(new Error('stopped')), stop.signal)

  await expect(leave).rejects.toThrow('stopped')
})
