import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Budget, type Spending } from './budget.ts'

/** Speaks as fast as the budget allows, for `milliseconds` of a clock that only we move. */
function speak(next: (call: number) => Spending, milliseconds: number): readonly number[] {
  let clock = 0
  const budget = new Budget(() => clock)
  const calls: number[] = []
  while (clock < milliseconds) {
    const wait = budget.take(next(calls.length))
    if (wait === 0) calls.push(clock)
    clock += wait
  }
  return calls
}

function most(calls: readonly number[], milliseconds: number): number {
  return Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + milliseconds).length))
}

describe('Budget', () => {
  it('stays under what Slack takes in one channel', () => {
    const calls = speak(() => ({ kind: 'post', channel: 'C1', priority: 'prompt' }), 300_000)

    expect(most(calls, 5000)).toBe(5)
    expect(most(calls, 60_000)).toBeLessThan(60)
    expect(calls.length).toBeGreaterThan(240)
  })

  it('counts files as posts', () => {
    const file = { kind: 'upload', channel: 'C1', isAsked: false } as const
    const post = { kind: 'post', channel: 'C1', priority: 'prompt' } as const
    const calls = speak((call) => (call % 2 === 0 ? post : file), 60_000)

    expect(most(calls, 5000)).toBeLessThanOrEqual(5)
  })

  it('leaves room for gates while consoles talk without end', () => {
    let clock = 0
    const budget = new Budget(() => clock)
    while (budget.take({ kind: 'update', priority: 'tail', rescue: 'R-1' }) === 0) clock += 10

    expect(budget.take({ kind: 'update', priority: 'prompt' })).toBe(0)
  })

  it('leaves room for the pictures that come by themselves while somebody asks for more and more', () => {
    let clock = 0
    const budget = new Budget(() => clock)
    while (budget.take({ kind: 'upload', channel: 'C1', isAsked: true }) === 0) clock += 2000

    expect(budget.take({ kind: 'upload', channel: 'C1', isAsked: false })).toBe(0)
  })

  it('leaves room for gates while other rescues of the channel tell what they do', () => {
    const budget = new Budget(() => 0)
    while (budget.take({ kind: 'post', channel: 'C1', priority: 'note' }) === 0);

    expect(budget.take({ kind: 'post', channel: 'C1', priority: 'prompt' })).toBe(0)
  })

  it('never spends more edits in a minute than are its own', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('tail' as const, 'prompt' as const), { minLength: 1 }), (priorities) => {
        const calls = speak(
          (call) =>
            priorities[call % priorities.length] === 'prompt'
              ? { kind: 'update', priority: 'prompt' }
              : { kind: 'update', priority: 'tail', rescue: 'R-1' },
          130_000,
        )
        expect(most(calls, 60_000)).toBeLessThanOrEqual(48)
      }),
      { numRuns: 20 },
    )
  })

  it('gives each console its turn, also one that always asks after another', () => {
    let clock = 0
    const budget = new Budget(() => clock)
    const edits = new Map([
      ['R-1', 0],
      ['R-2', 0],
      ['R-3', 0],
    ])
    for (; clock < 600_000; clock += 500)
      for (const [rescue, count] of edits)
        if (budget.take({ kind: 'update', priority: 'tail', rescue }) === 0) edits.set(rescue, count + 1)

    const counts = [...edits.values()]
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(Math.min(...counts)).toBeGreaterThan(100)
  })

  it('lets nobody wait for a console that wants no turn any more', () => {
    let clock = 0
    const budget = new Budget(() => clock)
    while (budget.take({ kind: 'update', priority: 'tail', rescue: 'R-1' }) === 0);
    for (clock = 1000; clock < 70_000; clock += 1000)
      if (budget.take({ kind: 'update', priority: 'tail', rescue: 'R-2' }) === 0) break

    expect(clock).toBeLessThan(62_000)
  })

  it('edits one console every 2.5 s, and ten of them every 15 s', () => {
    const budget = new Budget(() => 0)
    budget.sessionIs('R-1', true)
    expect(budget.tailInterval()).toBe(2500)
    for (let rescue = 2; rescue <= 10; rescue += 1) budget.sessionIs(`R-${rescue}`, true)
    expect(budget.tailInterval()).toBe(15_000)
    budget.sessionIs('R-2', false)
    expect(budget.tailInterval()).toBe(13_500)
  })

  it('is silent after a 429 as long as Slack asks, and careful for a minute more', () => {
    let clock = 0
    const budget = new Budget(() => clock)
    budget.pause(7000)

    expect(budget.take({ kind: 'post', channel: 'C1', priority: 'prompt' })).toBe(7000)
    clock = 7000
    expect(budget.take({ kind: 'post', channel: 'C1', priority: 'prompt' })).toBe(0)
    expect(budget.tailInterval()).toBe(5000)
    clock = 67_000
    expect(budget.tailInterval()).toBe(2500)
  })
})
