/** What people do in a rescue besides approving it: in forms, in messages that are for them alone, and at a console. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { z } from 'zod'
import { newConsoleKey } from '../../deploy/local/oci/oci-fixture.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import type { Running } from '../../deploy/local/start.ts'
import { messageText } from '../../deploy/local/thread-text.ts'
import { ask, type Played, press, untilEnded } from '../../deploy/local/unattended.ts'
import { confirmBoth, personAtConsole, type Terminal } from '../helpers/person-at-console.ts'

const never = new AbortController().signal
const FINGERPRINT = /SHA256:[A-Za-z0-9+/]{43}=?|(?:[0-9a-f]{2}:){15}[0-9a-f]{2}/
/** A guest under emulation gets to its maintenance shell before anybody is asked. */
const PATIENCE_MS = 600_000

/** The requester opens the file that the rescue asks about, and sends it with what `change` makes of each part of it. */
export async function editFile(running: Running, played: Played, change: (text: string) => string): Promise<void> {
  const { slack, channel, people } = running
  const requester = slack.person(people.requester)
  const asked = await questionWith('answer', running, played)
  await requester.click(channel, asked.ts, 'answer')
  const form = await requester.until('the form', (sight) => sight.views().at(-1), AbortSignal.timeout(PATIENCE_MS))
  const parts = form.blocks.flatMap((block) => {
    if (block.type !== 'input') return []
    const text = 'initial_value' in block.element ? String(block.element.initial_value) : ''
    return [[`${block.block_id}/text`, change(text)]]
  })
  expect(await requester.submit(form.id, Object.fromEntries(parts))).toMatchObject({ kind: 'closed' })
}

/** The requester gets the long file that the rescue asks about, and sends back what `change` makes of it, as a file. */
export async function sendFile(running: Running, played: Played, change: (text: string) => string): Promise<void> {
  const { slack, channel, people } = running
  const requester = slack.person(people.requester)
  const asked = await questionWith('get-file', running, played)
  await requester.click(channel, asked.ts, 'get-file')
  const [file] = await requester.until(
    'the file',
    (sight) => sight.messages(sight.direct).findLast(({ files = [] }) => files.length > 0)?.files,
    AbortSignal.timeout(PATIENCE_MS),
  )
  const text = Buffer.from(slack.file(file?.id ?? '')?.bytes ?? []).toString()
  const url = `${slack.pageUrl}page-api/give/changed.conf?user=${people.requester}`
  const given: unknown = await (await fetch(url, { method: 'POST', body: change(text) })).json()
  await requester.click(channel, asked.ts, 'answer')
  const form = await requester.until('the form', (sight) => sight.views().at(-1), AbortSignal.timeout(PATIENCE_MS))
  await requester.submit(form.id, { file: [z.object({ file: z.object({ id: z.string() }) }).parse(given).file.id] })
}

/** The question of a rescue for a file, with that button. */
async function questionWith(
  action: string,
  { slack, channel, people }: Running,
  { rescue, card }: Played,
): Promise<Message> {
  return await slack
    .person(people.requester)
    .until(
      'the file to edit',
      (sight) =>
        sight
          .thread(channel, card)
          .find(
            (message) => JSON.stringify(message.blocks ?? '').includes(`"${rescue}:`) && hasButton(message, action),
          ),
      AbortSignal.timeout(PATIENCE_MS),
    )
}

function hasButton(message: Message, action: string): boolean {
  return JSON.stringify(message.blocks ?? []).includes(`"action_id":"${action}"`)
}

/** The newest message that the bot has sent to the requester alone about a rescue, as soon as there is one. */
export async function privateWords({ slack, people }: Running, { rescue }: Played): Promise<string> {
  const message = await slack
    .person(people.requester)
    .until(
      'a private message',
      (sight) => sight.messages(sight.direct).findLast(({ metadata }) => metadata?.event_payload.rescue === rescue),
      AbortSignal.timeout(PATIENCE_MS),
    )
  return messageText(message)
}

export interface TakenConsole extends AsyncDisposable {
  readonly terminal: Terminal
  /** Ends the rescue that handed it out. */
  giveBack(): Promise<void>
}

/** The requester is given web-1's console for a key of their own, and opens it with the command as it was given. */
export async function takeConsole(running: Running): Promise<TakenConsole> {
  await using undo = new AsyncDisposableStack()
  const key = newConsoleKey()
  const script = { say: '/oci-rescue connect web-1', publicKey: key.publicLine, approval: { kind: 'approve' } } as const
  const played = await ask(running, script, never)
  await press(running, played, 1, 'approve', never)
  const words = await privateWords(running, played)
  const command = words.split('\n').find((line) => line.startsWith('ssh -F none')) ?? ''
  const person = undo.use(await personAtConsole(key.privatePem))
  const terminal = undo.use(person.paste(command))
  await confirmBoth(terminal, FINGERPRINT.exec(words)?.[0] ?? '')
  const requester = running.slack.person(running.people.requester)
  const belongings = undo.move()
  return {
    terminal,
    giveBack: async () => {
      await requester.command(running.channel, `/oci-rescue stop ${played.rescue}`)
      await untilEnded(running, played, never)
    },
    [Symbol.asyncDispose]: () => belongings.disposeAsync(),
  }
}

/** Presses Enter until something is there that matches. */
export async function wake(terminal: Terminal, prompt: RegExp): Promise<void> {
  const press = () => {
    if (!prompt.test(terminal.said)) terminal.pty.write('\r')
    return terminal.said
  }
  await expect.poll(press, { timeout: PATIENCE_MS, interval: 3000 }).toMatch(prompt)
}

/** Types `answer` as soon as what was said since `after` matches; gives where that was. */
export async function answerAt(terminal: Terminal, question: RegExp, answer: string, after = 0): Promise<number> {
  await expect.poll(() => terminal.said.slice(after), { timeout: PATIENCE_MS, interval: 200 }).toMatch(question)
  // A prompt throws away what was typed before it.
  await sleep(300)
  const from = terminal.said.length
  terminal.pty.write(`${answer}\r`)
  return from
}
