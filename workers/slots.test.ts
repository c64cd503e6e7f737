import { expect, it } from 'vitest'
import { Slots } from './slots.ts'

const patient = new AbortController().signal

it('has as many as were given to it', async () => {
  const slots = new Slots(2)

  expect([slots.tryTake(), slots.tryTake(), slots.tryTake()]).toEqual([true, true, false])
  slots.give()
  expect([slots.tryTake(), slots.tryTake()]).toEqual([true, false])
})

it('lets machines that are down go first, and else whoever asked first', async () => {
  const slots = new Slots(1)
  const admitted: string[] = []
  await slots.take('machine-is-up', patient)
  const all = Promise.all(
    (
      [
        ['up 1', 'machine-is-up'],
        ['down 1', 'machine-is-down'],
        ['up 2', 'machine-is-up'],
        ['down 2', 'machine-is-down'],
      ] as const
    ).map(async ([name, urgency]) => {
      await slots.take(urgency, patient)
      admitted.push(name)
      slots.give()
    }),
  )

  slots.give()
  await all

  expect(admitted).toEqual(['down 1', 'down 2', 'up 1', 'up 2'])
})

it('loses no slot to those that stop waiting, not even in the moment of their admission', async () => {
  const slots = new Slots(1)
  await slots.take('machine-is-up', patient)
  const stops = [new AbortController(), new AbortController()]
  const waits = stops.map(({ signal }) => slots.take('machine-is-down', signal).catch(() => 'stopped'))

  stops[1]?.abort(new Error('stopped'))
  slots.give()
  stops[0]?.abort(new Error('stopped'))

  expect((await Promise.all(waits))[1]).toBe('stopped')
  if ((await waits[0]) !== 'stopped') slots.give()
  expect(slots.tryTake()).toBe(true)
  expect(slots.tryTake()).toBe(false)
})
