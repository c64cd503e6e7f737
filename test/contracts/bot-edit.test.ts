/** A file's text from the command to the worker: the bot as production runs it, Slack's rules, a real Redis. */
import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { newTicket } from '../../core/base/ids.ts'
import { connectRedis } from '../../core/store/connect.ts'
import { type SealedAnswers, sealedAnswers } from '../../core/store/sealed-hand-overs.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

const PATH = '/etc/app.conf'

let office: Office
let answers: SealedAnswers
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot({ ...office.environment, LOG_LEVEL: 'trace' }))
  const redis = connectRedis(office.redisUrl, { name: 'test', retries: 2 })
  parts.defer(() => redis.disconnect())
  answers = sealedAnswers(redis, createSecretKey(Buffer.from(office.environment.SEALING_KEY ?? '', 'base64')))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue whose file waits to be edited, and the message that says so. */
async function asked(instance: string, text: string) {
  const before = new Set(office.slack.messages(CHANNEL).map(({ ts }) => ts))
  await person(REQUESTER).command(CHANNEL, `/oci-rescue edit ${instance} ${PATH}`)
  const card = await person(REQUESTER).until(
    'the card',
    (sight) =>
      sight.messages(CHANNEL).find(({ ts, metadata }) => !before.has(ts) && metadata?.event_payload.key === 'card'),
    soon(),
  )
  const worker = await ScriptedWorker.claim(office.log, String(card.metadata?.event_payload.rescue), soon())
  expect(worker.state.request).toMatchObject({ target: instance, playbook: { name: 'edit', path: PATH } })
  await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-${instance}`, name: instance })
  await worker.append({ type: 'phase-began', phase: 'look' })
  const ask = newTicket()
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  await worker.append({ type: 'asked', what: 'file-text', ask, attempt: 1, expiresAt, file: { path: PATH, text } })
  return { card, worker, ask, question: await questionOf(card, ask) }
}

function questionOf(card: Message, ask: string, words = ''): Promise<Message> {
  return person(APPROVER).until(
    `the question with ${words}`,
    (sight) =>
      sight
        .thread(CHANNEL, card.ts)
        .find(
          ({ metadata, blocks }) =>
            metadata?.event_payload.key === `ask-${ask}` && JSON.stringify(blocks).includes(words),
        ),
    soon(),
  )
}

async function openForm(user: string, question: Message, ask: string) {
  await person(user).click(CHANNEL, question.ts, 'answer')
  return await person(user).until(
    'the form',
    (sight) => sight.views().findLast((view) => view.private_metadata.includes(ask)),
    soon(),
  )
}

async function whispered(user: string, words: string): Promise<void> {
  await person(user).until(
    `a whisper: ${words}`,
    (sight) => sight.ephemerals(CHANNEL).some(({ blocks }) => JSON.stringify(blocks ?? '').includes(words)),
    soon(),
  )
}

it('shows the file in a form, and hands what it shall be to the worker, sealed', async () => {
  const { card, worker, ask, question } = await asked('edit-1', 'a = <1> & "2"\nb = 2\n')
  const form = await openForm(REQUESTER, question, ask)
  expect(JSON.stringify(form.blocks)).toContain('a = <1> & \\"2\\"\\nb = 2')

  const edited = 'a = <1> & "2"\nb = 3'
  expect(await person(REQUESTER).submit(form.id, { text: edited })).toMatchObject({ kind: 'closed' })

  const { handOver = '' } = (await worker.until(({ asks }) => asks.at(-1)?.answer)) ?? {}
  expect(await answers.take({ rescue: worker.rescue, about: ask, handOver })).toEqual({ text: `${edited}\n` })
  const { entries } = await office.log.read(worker.rescue, 0)
  expect(JSON.stringify(entries)).not.toContain('b = 3')
  await questionOf(card, ask, 'Edited by')
})

it('shows a long file in parts, and puts them together again', async () => {
  const text = Array.from({ length: 300 }, (_, index) => `option${index} = value\n`).join('')
  const { worker, ask, question } = await asked('edit-2', text)
  const form = await openForm(REQUESTER, question, ask)

  await person(REQUESTER).submit(form.id, { 'part-2/text': 'last = one' })

  const { handOver = '' } = (await worker.until(({ asks }) => asks.at(-1)?.answer)) ?? {}
  const taken = await answers.take({ rescue: worker.rescue, about: ask, handOver })
  expect(taken).toMatchObject({ text: expect.stringMatching(/^option0 = value\n[\s\S]*\nlast = one\n$/) })
})

it('tells those who may not edit, and those whose text comes too late, privately', async () => {
  const { worker, ask, question } = await asked('edit-3', 'a\n')
  await person(OUTSIDER).click(CHANNEL, question.ts, 'answer')
  await whispered(OUTSIDER, 'or an approver, can answer this')
  const form = await openForm(REQUESTER, question, ask)
  await worker.append({ type: 'withdrawn', ask, why: 'expired' })

  const late = await person(REQUESTER).submit(form.id, { text: 'b' })

  expect(JSON.stringify(late)).toContain('The time to answer is over')
})

it.each([
  ['/oci-rescue edit', 'Name the instance and the file'],
  ['/oci-rescue edit web-1', 'Name the instance and the file'],
  ['/oci-rescue edit web-1 etc/fstab', 'is not a path from'],
  ['/oci-rescue edit web-1 /etc/../root/x', 'is not a path from'],
])('does not take %s', async (command, words) => {
  await person(REQUESTER).command(CHANNEL, command)

  await whispered(REQUESTER, words)
})
