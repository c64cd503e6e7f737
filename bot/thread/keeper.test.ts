/** The keeper against a Slack that loses answers, is too busy, or has lost a message: a real HTTP server with four methods. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Policy } from '../../core/approvals/policy.ts'
import { catalogues } from '../../core/i18n/catalogue.ts'
import type { RescueEvent } from '../../core/record/events.ts'
import { planHash } from '../../core/record/plan.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'
import { Allowances } from '../../core/store/allowances.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { RedisEventLog } from '../../core/store/event-log.ts'
import { Posts } from '../../core/store/posts.ts'
import { listed } from '../../test/helpers/policy.ts'
import { makePublicKey } from '../../test/helpers/public-keys.ts'
import { startRedis } from '../../test/helpers/redis.ts'
import { RIYA, requested, requestPlan, STOPPED } from '../../test/helpers/thread-events.ts'
import { streamingClient } from '../app.ts'
import { type Answer, Poster } from '../slack/poster.ts'
import { Budget } from './budget.ts'
import { Keeper, type KeeperEnd, type KeeperParts } from './keeper.ts'
import { rescueOfThread } from './whose-thread.ts'

type Mood =
  | 'good'
  | 'takes it and says nothing'
  | 'too many'
  | 'gone'
  | 'not in channel'
  /** By something that stands between Slack and us. */
  | 'forbidden'
  | 'shows a page'
  | 'breaks off'

interface Metadata {
  readonly event_type: string
  readonly event_payload: { readonly rescue: string; readonly key: string; readonly seq: number }
}

interface Stored {
  readonly ts: string
  readonly key: string
  readonly metadata: Metadata
  readonly text: string
  readonly channel: string | null
}

/** Answers `mood(method, nth call of it, key of the post)`; stores posts in the order they came. */
async function fickleSlack(mood: (method: string, call: number, key: string) => Mood) {
  const messages: Stored[] = []
  const edits: string[] = []
  const calls: string[] = []
  const server = createServer(async (request, response) => {
    const method = (request.url ?? '').replace('/api/', '')
    calls.push(method)
    const given = new URLSearchParams(Buffer.concat(await Array.fromAsync(request)).toString())
    const key = method === 'chat.postMessage' ? metadataOf(given).key : ''
    const how = mood(method, calls.filter((one) => one === method).length, key)
    if (how === 'forbidden') return response.writeHead(403).end()
    if (how === 'shows a page') return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>')
    if (how === 'breaks off') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"ok":')
      return response.destroy()
    }
    if (how === 'too many') return response.writeHead(429, { 'retry-after': '1' }).end()
    if (how === 'gone') return reply(response, { ok: false, error: 'message_not_found' })
    if (how === 'not in channel') return reply(response, { ok: false, error: 'not_in_channel' })
    if (method === 'conversations.history' || method === 'conversations.replies')
      return reply(response, { ok: true, messages: messages.map(({ ts, metadata }) => ({ ts, metadata })) })
    const ts = `1700000000.${String(messages.length).padStart(6, '0')}`
    if (method === 'chat.postMessage')
      messages.push({ ts, ...metadataOf(given), text: given.get('text') ?? '', channel: given.get('channel') })
    if (method === 'chat.update') edits.push(given.get('text') ?? '')
    if (how === 'takes it and says nothing') return response.destroy()
    return reply(response, { ok: true, ts })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  return {
    messages,
    edits,
    calls,
    apiUrl: `http://127.0.0.1:${port}/api/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function reply(response: ServerResponse, body: unknown) {
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Slack gives it back as it got it. */
function metadataOf(given: URLSearchParams): Pick<Stored, 'key' | 'metadata'> {
  const metadata: Metadata = JSON.parse(given.get('metadata') ?? '')
  return { key: metadata.event_payload.key, metadata }
}

let log: RedisEventLog
let notes: Posts
let connection: Redis
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  const redis = parts.use(await startRedis())
  connection = connectRedis(redis.url, { name: 'test', retries: 2 })
  parts.defer(() => connection.disconnect())
  log = parts.use(new RedisEventLog(connection))
  notes = new Posts(connection)
})
afterAll(() => parts.disposeAsync())

const now = () => performance.now()

/** One that no other test uses. */
function budgetOf(team: string): Budget {
  return new Budget(new Allowances(connection, team), now)
}

function posterTo(apiUrl: string): Poster {
  return new Poster(streamingClient({ apiUrl, botToken: 'xoxb-1', appToken: 'xapp-1' }, pino({ level: 'silent' })))
}

interface Circumstances {
  readonly signal?: AbortSignal
  readonly date?: () => Date
  readonly policy?: Policy
}

async function keep(
  apiUrl: string,
  rescue: string,
  { signal = AbortSignal.timeout(20_000), date = () => new Date(), policy = listed({}) }: Circumstances = {},
  more: Partial<KeeperParts> = {},
): Promise<KeeperEnd> {
  const voice = { text: catalogues.en, policy, commandPrefix: '!' }
  return await Keeper.keep(
    {
      log,
      notes,
      passwords: { take: async () => undefined, drop: async () => undefined },
      carried: new Map(),
      poster: posterTo(apiUrl),
      budget: budgetOf(rescue),
      date,
      gatekeeper: { isNeeded: () => false, attend: async () => undefined },
      voices: { in: () => voice, of: async () => voice },
      now,
      uploadOf: () => Promise.reject(new Error('nothing is uploaded here')),
      onTrouble: () => undefined,
      ...more,
    },
    rescue,
    () => undefined,
    signal,
  )
}

async function write(rescue: string, events: readonly RescueEvent[]): Promise<void> {
  const writer = new RescueLog(log, rescue, () => new Date())
  for (const event of events) await writer.record({ actor: RIYA, epoch: null }, () => event)
}

function consoleIn(phase: 'bootloader' | 'shell', row: string): readonly RescueEvent[] {
  return [
    { type: 'phase-began', phase },
    { type: 'console', scrolled: [], rows: [row] },
  ]
}

const story = [requested(makePublicKey('x').line), { type: 'stop-requested' }, STOPPED] as const

describe('a thread', () => {
  it('is complete, in the order of the log', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAA1', story)

    expect(await keep(slack.apiUrl, 'R-AAAAA1')).toEqual({ kind: 'complete' })

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'note-2', 'result'])
  })

  it('has no message twice when the answer to a post was lost', async () => {
    await using slack = await fickleSlack((method, call) =>
      method === 'chat.postMessage' && call <= 2 ? 'takes it and says nothing' : 'good',
    )
    await write('R-AAAAA2', story)

    expect(await keep(slack.apiUrl, 'R-AAAAA2')).toEqual({ kind: 'complete' })

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'note-2', 'result'])
    expect(slack.calls).toContain('conversations.history')
    expect(slack.calls).toContain('conversations.replies')
  })

  it('has no message twice when the bot has died over a post, and its log has grown before the next one looks', async () => {
    const stopping = new AbortController()
    await using slack = await fickleSlack((method, call) => {
      if (method !== 'chat.postMessage' || call !== 2) return 'good'
      stopping.abort(new Error('killed'))
      return 'takes it and says nothing'
    })
    const [begin, stop, end] = story
    await write('R-AAAAAH', [begin, stop])
    await expect(keep(slack.apiUrl, 'R-AAAAAH', { signal: stopping.signal })).rejects.toThrow('killed')
    await write('R-AAAAAH', [end])

    expect(await keep(slack.apiUrl, 'R-AAAAAH')).toEqual({ kind: 'complete' })

    const rescue = 'R-AAAAAH'
    expect(slack.messages.map(({ metadata }) => metadata.event_payload)).toEqual([
      { rescue, key: 'card', seq: 2 },
      { rescue, key: 'note-2', seq: 2 },
      { rescue, key: 'result', seq: 3 },
    ])
    expect(slack.calls).toContain('conversations.replies')
  })

  it('takes a page of something between, and an answer that breaks off, for none', async () => {
    const moods = ['shows a page', 'breaks off', 'good'] as const
    await using slack = await fickleSlack((method, call) =>
      method === 'chat.postMessage' ? (moods[call - 1] ?? 'good') : 'good',
    )
    await write('R-AAAAAM', story)

    expect(await keep(slack.apiUrl, 'R-AAAAAM')).toEqual({ kind: 'complete' })

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'note-2', 'result'])
  })

  it('goes on behind a message that is not taken while others are, and has that one, too, in the end', async () => {
    let isHealed = false
    await using slack = await fickleSlack((_, __, key) => (key === 'note-2' && !isHealed ? 'forbidden' : 'good'))
    await write('R-AAAAAJ', story.slice(0, 2))
    const keeping = keep(slack.apiUrl, 'R-AAAAAJ')
    await until(() => slack.calls.filter((method) => method === 'chat.postMessage').length >= 2)
    await write('R-AAAAAJ', [STOPPED])

    await until(() => slack.messages.some(({ key }) => key === 'result'))
    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'result'])
    isHealed = true

    expect(await keeping).toEqual({ kind: 'complete' })
    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'result', 'note-2'])
  })

  it('has all messages once the bot, which was put out of its channel, is in it again', async () => {
    let isOut = false
    await using slack = await fickleSlack((method) => (isOut && method.startsWith('chat.') ? 'not in channel' : 'good'))
    await write('R-AAAAAK', story.slice(0, 1))
    const keeping = keep(slack.apiUrl, 'R-AAAAAK')
    await until(() => slack.messages.length === 1)
    isOut = true
    await write('R-AAAAAK', story.slice(1))
    await until(() => slack.calls.filter((method) => method === 'chat.postMessage').length >= 4)
    isOut = false

    expect(await keeping).toEqual({ kind: 'complete' })
    expect(slack.messages.map(({ key }) => key).toSorted()).toEqual(['card', 'note-2', 'result'])
    expect(slack.edits.at(-1)).toMatch(/stopped/i)
  })

  it('waits as long as Slack asks, and then loses nothing', async () => {
    await using slack = await fickleSlack((method, call) =>
      method === 'chat.postMessage' && call === 2 ? 'too many' : 'good',
    )
    await write('R-AAAAA3', story)

    expect(await keep(slack.apiUrl, 'R-AAAAA3')).toEqual({ kind: 'complete' })

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'note-2', 'result'])
    expect(slack.calls).not.toContain('conversations.replies')
  })

  it('has no private message twice when its answer was lost, and Slack is busy before it can be looked for', async () => {
    await using slack = await fickleSlack((method, call, key) => {
      if (method === 'conversations.open' && call === 2) return 'too many'
      const isFirst = slack.messages.every((one) => one.key !== 'console-commands')
      return key === 'console-commands' && isFirst ? 'takes it and says nothing' : 'good'
    })
    const handedOut: RescueEvent = {
      type: 'console-handed-out',
      ...{ connectionString: 'ssh', vncConnectionString: 'ssh', hostKeyFingerprint: 'SHA256:x' },
      until: new Date(Date.now() + 3_600_000).toISOString(),
    }
    await write('R-AAAAAN', [story[0], handedOut, STOPPED])

    expect(await keep(slack.apiUrl, 'R-AAAAAN')).toEqual({ kind: 'complete' })

    expect(slack.calls.filter((method) => method === 'conversations.open').length).toBeGreaterThan(2)
    expect(slack.messages.filter(({ key }) => key === 'console-commands')).toHaveLength(1)
  })

  it('can not be begun where the bot was not invited', async () => {
    await using slack = await fickleSlack(() => 'not in channel')
    await write('R-AAAAA4', story)

    expect(await keep(slack.apiUrl, 'R-AAAAA4')).toEqual({ kind: 'no-card', error: 'not_in_channel' })
  })

  it('gets a new console message when somebody deleted the old one', async () => {
    await using slack = await fickleSlack((method, call) => (method === 'chat.update' && call <= 2 ? 'gone' : 'good'))
    const show = (row: string): RescueEvent => ({ type: 'console', scrolled: [], rows: [row] })
    await write('R-AAAAA5', [story[0], { type: 'phase-began', phase: 'bootloader' }, show('one')])
    const stopping = new AbortController()
    const keeping = keep(slack.apiUrl, 'R-AAAAA5', { signal: stopping.signal })
    await until(() => slack.messages.length === 2)
    await write('R-AAAAA5', [show('two')])
    await until(() => slack.messages.filter(({ key }) => key === 'console-3').length === 2)

    stopping.abort(new Error('enough'))
    await expect(keeping).rejects.toThrow('enough')
  })

  it('says on its card how it ended at once, before the recording is uploaded', async () => {
    await using slack = await fickleSlack(() => 'good')
    const shown: RescueEvent = { type: 'console', scrolled: [], rows: ['login:'] }
    await write('R-AAAAA9', [story[0], { type: 'phase-began', phase: 'boot' }, shown])
    const uploadOf = async () => {
      throw new Error(`uploaded after ${slack.edits.length} edits`)
    }
    const keeping = keep(slack.apiUrl, 'R-AAAAA9', {}, { uploadOf })
    await until(() => slack.messages.length === 2)
    await write('R-AAAAA9', [STOPPED])

    await expect(keeping).rejects.toThrow(/^uploaded after [1-9]/)
    expect(slack.edits[0]).toMatch(/stopped/i)
  })

  it('says in one message what comes in one breath, and lets nobody wait for the end of it', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAAC', [story[0]])
    let clock = 0
    const stopping = new AbortController()
    const keeping = keep(slack.apiUrl, 'R-AAAAAC', { signal: stopping.signal }, { now: () => clock })
    await until(() => slack.messages.length === 1)

    await write('R-AAAAAC', [{ type: 'noticed', code: 'connection-active', details: {} }])
    await sleep(200)
    await write('R-AAAAAC', [{ type: 'noticed', code: 'shell-reached', details: {} }])
    await sleep(200)
    expect(slack.messages).toHaveLength(1)
    clock = 1000
    await until(() => slack.messages.length === 2)
    await write('R-AAAAAC', [{ type: 'stop-requested' }, ...consoleIn('bootloader', 'GRUB')])
    await until(() => slack.messages.length === 4)

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'note-2', 'note-4', 'console-6'])
    expect(slack.edits.filter((text) => text.includes('shell'))).toEqual([])
    stopping.abort(new Error('enough'))
    await expect(keeping).rejects.toThrow('enough')
  })

  it('says on its card what people decide at once, and what goes on when it is time', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAAD', [story[0]])
    const stopping = new AbortController()
    const keeping = keep(slack.apiUrl, 'R-AAAAAD', { signal: stopping.signal }, { now: () => 0 })
    await until(() => slack.messages.length === 1)

    await write('R-AAAAAD', [{ type: 'phase-began', phase: 'find' }])
    await sleep(200)
    expect(slack.edits).toEqual([])
    await write('R-AAAAAD', [{ type: 'stop-requested' }])
    await until(() => slack.edits.length === 1)

    expect(slack.edits[0]).toContain(catalogues.en.thread.state.stopping)
    stopping.abort(new Error('enough'))
    await expect(keeping).rejects.toThrow('enough')
  })

  it('shows what the console says before what it said last in a part that is over', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAAE', [story[0], ...consoleIn('bootloader', 'one')])
    /** A bot that may edit consoles so many times, at work for a while. */
    const botWith = async (edits: number, isDone: () => Promise<void>) => {
      const budget = budgetOf(`R-AAAAAE-${edits}`)
      const others: (() => Promise<number>)[] = Array.from(
        { length: 43 - edits },
        () => () => budget.take({ kind: 'update', priority: 'tail', rescue: 'R-OTHER1' }),
      )
      for (const take of others) expect(await take()).toBe(0)
      const stopping = new AbortController()
      const keeping = keep(slack.apiUrl, 'R-AAAAAE', { signal: stopping.signal }, { budget })
      const stopped = expect(keeping).rejects.toThrow('enough')
      await isDone()
      stopping.abort(new Error('enough'))
      await stopped
    }

    await botWith(0, async () => {
      await until(() => slack.messages.length === 2)
      await write('R-AAAAAE', [...consoleIn('bootloader', 'two'), ...consoleIn('shell', 'three')])
      await until(() => slack.messages.length === 3)
      await write('R-AAAAAE', consoleIn('shell', 'four'))
      // The card's: nothing but consoles is left to be edited.
      await until(() => slack.edits.length === 1)
    })
    const isConsole = (text: string) => text.startsWith('Console of')
    expect(slack.edits.filter(isConsole)).toEqual([])
    await botWith(1, () => until(() => slack.edits.some(isConsole)))

    expect(slack.edits.filter(isConsole)).toEqual([expect.stringContaining(catalogues.en.thread.tail.section.shell)])
  })

  it('does not let what people wait for wait for a picture', async () => {
    await using slack = await fickleSlack(() => 'good')
    const budget = budgetOf('R-AAAAAA')
    let elsewhere = 0
    while ((await budget.take({ kind: 'upload', channel: `C${elsewhere}`, priority: 'note' })) === 0) elsewhere += 1
    const picture = { columns: 1, rows: [[{ text: 'x' }]], cursor: null }
    const saw: RescueEvent = { type: 'saw', state: 'grub-menu', because: 'GNU GRUB', picture }
    await write('R-AAAAAA', [story[0], saw, { type: 'stop-requested' }])
    const stopping = new AbortController()
    const keeping = keep(slack.apiUrl, 'R-AAAAAA', { signal: stopping.signal }, { budget })

    await until(() => slack.messages.some(({ key }) => key === 'note-3'))

    stopping.abort(new Error('enough'))
    await expect(keeping).rejects.toThrow('enough')
  })

  it('has its recording in the end, however often Slack fails, and once when only the answer was lost', async () => {
    await using slack = await fickleSlack(() => 'good')
    const lost = { kind: 'lost', cause: new Error('500') } as const
    const tooMany = { kind: 'rate-limited', retryAfterMs: 1 } as const
    /** How often it was uploaded, by what Slack answers each time, and where it stands when it is looked for. */
    const uploads = async (rescue: string, answers: readonly Answer<void>[], there: string) => {
      await write(rescue, [story[0], ...consoleIn('bootloader', 'GRUB'), STOPPED])
      let count = 0
      const poster = Object.assign(posterTo(slack.apiUrl), {
        upload: async () => answers[count++] ?? ({ kind: 'done', value: undefined } as const),
        findUpload: async () => ({ kind: 'done', value: there }) as const,
      })
      expect(
        await keep(slack.apiUrl, rescue, {}, { poster, uploadOf: async () => ({ files: [], comment: '' }) }),
      ).toEqual({
        kind: 'complete',
      })
      return count
    }

    expect(await uploads('R-AAAAAF', [lost, tooMany, lost, lost], 'absent')).toBe(5)
    expect(await uploads('R-AAAAAG', [lost], '1700000000.000009')).toBe(1)
  })

  it('has each reminder once, whatever became of the bot meanwhile', async () => {
    await using slack = await fickleSlack(() => 'good')
    const plan = requestPlan('ssh-ed25519 AAAA')
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const gate: RescueEvent = { type: 'gate-opened', gate: 1, plan, planHash: planHash(plan), expiresAt }
    await write('R-AAAAA7', [story[0], gate])
    const keys = () => slack.messages.map(({ key }) => key)
    /** A bot at work for a while, so many minutes after the gate was opened. */
    const botAt = async (minutes: number, isDone: () => boolean) => {
      const stopping = new AbortController()
      const date = () => new Date(Date.now() + minutes * 60_000)
      const keeping = keep(slack.apiUrl, 'R-AAAAA7', { signal: stopping.signal, date })
      const stopped = expect(keeping).rejects.toThrow('enough')
      await until(isDone)
      stopping.abort(new Error('enough'))
      await stopped
    }

    await botAt(0, () => keys().includes('gate-1'))
    await botAt(31, () => keys().includes('reminder-2-50%'))
    await write('R-AAAAA7', [{ type: 'noticed', code: 'connection-active', details: {} }])
    await botAt(32, () => keys().includes('note-3'))
    await botAt(57, () => keys().includes('reminder-2-300s'))
    await write('R-AAAAA7', [STOPPED])
    await keep(slack.apiUrl, 'R-AAAAA7')

    expect(keys()).toEqual(['card', 'gate-1', 'reminder-2-50%', 'note-3', 'reminder-2-300s', 'result'])
  })

  it('tells of a broken glass in its own channel, where the policy names one', async () => {
    await using slack = await fickleSlack(() => 'good')
    const plan = requestPlan('ssh-ed25519 AAAA')
    const about = { gate: 1, planHash: planHash(plan) } as const
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
    const alone = { decision: 'approved', brokeGlass: true, reason: 'The bank closes at nine.' } as const
    await write('R-AAAAA8', [
      story[0],
      { type: 'gate-opened', ...about, plan, expiresAt },
      { type: 'terms-set', ...about, rule: 'r', count: 2, mayBreakGlass: true, expiresAt },
      { type: 'decided', ...about, ...alone },
      STOPPED,
    ])

    await keep(slack.apiUrl, 'R-AAAAA8', { policy: { ...listed({}), audit: { channel: 'C0AUDIT', mention: 'S0SEC' } } })

    expect(slack.messages.map(({ key }) => key)).toEqual(['card', 'gate-1', 'note-4', 'alarm-4', 'result'])
    expect(slack.messages.map(({ channel }) => channel)).toEqual(['C0OPS', 'C0OPS', 'C0OPS', 'C0AUDIT', 'C0OPS'])
  })

  it('is known by its card, also to a bot that finds it posted by an earlier one', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAAB', story)
    await keep(slack.apiUrl, 'R-AAAAAB')
    const [card] = slack.messages
    const channel = 'C0OPS'
    expect(await rescueOfThread(notes, channel, card?.ts ?? '')).toBe('R-AAAAAB')
    expect(await rescueOfThread(notes, 'C0OTHER', card?.ts ?? '')).toBeUndefined()
    await notes.delete(`thread-${channel}-${card?.ts}`, 'rescue')

    await keep(slack.apiUrl, 'R-AAAAAB')

    expect(await rescueOfThread(notes, channel, card?.ts ?? '')).toBe('R-AAAAAB')
  })

  it('is not said again by a bot that starts anew', async () => {
    await using slack = await fickleSlack(() => 'good')
    await write('R-AAAAA6', story)
    await keep(slack.apiUrl, 'R-AAAAA6')
    const calls = slack.calls.length

    expect(await keep(slack.apiUrl, 'R-AAAAA6')).toEqual({ kind: 'complete' })

    expect(slack.calls.length).toBe(calls)
  })
})

async function until(look: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000
  while (!look()) {
    if (performance.now() > deadline) throw new Error('it did not come to that')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
