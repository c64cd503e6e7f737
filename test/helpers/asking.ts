/** How tests of the bot begin: a person asks for a rescue, and a scripted worker takes it; and what people read of it. */
import type { EventType, Origin } from '../../core/record/events.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { CHANNEL, type Office, REQUESTER } from './office.ts'
import { makePublicKey } from './public-keys.ts'
import { INSTANCE, ScriptedWorker } from './scripted-rescue.ts'

const soon = () => AbortSignal.timeout(30_000)

export interface Asked {
  readonly rescue: string
  readonly card: Message
}

/** The rescue that comes of `ask`. */
export async function newRescue({ slack }: Office, ask: () => Promise<unknown>, signal = soon()): Promise<Asked> {
  const before = new Set(slack.messages(CHANNEL).map(({ ts }) => ts))
  await ask()
  const isNew = ({ ts, metadata }: Message) => !before.has(ts) && metadata?.event_payload.key === 'card'
  const card = await slack.person(REQUESTER).until('the card', (sight) => sight.messages(CHANNEL).find(isNew), signal)
  return { rescue: String(card.metadata?.event_payload.rescue), card }
}

/** `command` as it stands behind `/oci-rescue`, of those that need no form. */
export function askFor(office: Office, command: string): Promise<Asked> {
  return newRescue(office, () => office.slack.person(REQUESTER).command(CHANNEL, `/oci-rescue ${command}`))
}

/** Types `replace-key`, and fills in its form. */
export function askForKey(office: Office, instance: string, key = makePublicKey('riya@laptop').line): Promise<Asked> {
  const riya = office.slack.person(REQUESTER)
  return newRescue(office, async () => {
    await riya.command(CHANNEL, `/oci-rescue replace-key ${instance}`)
    const form = await riya.until('the form', (sight) => sight.views().at(-1), soon())
    const sent = await riya.submit(form.id, { key })
    // Of many at once the cards wait for each other, and the form says so.
    if (sent.kind === 'shown' && JSON.stringify(sent.view).includes('takes longer')) await riya.closeView(form.id)
    else if (sent.kind !== 'closed') throw new Error(`the form was not taken: ${sent.kind}`)
  })
}

/** In the hands of a worker that has found the instance, another one for each name. */
export async function takeUp({ log }: Office, rescue: string, name: string): Promise<ScriptedWorker> {
  const worker = await ScriptedWorker.claim(log, rescue, soon())
  await worker.find({ ...INSTANCE, id: `${INSTANCE.id}-${name}`, name })
  return worker
}

/** Where the newest event of this type was done, as the log of the rescue has it. */
export async function originOf({ log }: Office, rescue: string, type: EventType): Promise<Origin | undefined> {
  const { entries } = await log.read(rescue, 0)
  return entries.findLast(({ event }) => event.type === type)?.from
}

/** A private answer; there is none before with these words. */
export function untilWhispered({ slack }: Office, user: string, words: string | RegExp): Promise<Message> {
  const isMeant = (message: Message) => says(message, words)
  return slack.person(user).until(`a whisper with ${words}`, (sight) => sight.ephemerals(CHANNEL).find(isMeant), soon())
}

export function says({ text, blocks }: Message, words: string | RegExp): boolean {
  const all = `${text} ${JSON.stringify(blocks ?? [])}`
  return typeof words === 'string' ? all.includes(words) : words.test(all)
}
