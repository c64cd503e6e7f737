import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import { Allowances, LIVE_MS } from '../../core/store/allowances.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { budgetKey } from '../../core/store/keys.ts'
import { startRedis, type TestRedis } from '../../test/helpers/redis.ts'
import { Budget, SESSION_RENEWAL_MS, type Spending } from './budget.ts'

let server: TestRedis
let redis: Redis
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  server = parts.use(await startRedis(['--appendonly', 'no']))
  redis = connectRedis(server.url, { name: 'test', retries: 2 })
  parts.defer(() => redis.disconnect())
})
afterAll(() => parts.disposeAsync())

/** What the bots of a workspace share that no other test uses, on a clock that only the test moves. */
function workspace(now: () => number, team = newTicket()) {
  return { team, bot: () => new Budget(new Allowances(redis, team, now), now) }
}

/** Speaks as fast as the budget allows, for `milliseconds` of a clock that only we move. */
async function speak(next: (call: number) => Spending, milliseconds: number): Promise<readonly number[]> {
  let clock = 0
  const budget = workspace(() => clock).bot()
  const calls: number[] = []
  while (clock < milliseconds) {
    const wait = await budget.take(next(calls.length))
    if (wait === 0) calls.push(clock)
    clock += wait
  }
  return calls
}

function most(calls: readonly number[], milliseconds: number): number {
  return Math.max(...calls.map((from) => calls.filter((at) => at >= from && at < from + milliseconds).length))
}

describe('Budget', () => {
  it('stays under what Slack takes in one channel', async () => {
    const calls = await speak(() => ({ kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' }), 300_000)

    expect(most(calls, 5000)).toBe(5)
    expect(most(calls, 60_000)).toBeLessThan(60)
    expect(calls.length).toBeGreaterThan(240)
  })

  it('counts files as posts', async () => {
    const file = { kind: 'upload', channel: 'C1', priority: 'note' } as const
    const post = { kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' } as const
    const calls = await speak((call) => (call % 2 === 0 ? post : file), 60_000)

    expect(most(calls, 5000)).toBeLessThanOrEqual(5)
  })

  it('gives each of many rescues that begin in one channel its turn, also beside one that always asks first', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    const rescues = ['R-1', ...Array.from({ length: 19 }, (_, index) => `R-${index + 2}`)]
    const served = new Set<string>()
    const calls: number[] = []
    const post = async (rescue: string) => {
      const isPosted = (await budget.take({ kind: 'post', channel: 'C1', priority: 'prompt', rescue })) === 0
      if (isPosted) calls.push(clock)
      return isPosted
    }
    for (; clock < 60_000 && served.size < rescues.length; clock += 250) {
      while (await post('R-1')) served.add('R-1')
      for (const rescue of rescues) if (!served.has(rescue) && (await post(rescue))) served.add(rescue)
    }

    expect(served.size).toBe(rescues.length)
    expect(clock).toBeLessThan(35_000)
    expect(most(calls, 5000)).toBeLessThanOrEqual(5)
    // Another channel waits for none of them.
    expect(await budget.take({ kind: 'post', channel: 'C2', priority: 'prompt', rescue: 'R-1' })).toBe(0)
  })

  it('leaves room for gates while consoles talk without end', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    while ((await budget.take({ kind: 'update', priority: 'tail', rescue: 'R-1' })) === 0) clock += 10

    expect(await budget.take({ kind: 'update', priority: 'prompt' })).toBe(0)
  })

  it('leaves room for the pictures that come by themselves while somebody asks for more and more', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    while ((await budget.take({ kind: 'upload', channel: 'C1', priority: 'asked' })) === 0) clock += 2000

    expect(await budget.take({ kind: 'upload', channel: 'C1', priority: 'note' })).toBe(0)
  })

  it('lets the file that belongs to a gate go, however many recordings were sent in that minute', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    while ((await budget.take({ kind: 'upload', channel: 'C1', priority: 'note' })) === 0) clock += 2000
    expect(clock).toBeLessThan(60_000)

    expect(await budget.take({ kind: 'upload', channel: 'C1', priority: 'prompt' })).toBe(0)
  })

  it('leaves room for gates while other rescues of the channel tell what they do', async () => {
    const budget = workspace(() => 0).bot()
    while ((await budget.take({ kind: 'post', channel: 'C1', priority: 'note', rescue: 'R-1' })) === 0);

    expect(await budget.take({ kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' })).toBe(0)
  })

  it('never spends more edits in a minute than are its own', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('tail' as const, 'prompt' as const), { minLength: 1 }),
        async (priorities) => {
          const calls = await speak(
            (call) =>
              priorities[call % priorities.length] === 'prompt'
                ? { kind: 'update', priority: 'prompt' }
                : { kind: 'update', priority: 'tail', rescue: 'R-1' },
            130_000,
          )
          expect(most(calls, 60_000)).toBeLessThanOrEqual(48)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('gives each console its turn, also one that always asks after another', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    const edits = new Map([
      ['R-1', 0],
      ['R-2', 0],
      ['R-3', 0],
    ])
    for (; clock < 600_000; clock += 500)
      for (const [rescue, count] of edits)
        if ((await budget.take({ kind: 'update', priority: 'tail', rescue })) === 0) edits.set(rescue, count + 1)

    const counts = [...edits.values()]
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(Math.min(...counts)).toBeGreaterThan(100)
  })

  it('lets nobody wait for a console that wants no turn any more', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    while ((await budget.take({ kind: 'update', priority: 'tail', rescue: 'R-1' })) === 0);
    for (clock = 1000; clock < 70_000; clock += 1000)
      if ((await budget.take({ kind: 'update', priority: 'tail', rescue: 'R-2' })) === 0) break

    expect(clock).toBeLessThan(62_000)
  })

  it('edits one console every 2.5 s, and ten of them every 14 s', async () => {
    const budget = workspace(() => 0).bot()
    await budget.sessionIs('R-1', true)
    expect(budget.tailInterval()).toBe(2500)
    for (let rescue = 2; rescue <= 10; rescue += 1) await budget.sessionIs(`R-${rescue}`, true)
    expect(budget.tailInterval()).toBe(14_000)
    await budget.sessionIs('R-2', false)
    expect(budget.tailInterval()).toBe(12_600)
  })

  it('is silent after a 429 as long as Slack asks, and careful for a minute more', async () => {
    let clock = 0
    const budget = workspace(() => clock).bot()
    await budget.pause(7000)

    expect(await budget.take({ kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' })).toBe(7000)
    clock = 7000
    expect(await budget.take({ kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' })).toBe(0)
    expect(budget.tailInterval()).toBe(5000)
    clock = 67_000
    expect(budget.tailInterval()).toBe(2500)
  })
})

const PROMPT = { kind: 'update', priority: 'prompt' } as const
const tailOf = (rescue: string) => ({ kind: 'update', priority: 'tail', rescue }) as const

describe('the budgets of two bots', () => {
  it('are one: together they never spend more than there is', async () => {
    let clock = 0
    const { bot } = workspace(() => clock)
    const bots = [bot(), bot()]
    const edits: number[] = []
    const posts: number[] = []
    for (; clock < 130_000; clock += 100) {
      const answers = bots.map(async (budget, index) => {
        if ((await budget.take(PROMPT)) === 0) edits.push(clock)
        if (
          (await budget.take({
            kind: 'post',
            channel: 'C1',
            priority: index === 0 ? 'prompt' : 'note',
            rescue: `R-${index}`,
          })) === 0
        )
          posts.push(clock)
      })
      await Promise.all(answers)
    }

    expect(most(edits, 60_000)).toBe(48)
    expect(most(posts, 5000)).toBe(5)
    expect(most(posts, 60_000)).toBe(54)
  })

  it('spend no call twice when both ask at one moment', async () => {
    const { bot } = workspace(() => 0)
    const answers = await Promise.all(
      [bot(), bot()].flatMap((budget) => Array.from({ length: 40 }, () => budget.take(PROMPT))),
    )

    expect(answers.filter((wait) => wait === 0)).toHaveLength(48)
  })

  it('leave room for the gates of one while the consoles of the other talk without end', async () => {
    let clock = 0
    const { bot } = workspace(() => clock)
    const talking = bot()
    while ((await talking.take(tailOf('R-1'))) === 0) clock += 10

    expect(await bot().take(PROMPT)).toBe(0)
  })

  it('give each console its turn, whichever bot keeps it', async () => {
    let clock = 0
    const { bot } = workspace(() => clock)
    const [one, other] = [bot(), bot()]
    const consoles = [
      { budget: one, rescue: 'R-1', edits: 0 },
      { budget: one, rescue: 'R-2', edits: 0 },
      { budget: other, rescue: 'R-3', edits: 0 },
    ]
    for (; clock < 600_000; clock += 500)
      for (const console of consoles) if ((await console.budget.take(tailOf(console.rescue))) === 0) console.edits += 1

    const counts = consoles.map(({ edits }) => edits)
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    expect(Math.min(...counts)).toBeGreaterThan(100)
  })

  it('make the consoles of both slower, until a bot that died with live ones is forgotten', async () => {
    let clock = 0
    const { bot } = workspace(() => clock)
    const [dying, staying] = [bot(), bot()]
    for (let rescue = 1; rescue <= 9; rescue += 1) await dying.sessionIs(`R-${rescue}`, true)
    await staying.sessionIs('R-10', true)
    expect(staying.tailInterval()).toBe(14_000)

    for (; clock <= LIVE_MS; clock += SESSION_RENEWAL_MS) await staying.sessionIs('R-10', true)

    expect(staying.tailInterval()).toBe(2500)
  })

  it('hear of a pause that Slack has asked the other for', async () => {
    let clock = 0
    const { bot } = workspace(() => clock)
    const [told, hearing] = [bot(), bot()]
    await told.pause(7000)

    expect(await hearing.take(PROMPT)).toBe(7000)
    expect(hearing.tailInterval()).toBe(5000)
    clock = 7000
    expect(await hearing.take(PROMPT)).toBe(0)
  })

  it('are those of one workspace', async () => {
    const { bot } = workspace(() => 0)
    await bot().pause(7000)

    expect(
      await workspace(() => 0)
        .bot()
        .take(PROMPT),
    ).toBe(0)
  })
})

describe('what is shared', () => {
  it('goes by the clock of Redis, and is gone some time after it was used', async () => {
    const team = newTicket()
    const budget = new Budget(new Allowances(redis, team), () => performance.now())
    await budget.sessionIs('R-1', true)
    while ((await budget.take(tailOf('R-1'))) === 0);
    await budget.take({ kind: 'post', channel: 'C1', priority: 'prompt', rescue: 'R-1' })
    await budget.take({ kind: 'upload', channel: 'C1', priority: 'asked' })
    await budget.pause(1000)

    const keys = await redis.keys(budgetKey(team, '*'))
    const lives = await Promise.all(keys.map((key) => redis.pttl(key)))
    expect(keys).toHaveLength(7)
    expect(Math.min(...lives)).toBeGreaterThan(0)
    expect(Math.max(...lives)).toBeLessThan(200_000)
  })

  it('silences nobody for longer when the clock of Redis is set back', async () => {
    let clock = 3_600_000
    const { team, bot } = workspace(() => clock)
    await bot().pause(7000)
    clock = 0
    const after = new Budget(new Allowances(redis, team, () => clock), () => clock)

    expect(await after.take(PROMPT)).toBe(7000)
    clock = 7000
    expect(await after.take(PROMPT)).toBe(0)
  })

  it('is asked for again only when it is worth it', async () => {
    let clock = 0
    let questions = 0
    const { team } = workspace(() => clock)
    const allowances = new Allowances(redis, team, () => {
      questions += 1
      return clock
    })
    const budget = new Budget(allowances, () => clock)
    while ((await budget.take(tailOf('R-1'))) === 0);
    questions = 0
    for (; clock < 10_000; clock += 100) await budget.take(tailOf('R-1'))

    expect(questions).toBeLessThanOrEqual(10)
  })

  it('lets nobody speak when Redis does not answer, and says so', async () => {
    await using frozen = await startRedis(['--appendonly', 'no'])
    const connection = connectRedis(frozen.url, { name: 'test', retries: 2 })
    const budget = new Budget(new Allowances(connection, 'T1'), () => performance.now())
    expect(await budget.take(PROMPT)).toBe(0)
    frozen.freeze()

    const asked = expect(budget.take(PROMPT)).rejects.toMatchObject({ code: 'store-unreachable' })
    await Promise.all([asked, budget.pause(3_600_000)])
    expect(await budget.take(PROMPT)).toBeGreaterThan(3_000_000)
    connection.disconnect()
  })
})
