/** GRUB's password from the button to the worker: the bot as production runs it, Slack's rules, a real Redis. */
import { createSecretKey, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import type { EventOf } from '../../core/record/events.ts'
import { type SealedAnswers, sealedAnswers } from '../../core/store/sealed-hand-overs.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askForKey, originOf, takeUp, untilWhispered } from '../helpers/asking.ts'
import {
  APPROVER,
  type BotProcess,
  CHANNEL,
  type Office,
  OUTSIDER,
  openOffice,
  REQUESTER,
  startBot,
} from '../helpers/bot.ts'
import type { ScriptedWorker } from '../helpers/scripted-rescue.ts'

let office: Office
let bot: BotProcess
let answers: SealedAnswers
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  bot = parts.use(await startBot({ ...office.environment, LOG_LEVEL: 'trace' }))
  const key = Buffer.from(office.environment.SEALING_KEY ?? '', 'base64')
  answers = sealedAnswers(office.redis, createSecretKey(key))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue whose boot loader has asked. */
async function asked(instance: string, wishes: Partial<EventOf<'asked'>> = {}) {
  const { card, rescue } = await askForKey(office, instance)
  const worker = await takeUp(office, rescue, instance)
  await worker.append({ type: 'phase-began', phase: 'bootloader' })
  return { card, worker, ...(await ask(worker, card, wishes)) }
}

async function ask(worker: ScriptedWorker, card: Message, wishes: Partial<EventOf<'asked'>> = {}) {
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const event = { type: 'asked', what: 'grub-password', ask: newTicket(), attempt: 1, expiresAt, ...wishes } as const
  await worker.append(event)
  const question = await person(APPROVER).until(
    'the question',
    (sight) =>
      sight.thread(CHANNEL, card.ts).find(({ metadata }) => metadata?.event_payload.key === `ask-${event.ask}`),
    soon(),
  )
  return { ask: event.ask, question }
}

/** What the message says once it says `words`. */
function says(card: Message, question: Message, words: string): Promise<Message> {
  return person(APPROVER).until(
    words,
    (sight) =>
      sight
        .thread(CHANNEL, card.ts)
        .find(({ ts, blocks }) => ts === question.ts && JSON.stringify(blocks).includes(words)),
    soon(),
  )
}

const whispered = (user: string, words: string) => untilWhispered(office, user, words)

/** What they had open before is closed by it, or stays open below it. */
async function openForm(user: string, question: Message) {
  const ask = String(question.metadata?.event_payload.key).slice('ask-'.length)
  await person(user).click(CHANNEL, question.ts, 'answer')
  const isFor = (view: { private_metadata: string }) => view.private_metadata.includes(ask)
  return await person(user).until('the form', (sight) => sight.views().find(isFor), soon())
}

function newCredentials() {
  return { username: `grub${newTicket()}`, password: `${randomBytes(12).toString('base64')} <&>` }
}

it('hands over what was entered, sealed; it stands in no message, no log and no event', async () => {
  const { card, worker, ask: id, question } = await asked('pw-1')
  const credentials = newCredentials()
  const form = await openForm(APPROVER, question)

  expect(await person(APPROVER).submit(form.id, credentials)).toMatchObject({ kind: 'closed' })

  const { handOver } = await worker.until(({ asks }) => asks[0]?.answer)
  const place = { rescue: worker.rescue, about: id, handOver }
  expect(await answers.take(place)).toEqual(credentials)
  expect(await originOf(office, worker.rescue, 'answered')).toMatchObject({ channel: CHANNEL, message: question.ts })
  expect(JSON.stringify(await says(card, question, `Entered by <@${APPROVER}>`))).not.toContain('"answer"')
  const everything = [
    JSON.stringify(office.slack.thread(CHANNEL, card.ts)),
    JSON.stringify((await office.log.read(worker.rescue, 0)).entries),
    JSON.stringify(await office.redis.hgetall(`{oci-rescue}:posts:${worker.rescue}`)),
    bot.log(),
  ].join('\n')
  for (const secret of [credentials.username, credentials.password.slice(0, 8)])
    expect(everything).not.toContain(secret)
  await end(worker)
})

it('lets the one who asked answer, too, and tells the others why they can not', async () => {
  const { worker, question } = await asked('pw-2')

  await person(OUTSIDER).click(CHANNEL, question.ts, 'answer')
  await whispered(OUTSIDER, 'can answer this')
  expect(person(OUTSIDER).views()).toEqual([])

  const [mine, theirs] = [await openForm(REQUESTER, question), await openForm(APPROVER, question)]
  expect(await person(REQUESTER).submit(mine.id, newCredentials())).toMatchObject({ kind: 'closed' })
  const late = await person(APPROVER).submit(theirs.id, newCredentials())
  expect(JSON.stringify(late)).toContain(`<@${REQUESTER}> answered this`)
  expect((await office.redis.keys(`*sealed:${worker.rescue}*`)).length).toBe(1)
  await end(worker)
})

it('says beside the input what GRUB would not take', async () => {
  const { worker, question } = await asked('pw-3')
  const form = await openForm(APPROVER, question)

  const answer = await person(APPROVER).submit(form.id, { username: 'two words', password: 'schlüssel' })

  expect(answer).toMatchObject({ kind: 'errors', errors: { username: /./, password: /./ } })
  expect(bot.log()).not.toContain('schlüssel')
  await person(APPROVER).closeView(form.id)
  await end(worker)
})

it('asks again when GRUB has refused, and takes nothing more for the question before', async () => {
  const { card, worker, question } = await asked('pw-4')
  const old = await openForm(APPROVER, question)
  const second = await ask(worker, card, { attempt: 2, what: 'grub-legacy-password' })
  expect(JSON.stringify(second.question.blocks)).toContain('GRUB refused what was entered')

  expect(JSON.stringify(await person(APPROVER).submit(old.id, newCredentials()))).toContain('no longer waits')
  await says(card, question, 'not needed any more')
  const form = await openForm(REQUESTER, second.question)
  expect(await person(REQUESTER).submit(form.id, { password: 'p' })).toMatchObject({ kind: 'closed' })

  const { handOver } = await worker.until(({ asks }) => asks[1]?.answer)
  const place = { rescue: worker.rescue, about: second.ask, handOver }
  expect(await answers.take(place)).toEqual({ username: '', password: 'p' })
  await end(worker)
})

it('takes nothing any more when the time is over, or the rescue is', async () => {
  const { card, worker, question } = await asked('pw-5', { expiresAt: new Date(Date.now() - 1).toISOString() })
  await person(APPROVER).click(CHANNEL, question.ts, 'answer')
  await whispered(APPROVER, 'The time to answer is over')
  const again = await ask(worker, card, { attempt: 2 })
  const form = await openForm(APPROVER, again.question)
  await end(worker)

  expect(JSON.stringify(await person(APPROVER).submit(form.id, newCredentials()))).toContain('no longer waits')
  expect(await office.redis.keys(`*sealed:${worker.rescue}*`)).toEqual([])
  expect(office.slack.statistics()).toMatchObject({ refusals: {}, unacknowledged: 0 })
})

function end(worker: ScriptedWorker): Promise<void> {
  const details = { code: 'stopped', details: {}, machine: 'up', changed: [] } as const
  return worker.append({ type: 'ended', outcome: 'stopped', ...details, changed: [] })
}
