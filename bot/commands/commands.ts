/** `/oci-rescue …`: acknowledged at once, then handed to its subcommand. */
import type { App } from '@slack/bolt'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import { playbookOf } from '../modals/tasks.ts'
import { offerTo } from '../offer.ts'
import { ASKABLE, splitWhy, wordsIn } from '../read-request.ts'
import { COMMAND } from '../slack/names.ts'
import { commander } from '../slack/people.ts'
import { say } from '../slack/text.ts'
import { ask } from './ask.ts'
import { type Subcommand, type Typed, whisper } from './command.ts'
import { help } from './help.ts'
import { refusalWords } from './refusal.ts'
import { showStart, start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { begunWith, meant } from './suggest.ts'
import { beginsWithName, isAny, understand } from './understand.ts'
import { undo } from './undo.ts'

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ['', start],
  ['help', help],
  ...ASKABLE.map((name) => [name, name === 'undo' ? undo : ask(name)] as const),
  ['status', status],
  ['stop', stop],
])

export const NAMES = [...SUBCOMMANDS.keys()].filter((name) => name !== '')

export function registerCommands(app: App, desk: Desk): void {
  app.command(COMMAND, async ({ ack, command, client, respond }) => {
    await ack()
    const { channel_id: channel, trigger_id: triggerId } = command
    const caller = { person: commander(command), channel, triggerId, client, respond }
    if (await wasHeard(desk, JSON.stringify(['command', triggerId, caller.person, channel, command.text]))) return
    const tell = (mrkdwn: string) => whisper(respond, mrkdwn)
    const theirs = await speakingTo(desk, caller.person, client)
    await attend(theirs, 'command', tell, () => answerCommand(theirs, command.text, caller))
  })
}

/** Does what was typed behind the command's name, or says what is wrong with it. */
export async function answerCommand(desk: Desk, text: string, caller: Omit<Typed, 'words' | 'why'>): Promise<void> {
  const { words: all, why } = splitWhy(text)
  const [name = '', ...words] = wordsIn(all)
  const typed = { ...caller, words, why }
  const subcommand = SUBCOMMANDS.get(name.toLowerCase())
  if (subcommand === undefined) return await noCommand(desk, name, typed)
  await (isHelpWanted(words) ? help(desk, { ...typed, words: [name] }) : subcommand(desk, typed))
}

/** `fsck help` asks about `fsck`, and rescues no instance of that name; so does `fsck web-1 --help`. */
function isHelpWanted(words: readonly string[]): boolean {
  const last = words.at(-1) ?? ''
  return /^(?:-h|(?:--|\u2014)help)$/i.test(last) || (words.length === 1 && /^help$/i.test(last))
}

/** Words in an order of their own; or a command that was mistyped. */
async function noCommand(desk: Desk, command: string, typed: Typed): Promise<void> {
  const { rescues, instances } = desk
  const { person, channel, respond } = typed
  const words = [command, ...typed.words]
  const offered = await offerTo(rescues, person, [channel])
  // Whoever may not rescue them is not told either which there are.
  const directory = offered.kind === 'refused' ? undefined : await instances.now()
  const understood = understand(directory, words)
  const { task, found, unclear } = understood
  const guess = begunWith(command, NAMES) ?? meant(command, NAMES)
  const isGuess = guess !== undefined && !beginsWithName(directory, words)
  if (isGuess && (task === undefined || unclear.includes(command))) return await unknown(desk, command, typed, guess)
  if (task !== undefined) {
    const verdict = await rescues.mayStart(person, { playbooks: [playbookOf(task)], channel })
    if (verdict !== 'allowed') return await whisper(respond, refusalWords(desk, verdict, person))
  }
  if (offered.kind === 'refused' || (task === undefined && !isAny(found)))
    return await unknown(desk, command, typed, guess)
  await showStart(desk, typed, understood, { offer: offered.offer, directory })
}

/** All of the help for a word that nobody can guess at, one line of it for one that somebody can. */
async function unknown(desk: Desk, command: string, typed: Typed, guess: string | undefined): Promise<void> {
  const words = desk.voice.text.commands
  await whisper(
    typed.respond,
    guess === undefined ? say(words.unknown, { command }) : say(words.unknownMeant, { command, meant: guess }),
  )
  if (guess === undefined) await help(desk, { ...typed, words: [] })
}
