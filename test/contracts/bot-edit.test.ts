/** A file's text from the command to the worker: the bot as production runs it, Slack's rules, a real Redis. */
import { createSecretKey } from 'node:crypto'
import { applyPatch } from 'diff'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { newTicket } from '../../core/base/ids.ts'
import { sha256 } from '../../core/base/sha256.ts'
import { fitsForm, sumOf } from '../../core/record/file-text.ts'
import { type ChangePlan, planHash } from '../../core/record/plan.ts'
import { because } from '../../core/record/reasons.ts'
import { type SealedAnswers, sealedAnswers } from '../../core/store/sealed-hand-overs.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askFor, originOf, takeUp, untilWhispered } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { INSTANCE } from '../helpers/scripted-rescue.ts'

const PATH = '/etc/app.conf'

let office: Office
let answers: SealedAnswers
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot({ ...office.environment, LOG_LEVEL: 'trace' }))
  answers = sealedAnswers(office.redis, createSecretKey(Buffer.from(office.environment.SEALING_KEY ?? '', 'base64')))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue whose file waits to be edited, and the message that says so; a long one is kept first. */
async function asked(instance: string, text: string) {
  const { card, rescue } = await askFor(office, `edit ${instance} ${PATH}`)
  const worker = await takeUp(office, rescue, instance)
  expect(worker.state.request).toMatchObject({ target: instance, playbook: { name: 'edit', path: PATH } })
  await worker.append({ type: 'phase-began', phase: 'look' })
  const ask = newTicket()
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  const isShort = fitsForm(text)
  if (!isShort) await worker.append({ type: 'text-kept', sha256: sha256(text), text })
  const file = isShort ? { path: PATH, text } : { path: PATH, ...sumOf(text) }
  await worker.append({ type: 'asked', what: 'file-text', ask, attempt: 1, expiresAt, file })
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

const whispered = (user: string, words: string) => untilWhispered(office, user, words)

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
  expect(await originOf(office, worker.rescue, 'answered')).toMatchObject({ channel: CHANNEL, message: question.ts })
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

/** The file that a person gives to an input, by its id. */
async function given(user: string, name: string, content: Buffer | string): Promise<string> {
  const url = `${office.slack.pageUrl}page-api/give/${encodeURIComponent(name)}?user=${user}`
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(content)) })
  return z.object({ file: z.object({ id: z.string() }) }).parse(await response.json()).file.id
}

/** What stands in the form after the bot has read the file. */
async function told(user: string, words: string): Promise<void> {
  await person(user).until(
    words,
    (sight) => sight.views().some(({ blocks }) => JSON.stringify(blocks).includes(words)),
    soon(),
  )
}

const LONG = Array.from({ length: 9000 }, (_, index) => `option${index} = <ä>\n`).join('')

it('gives a long file privately to whoever may edit it, and takes it back as a file', async () => {
  const { card, worker, ask, question } = await asked('edit-4', LONG)
  expect(JSON.stringify(question.blocks)).toContain('9000 lines')

  await person(OUTSIDER).click(CHANNEL, question.ts, 'get-file')
  await whispered(OUTSIDER, 'or an approver, can answer this')
  await person(APPROVER).click(CHANNEL, question.ts, 'get-file')
  await whispered(APPROVER, 'is in your conversation with me')
  const directs = office.slack.messages(person(APPROVER).direct).flatMap(({ files = [] }) => files)
  expect(directs.map(({ id, name }) => [name, Buffer.from(office.slack.file(id)?.bytes ?? []).toString()])).toEqual([
    ['app.conf', LONG],
  ])
  expect(office.slack.thread(CHANNEL, card.ts).flatMap(({ files = [] }) => files)).toEqual([])

  const form = await openForm(REQUESTER, question, ask)
  const edited = LONG.replace('option7 = <ä>', 'option7 = other')
  const file = await given(REQUESTER, 'whatever.txt', `\ufeff${edited}`)
  await person(REQUESTER).submit(form.id, { file: [file] })
  await told(REQUESTER, 'The file is there')

  const { handOver = '' } = (await worker.until(({ asks }) => asks.at(-1)?.answer)) ?? {}
  expect(await answers.take({ rescue: worker.rescue, about: ask, handOver })).toEqual({ text: edited })
  const { entries } = await office.log.read(worker.rescue, 0)
  expect(JSON.stringify(entries)).not.toContain('option7 = other')
  expect(await originOf(office, worker.rescue, 'answered')).toMatchObject({ channel: CHANNEL, message: question.ts })
  await questionOf(card, ask, 'Edited by')
})

it.each([
  ['edit-51', 'a private key', 'There is a private key in it', '-----BEGIN RSA PRIVATE KEY-----\n'],
  ['edit-52', 'no text', 'control characters', Buffer.from([0x61, 0, 0x62])],
  ['edit-53', 'another encoding', 'control characters', Buffer.from([0xff, 0xfe, 0x61])],
])('for %s does not take %s', async (instance, _, words, content) => {
  const { worker, ask, question } = await asked(instance, LONG)
  const form = await openForm(REQUESTER, question, ask)

  await person(REQUESTER).submit(form.id, { file: [await given(REQUESTER, 'x', content)] })

  await told(REQUESTER, words)
  expect((await worker.until((state) => state)).asks.at(-1)?.answer).toBeUndefined()
})

it('does not take a file of more than a megabyte, and says so in the form', async () => {
  const { question, ask } = await asked('edit-6', LONG)
  const form = await openForm(REQUESTER, question, ask)

  const file = await given(REQUESTER, 'x', 'x'.repeat((1 << 20) + 1))
  const answer = await person(REQUESTER).submit(form.id, { file: [file] })

  expect(answer).toMatchObject({ errors: { file: expect.stringContaining('1 MiB') } })
})

it('shows what is long at gate 2 as a file below it, with its sum', async () => {
  const { card, worker } = await asked('edit-7', LONG)
  const after = LONG.replaceAll(/option(\d*)5 = <ä>/g, 'option$15 = other')
  await worker.append({ type: 'text-kept', sha256: sha256(after), text: after })
  await worker.append({ type: 'phase-began', phase: 'gate-2' })
  const plan: ChangePlan = {
    ...{ gate: 2, playbook: 'edit', instance: { id: INSTANCE.id, name: 'edit-7' }, user: null, selinux: false },
    changes: [
      {
        ...{ kind: 'replace-long-file', path: PATH, before: sumOf(LONG), after: sumOf(after) },
        ...{ backup: `${PATH}.old`, mode: '0644', owner: { uid: 0, gid: 0 }, why: [because('edited-by-hand')] },
      },
    ],
  }
  const expiresAt = new Date(Date.now() + 60_000).toISOString()
  await worker.append({ type: 'gate-opened', gate: 2, plan, planHash: planHash(plan), expiresAt })
  const key = (message: Message) => message.metadata?.event_payload.key
  const gate = await person(APPROVER).until(
    'gate 2',
    (sight) => sight.thread(CHANNEL, card.ts).find((message) => key(message) === 'gate-2'),
    soon(),
  )

  const { file, ts } = await person(APPROVER).until(
    'the difference',
    (sight) => sight.thread(CHANNEL, card.ts).flatMap(({ files = [], ts }) => files.map((file) => ({ file, ts })))[0],
    soon(),
  )
  const diff = Buffer.from(office.slack.file(file.id)?.bytes ?? []).toString()
  expect(applyPatch(LONG, diff)).toBe(after)
  expect(JSON.stringify(gate.blocks)).toContain(sha256(diff))
  expect(JSON.stringify(gate.blocks)).toContain(sha256(after))
  expect(Number(ts)).toBeGreaterThan(Number(gate.ts))
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
  ['/oci-rescue edit web-1 etc/fstab', 'is not a path from'],
  ['/oci-rescue edit web-1 /etc/../root/x', 'is not a path from'],
])('does not take %s', async (command, words) => {
  await person(REQUESTER).command(CHANNEL, command)

  await whispered(REQUESTER, words)
})
