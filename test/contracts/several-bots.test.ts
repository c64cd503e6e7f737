/** Several bots on one workspace: each thread is kept by one of them, and Slack's allowances are shared by all. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { entriesKey, KEEPERS } from '../../core/store/keys.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { type Asked, askForKey, takeUp } from '../helpers/asking.ts'
import { APPROVER, type BotProcess, CHANNEL, type Office, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import type { ScriptedWorker } from '../helpers/scripted-rescue.ts'
import { STOPPED } from '../helpers/thread-events.ts'

let office: Office
let bots: readonly BotProcess[]
let parts: AsyncDisposableStack

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  office = parts.use(await openOffice())
  bots = await Promise.all([startBot(office.environment), startBot(office.environment)])
  for (const bot of bots) parts.use(bot)
})
afterEach(() => parts.disposeAsync())

const FRAME_MS = 250

const soon = () => AbortSignal.timeout(50_000)

interface Played extends Asked {
  readonly worker: ScriptedWorker
}

/** So many rescues, and more until each bot keeps the thread of one: Slack chooses who hears what. */
async function play(least: number): Promise<readonly Played[]> {
  const all: Played[] = []
  const isShared = async () => new Set(await office.redis.hvals(KEEPERS)).size === bots.length
  while (all.length < least || !(await isShared())) {
    const name = `web-${all.length + 1}`
    const asked = await askForKey(office, name)
    all.push({ ...asked, worker: await takeUp(office, asked.rescue, name) })
  }
  return all
}

function keysOf({ card }: Asked): readonly unknown[] {
  return office.slack.thread(CHANNEL, card.ts).flatMap(({ metadata }) => metadata?.event_payload.key ?? [])
}

function untilSaid({ card }: Asked, words: string): Promise<Message> {
  const isIt = ({ text }: Message) => text.includes(words)
  return office.slack
    .person(APPROVER)
    .until(words, (sight) => sight.thread(CHANNEL, card.ts).slice(1).find(isIt), soon())
}

const CONNECTED = 'console connection is active'
const ENDED = 'was stopped'

async function connect({ worker }: Played): Promise<void> {
  await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
}

/** A console that says something all the time. */
async function talk({ worker }: Played, frames: number): Promise<void> {
  await worker.append({ type: 'phase-began', phase: 'bootloader' })
  for (let frame = 1; frame <= frames; frame += 1) {
    await worker.append({ type: 'console', scrolled: [], rows: [`line ${frame} of ${frames}`] })
    await sleep(FRAME_MS)
  }
}

function end({ worker }: Played): Promise<void> {
  return worker.append(STOPPED)
}

it('say each thing once, and together no more than Slack takes', async () => {
  const all = await play(6)

  await Promise.all(all.map((asked) => talk(asked, 24)))
  await Promise.all(all.map(end))
  await Promise.all(all.map((asked) => untilSaid(asked, ENDED)))

  for (const asked of all) expect(new Set(keysOf(asked)).size).toBe(keysOf(asked).length)
  expect(office.slack.statistics()).toMatchObject({ rateLimited: 0, refusals: {} })
})

it('go on with what one of them kept that died, in the same messages', async () => {
  const all = await play(2)
  const [dying, staying] = bots

  await dying?.kill()
  await Promise.all(all.map(connect))
  await Promise.all(all.map((asked) => untilSaid(asked, CONNECTED)))
  await Promise.all(all.map(end))
  await Promise.all(all.map((asked) => untilSaid(asked, ENDED)))

  for (const asked of all) expect(new Set(keysOf(asked)).size).toBe(keysOf(asked).length)
  expect(staying?.log()).not.toContain('thread-taken')
})

it('leave a thread to whoever took it, when one has slept meanwhile', async () => {
  const all = await play(2)
  const [sleeping] = bots

  sleeping?.child.kill('SIGSTOP')
  await Promise.all(all.map(connect))
  await Promise.all(all.map((asked) => untilSaid(asked, CONNECTED)))
  sleeping?.child.kill('SIGCONT')
  await Promise.all(all.map((asked) => talk(asked, 4)))
  await Promise.all(all.map(end))
  await Promise.all(all.map((asked) => untilSaid(asked, ENDED)))

  // It notices by what it wants to note, or already by how late Redis seems to answer.
  await expect.poll(() => sleeping?.log(), { timeout: 20_000 }).toContain('a thread could not be kept')
  for (const asked of all) expect(new Set(keysOf(asked)).size).toBe(keysOf(asked).length)
})

it('start, and keep the other threads, while the log of a live rescue is damaged', async () => {
  const [damaged, whole] = await play(2)
  if (damaged === undefined || whole === undefined) throw new Error('two were begun')
  for (const bot of bots) await bot.kill()
  const rows = await office.redis.xrange(entriesKey(damaged.rescue), '-', '+')
  await office.redis.xdel(entriesKey(damaged.rescue), rows[0]?.[0] ?? '')

  const bot = parts.use(await startBot(office.environment))
  await connect(whole)
  await untilSaid(whole, CONNECTED)
  const riya = office.slack.person(REQUESTER)
  await riya.command(CHANNEL, '/oci-rescue status')

  const answer = await riya.until(
    'the list',
    (sight) => sight.ephemerals(CHANNEL).find(({ blocks }) => JSON.stringify(blocks).includes(whole.rescue)),
    soon(),
  )
  expect(JSON.stringify(answer.blocks)).not.toContain(damaged.rescue)
  expect(bot.log()).toContain('a rescue is left out, for its log can not be read')
  await end(whole)
  await untilSaid(whole, ENDED)
})
