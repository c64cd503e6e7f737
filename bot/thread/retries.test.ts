import { describe, expect, it } from 'vitest'
import { Retries } from './retries.ts'

describe('what Slack did not take', () => {
  it('is tried again after 1, 2, 4 … seconds, and never later than half a minute', () => {
    const { retries } = atNoon()

    const waits = Array.from({ length: 7 }, () => {
      retries.failed('note-3', 'lost')
      return retries.dueAt('note-3') - NOON
    })

    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  })

  it('keeps its place in an outage, and is tried at once when Slack takes anything again', () => {
    const { retries, clock } = atNoon()
    for (const key of ['note-3', 'note-4', 'note-3', 'note-4']) retries.failed(key, 'lost')

    expect(['note-3', 'note-4'].filter((key) => retries.isPassed(key))).toEqual([])
    clock.now += 100
    retries.took('note-4')
    expect(retries.dueAt('note-3')).toBe(0)
  })

  it('is passed by the others once they are taken, and it is still not', () => {
    const { retries, clock } = atNoon()
    retries.failed('note-3', 'lost')
    clock.now += 100
    retries.took('card')
    expect(retries.isPassed('note-3')).toBe(false)
    retries.failed('note-3', 'lost')

    expect(retries.isPassed('note-3')).toBe(true)
    clock.now += 100
    retries.took('note-4')
    expect(retries.dueAt('note-3'), 'what is passed keeps its pause').toBeGreaterThan(clock.now)
  })

  it('is passed at once where Slack refuses it for a reason that can be mended', () => {
    const { retries } = atNoon()
    retries.failed('note-3', 'refused')

    expect(retries.isPassed('note-3')).toBe(true)
  })

  it('is counted, but not put off on its own, when the whole workspace has to pause', () => {
    const { retries } = atNoon()

    expect([retries.failed('note-3', 'rate-limited'), retries.failed('note-3', 'rate-limited')]).toEqual([1, 2])
    expect(retries.dueAt('note-3')).toBe(0)
  })

  it('begins anew once it was taken', () => {
    const { retries, clock } = atNoon()
    retries.failed('note-3', 'refused')
    clock.now += 100
    retries.took('note-3')

    expect(retries.isPassed('note-3')).toBe(false)
    expect(retries.failed('note-3', 'lost')).toBe(1)
  })
})

const NOON = 43_200_000

function atNoon() {
  const clock = { now: NOON }
  return { retries: new Retries(() => clock.now), clock }
}
