/** A root shell from the command to the last line: the bot as production runs it, Slack's rules, a real Redis. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askFor, originOf, takeUp, untilWhispered } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'

let office: Office
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot(office.environment))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue whose shell is open, and the message that says so. */
async function opened(instance: string) {
  const { card, rescue } = await askFor(office, `shell ${instance}`)
  const worker = await takeUp(office, rescue, instance)
  await worker.append({ type: 'phase-began', phase: 'shell' })
  await worker.append({ type: 'shell-opened', idleSeconds: 900, lineSeconds: 60 })
  return { card, rescue, worker, message: await messageOf(card, 'shell') }
}

function messageOf(card: Message, key: string, words = ''): Promise<Message> {
  return person(APPROVER).until(
    `the message ${key} with ${words}`,
    (sight) =>
      sight
        .thread(CHANNEL, card.ts)
        .find(
          ({ metadata, blocks }) =>
            String(metadata?.event_payload.key).startsWith(key) && JSON.stringify(blocks).includes(words),
        ),
    soon(),
  )
}

const whispered = (user: string, words: string) => untilWhispered(office, user, words)

/** What they had open before is another rescue's. */
async function openForm(user: string, message: Message, rescue: string) {
  await person(user).click(CHANNEL, message.ts, 'type-line')
  const isFor = (view: { private_metadata: string }) => view.private_metadata.includes(rescue)
  return await person(user).until('the form', (sight) => sight.views().findLast(isFor), soon())
}

it('takes a line from the form to the worker, and shows what came of it with the next button', async () => {
  const { card, rescue, worker, message } = await opened('shell-1')
  const form = await openForm(REQUESTER, message, rescue)

  expect(await person(REQUESTER).submit(form.id, { line: 'echo "a & b" <c | wc -l' })).toMatchObject({ kind: 'closed' })
  const line = await worker.until(({ shell }) => shell?.lines[0])
  expect(line).toMatchObject({ text: 'echo "a & b" <c | wc -l', by: { user: REQUESTER } })
  expect(await originOf(office, rescue, 'line-sent')).toMatchObject({ channel: CHANNEL, message: message.ts })
  const running = await messageOf(card, 'line-', 'Running')
  expect(JSON.stringify(running.blocks)).not.toContain('type-line')
  await person(REQUESTER).until(
    'the older buttons to go',
    (sight) => {
      const older = sight.thread(CHANNEL, card.ts).find(({ ts }) => ts === message.ts)
      return JSON.stringify(older?.blocks).includes('type-line') ? undefined : older
    },
    soon(),
  )
  const output = `${'x'.repeat(3000)}\n*bold* <@U0APPROVER>\n`
  const answer = { type: 'line-answered', line: line.id, how: 'ended', exitCode: 2, isCut: false } as const
  await worker.append({ ...answer, output })

  const answered = await messageOf(card, 'line-', 'Exit code 2.')
  const shown = JSON.stringify(answered.blocks)
  expect(shown).toContain('*bold* <@U0APPROVER>')
  expect(shown).toContain('characters are left out here')
  expect(shown).toContain('type-line')
})

it('tells whoever types while a line runs to wait, and keeps their text', async () => {
  const { rescue, worker, message } = await opened('shell-2')
  const [one, other] = [await openForm(REQUESTER, message, rescue), await openForm(APPROVER, message, rescue)]
  await person(REQUESTER).submit(one.id, { line: 'sleep 5' })

  expect(await person(APPROVER).submit(other.id, { line: 'uptime' })).toMatchObject({
    kind: 'errors',
    errors: { line: expect.stringContaining('has not ended yet') },
  })
  expect(worker.state.shell?.lines.length ?? 0).toBeLessThan(2)
})

it('tells those who may not type, and those who come too late, privately', async () => {
  const { card, rescue, worker, message } = await opened('shell-3')
  await person(OUTSIDER).click(CHANNEL, message.ts, 'type-line')
  await whispered(OUTSIDER, 'Only the one who asked for the rescue, or an approver, can type')
  const form = await openForm(REQUESTER, message, rescue)

  await person(APPROVER).click(CHANNEL, message.ts, 'leave-shell')
  expect(await worker.until(({ shell }) => shell?.closed)).toMatchObject({ why: 'done', by: { user: APPROVER } })
  await messageOf(card, 'note-', 'is done with the root shell')

  const late = await person(REQUESTER).submit(form.id, { line: 'uptime' })
  expect(JSON.stringify(late)).toContain('No root shell is open in this rescue now. Nothing was run.')
  expect(worker.state.shell?.lines).toEqual([])
})

it('refuses what is no line', async () => {
  const { rescue, message } = await opened('shell-4')
  const form = await openForm(REQUESTER, message, rescue)

  expect(await person(REQUESTER).submit(form.id, { line: 'one\ntwo' })).toMatchObject({
    kind: 'errors',
    errors: { line: expect.stringContaining('One line of text') },
  })
})
