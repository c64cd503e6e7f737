/** `/oci-rescue …`: acknowledged at once, then handed to its subcommand. */
import type { App } from '@slack/bolt'
import { attend, type Desk, speakingTo } from '../desk.ts'
import { offerTo } from '../offer.ts'
import { COMMAND } from '../slack/names.ts'
import { commander } from '../slack/people.ts'
import { say, unescapeMrkdwn } from '../slack/text.ts'
import { type Subcommand, type Typed, whisper } from './command.ts'
import { connect } from './connect.ts'
import { DIRECT_COMMANDS, direct } from './direct.ts'
import { edit } from './edit.ts'
import { help } from './help.ts'
import { replaceKey } from './replace-key.ts'
import { shell } from './shell.ts'
import { called, isAny, openStart, spokenOf, start } from './start.ts'
import { status } from './status.ts'
import { stop } from './stop.ts'
import { begunWith, meant } from './suggest.ts'
import { undo } from './undo.ts'

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ['', start],
  ['help', help],
  ['edit', edit],
  ['replace-key', replaceKey],
  ['connect', connect],
  ...DIRECT_COMMANDS.map((name) => [name, direct(name)] as const),
  ['shell', shell],
  ['status', status],
  ['stop', stop],
  ['undo', undo],
])

export const NAMES = [...SUBCOMMANDS.keys()].filter((name) => name !== '')

export function registerCommands(app: App, desk: Desk): void {
  app.command(COMMAND, async ({ ack, command, client, respond }) => {
    await ack()
    const { channel_id: channel, trigger_id: triggerId } = command
    const caller = { person: commander(command), channel, triggerId, client, respond }
    const tell = (mrkdwn: string) => whisper(respond, mrkdwn)
    const theirs = await speakingTo(desk, caller.person, client)
    await attend(theirs, 'command', tell, () => answerCommand(theirs, command.text, caller))
  })
}

/** Does what was typed behind the command's name, or says what is wrong with it. */
export async function answerCommand(desk: Desk, text: string, caller: Omit<Typed, 'words' | 'why'>): Promise<void> {
  const { words: all, why } = splitWhy(text)
  const [name = '', ...words] = readWords(all)
  const typed = { ...caller, words, why }
  const subcommand = SUBCOMMANDS.get(name.toLowerCase())
  if (subcommand === undefined) return await noCommand(desk, name, typed)
  await (isHelpWanted(words) ? help(desk, { ...typed, words: [name] }) : subcommand(desk, typed))
}

/** `fsck help` asks about `fsck`, and rescues no instance of that name. */
function isHelpWanted(words: readonly string[]): boolean {
  return words.length === 1 && /^(?:help|-h|--help|\u2014help)$/i.test(words[0] ?? '')
}

/** An instance that is called exactly so; or a command that was mistyped; or instances that are spoken of. */
async function noCommand(desk: Desk, command: string, typed: Typed): Promise<void> {
  const said = [command, ...typed.words].join(' ')
  // Whoever may not rescue them is not told either which there are.
  const offered = await offerTo(desk.rescues, typed.person, [typed.channel])
  const guess = begunWith(command, NAMES) ?? meant(command, NAMES)
  if (offered.kind === 'refused') return await unknown(desk, command, typed, guess)
  const directory = await desk.instances.now()
  const exact = called(directory, said)
  const found = isAny(exact) || guess !== undefined ? exact : spokenOf(directory, said)
  if (isAny(found)) return await openStart(desk, typed, { directory, offer: offered.offer, found })
  await unknown(desk, command, typed, guess)
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

/** `fsck web-1 -- it hangs at boot`: many keyboards make one dash of two. */
function splitWhy(text: string): { readonly words: string; readonly why: string } {
  const { words, why } = /^(?<words>.*?)(?:^|\s)(?:--|\u2013|\u2014)\s(?<why>.*)$/s.exec(text)?.groups ?? {}
  return { words: words ?? text, why: unescapeMrkdwn(why ?? '').trim() }
}

/** A name with blanks stands in quotation marks, straight or curly. */
function readWords(text: string): readonly string[] {
  return [
    ...unescapeMrkdwn(text).matchAll(/["\u201c\u201d](?<quoted>[^"\u201c\u201d]*)["\u201c\u201d]|(?<word>\S+)/g),
  ].map(({ groups }) => groups?.quoted ?? groups?.word ?? '')
}
