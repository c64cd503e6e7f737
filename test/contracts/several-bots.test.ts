/** Several bots on one workspace: each thread is kept by one of them, and Slack's allowances are shared by all. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { KEEPERS } from '../../core/store/keys.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { APPROVER, type BotProcess, CHANNEL, type Office, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

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
const person = (id: string) => office.slack.person(id)

interface Asked {
  readonly card: Message
  readonly worker: ScriptedWorker
}

async function ask(name: string): Promise<Asked> {
  const riya = person(REQUESTER)
  const known = new Set(office.slack.messages(CHANNEL).map(({ ts }) => ts))
  await riya.command(CHANNEL, `/oci-rescue replace-key ${name}`)
  const form = await riya.until('the form', (sight) => sight.views().at(-1), soon())
  await riya.submit(form.id, { key: makePublicKey('riya@laptop').line })
  const isCard = ({ ts, metadata }: Message) => !known.has(ts) && metadata?.event_payload.key === 'card'
  const card = await riya.until('the card', (sight) => sight.messages(CHANNEL).find(isCard), soon())
  const rescue = String(card.metadata?.event_payload.rescue)
  const worker = await ScriptedWorker.claim(office.log, rescue, soon())
  await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-${name}`, name })
  return { card, worker }
}

/** So many rescues, and more until each bot keeps the thread of one: Slack chooses who hears what. */
async function askFor(least: number): Promise<readonly Asked[]> {
  const all: Asked[] = []
  const isShared = async () => new Set(await office.redis.hvals(KEEPERS)).size === bots.length
  while (all.length < least || !(await isShared())) all.push(await ask(`web-${all.length + 1}`))
  return all
}

function keysOf({ card }: Asked): readonly unknown[] {
  return office.slack.thread(CHANNEL, card.ts).flatMap(({ metadata }) => metadata?.event_payload.key ?? [])
}

function untilSaid({ card }: Asked, words: string): Promise<Message> {
  const isIt = ({ text }: Message) => text.includes(words)
  return person(APPROVER).until(words, (sight) => sight.thread(CHANNEL, card.ts).slice(1).find(isIt), soon())
}

const CONNECTED = 'console connection is active'
const ENDED = 'was stopped'

async function connect({ worker }: Asked): Promise<void> {
  await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
}

/** A console that says something all the time. */
async function talk({ worker }: Asked, frames: number): Promise<void> {
  await worker.append({ type: 'phase-began', phase: 'bootloader' })
  for (let frame = 1; frame <= frames; frame += 1) {
    await worker.append({ type: 'console', scrolled: [], rows: [`line ${frame} of ${frames}`] })
    await sleep(FRAME_MS)
  }
}

async function end({ worker }: Asked): Promise<void> {
  await worker.append({
    ...{ type: 'ended', outcome: 'stopped', code: 'stopped', details: {} },
    ...{ machine: 'untouched', changed: [] },
  })
}

it('say each thing once, and together no more than Slack takes', async () => {
  const all = await askFor(6)

  await Promise.all(all.map((asked) => talk(asked, 24)))
  await Promise.all(all.map(end))
  await Promise.all(all.map((asked) => untilSaid(asked, ENDED)))

  for (const asked of all) expect(new Set(keysOf(asked)).size).toBe(keysOf(asked).length)
  expect(office.slack.statistics()).toMatchObject({ rateLimited: 0, refusals: {} })
})

it('go on with what one of them kept that died, in the same messages', async () => {
  const all = await askFor(2)
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
  const all = await askFor(2)
  const [sleeping] = bots

  sleeping?.child.kill('SIGSTOP')
  await Promise.all(all.map(connect))
  await Promise.all(all.map((asked) => untilSaid(asked, CONNECTED)))
  sleeping?.child.kill('SIGCONT')
  await Promise.all(all.map((asked) => talk(asked, 4)))
  await Promise.all(all.map(end))
  await Promise.all(all.map((asked) => untilSaid(asked, ENDED)))

  await expect.poll(() => sleeping?.log(), { timeout: 20_000 }).toContain('thread-taken')
  for (const asked of all) expect(new Set(keysOf(asked)).size).toBe(keysOf(asked).length)
})
