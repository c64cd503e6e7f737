/** What people do once and Slack delivers several times, to two bots: done once, and answered once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import { sha256 } from '../../core/base/sha256.ts'
import { sumOf } from '../../core/record/file-text.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askFor, says, takeUp } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { planOf } from '../helpers/gate-office.ts'

let office: Office
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  const bots = await Promise.all([startBot(office.environment), startBot(office.environment)])
  for (const bot of bots) parts.use(bot)
})
afterAll(() => parts.disposeAsync())

/** Each bot has two, and they take turns. */
const CONNECTIONS = 4

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

async function repeat(): Promise<void> {
  for (let turn = 0; turn < CONNECTIONS; turn += 1) expect(await office.slack.repeatDeed()).toBe('acknowledged')
}

/** Whatever comes of what was delivered before has come by the time that all this is answered. */
async function heardOut(): Promise<void> {
  for (let turn = 0; turn < CONNECTIONS; turn += 1) {
    const before = whispersTo(OUTSIDER)
    await person(OUTSIDER).command(CHANNEL, '/oci-rescue stop R-000000')
    await person(OUTSIDER).until('an answer', () => whispersTo(OUTSIDER) > before, soon())
  }
}

function whispersTo(user: string): number {
  return person(user).ephemerals(CHANNEL).length
}

async function underWay(instance: string, command: string) {
  const { card, rescue } = await askFor(office, command.replace('web-1', instance))
  return { card, rescue, worker: await takeUp(office, rescue, instance) }
}

function inThread(card: Message, words: string): Promise<Message> {
  return person(APPROVER).until(
    words,
    (sight) => sight.thread(CHANNEL, card.ts).find((message) => says(message, words)),
    soon(),
  )
}

async function atGate(instance: string) {
  const { card, rescue, worker } = await underWay(instance, 'fsck web-1')
  const passed = worker.gate(planOf(worker))
  return { rescue, worker, passed, gate: await inThread(card, '"action_id":"approve"') }
}

const eventsOf = async (rescue: string) => (await office.log.read(rescue, 0)).entries.map(({ event }) => event.type)

describe('a press', () => {
  it('on Approve is one approval: no refused click of whoever pressed once, and no word to them', async () => {
    const { rescue, passed, gate } = await atGate('twice-1')
    const before = whispersTo(APPROVER)

    await person(APPROVER).click(CHANNEL, gate.ts, 'approve')
    await repeat()

    expect(await passed).toBe('approved')
    await heardOut()
    expect(await eventsOf(rescue)).not.toContain('refused-click')
    expect(whispersTo(APPROVER)).toBe(before)
  })

  it('on Deny opens one form, and nobody is told beside it that it is too late', async () => {
    const { gate, passed } = await atGate('twice-2')
    const before = whispersTo(APPROVER)

    await person(APPROVER).click(CHANNEL, gate.ts, 'deny')
    const form = await person(APPROVER).until('the form', (sight) => sight.views().at(-1), soon())
    await repeat()

    await heardOut()
    expect(whispersTo(APPROVER)).toBe(before)
    expect(person(APPROVER).views()).toHaveLength(1)
    await person(APPROVER).submit(form.id, { reason: 'Not tonight.' })
    expect(await passed).toBe('denied')
  })

  it('that asks for a file gives it once', async () => {
    const { card, worker } = await underWay('twice-3', 'edit web-1 /etc/app.conf')
    const text = 'option = value\n'.repeat(20_000)
    const [ask, expiresAt] = [newTicket(), new Date(Date.now() + 60_000).toISOString()]
    await worker.append({ type: 'text-kept', sha256: sha256(text), text })
    const file = { path: '/etc/app.conf', ...sumOf(text) }
    await worker.append({ type: 'asked', what: 'file-text', ask, attempt: 1, expiresAt, file })
    const question = await inThread(card, '"action_id":"get-file"')
    const before = whispersTo(APPROVER)

    await person(APPROVER).click(CHANNEL, question.ts, 'get-file')
    await repeat()

    await person(APPROVER).until('the answer', () => whispersTo(APPROVER) > before, soon())
    await heardOut()
    expect(whispersTo(APPROVER)).toBe(before + 1)
    const { direct } = person(APPROVER)
    expect(person(APPROVER).messages(direct)).toMatchObject([{ files: [{ name: 'app.conf' }] }])
  })

  it('that asks for a picture asks for one', async () => {
    const { card, rescue, worker } = await underWay('twice-4', 'sudoers web-1')
    await worker.append({ type: 'noticed', code: 'connection-active', details: {} })
    await person(REQUESTER).until(
      'the button',
      (sight) => says(sight.thread(CHANNEL, card.ts)[0] ?? card, '"action_id":"screen"'),
      soon(),
    )
    const before = whispersTo(REQUESTER)

    await person(REQUESTER).click(CHANNEL, card.ts, 'screen')
    await repeat()

    await worker.until((state) => state.screenAsk?.by)
    await heardOut()
    expect((await eventsOf(rescue)).filter((type) => type === 'screen-asked')).toHaveLength(1)
    expect(whispersTo(REQUESTER)).toBe(before)
    // A second press is another one.
    await person(REQUESTER).click(CHANNEL, card.ts, 'screen')
    await person(REQUESTER).until('the refusal', () => whispersTo(REQUESTER) > before, soon())
  })
})

it('a form that denies is one denial, and no refused click of whoever sent it once', async () => {
  const { rescue, gate, passed } = await atGate('twice-6')
  await person(APPROVER).click(CHANNEL, gate.ts, 'deny')
  const form = await person(APPROVER).until('the form', (sight) => sight.views().at(-1), soon())

  expect(await person(APPROVER).submit(form.id, { reason: 'Not tonight.' })).toMatchObject({ kind: 'closed' })
  await repeat()

  expect(await passed).toBe('denied')
  await heardOut()
  expect(await eventsOf(rescue)).not.toContain('refused-click')
})

it.each([
  ['a command', () => person(REQUESTER).command(CHANNEL, '/oci-rescue')],
  ['a shortcut', (ts: string) => person(REQUESTER).shortcut(CHANNEL, 'rescue-instance', ts)],
])('%s that opens a form opens one, and nobody is told that it is too late', async (_, act) => {
  const said = await person(REQUESTER).say(CHANNEL, 'web-1 is down')
  if (said.kind === 'refused') throw new Error(said.error)
  const before = whispersTo(REQUESTER)

  await act(said.ts)
  const form = await person(REQUESTER).until('the form', (sight) => sight.views().at(-1), soon())
  await repeat()

  await heardOut()
  expect(whispersTo(REQUESTER)).toBe(before)
  expect(person(REQUESTER).views()).toHaveLength(1)
  await person(REQUESTER).closeView(form.id)
})

it('a command that stops is answered once', async () => {
  const { rescue } = await underWay('twice-5', 'fsck web-1')
  const before = whispersTo(REQUESTER)

  await person(REQUESTER).command(CHANNEL, `/oci-rescue stop ${rescue}`)
  await repeat()

  await person(REQUESTER).until('the answer', () => whispersTo(REQUESTER) > before, soon())
  await heardOut()
  expect(whispersTo(REQUESTER)).toBe(before + 1)
})
