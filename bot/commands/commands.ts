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

const NAMES = [...SUBCOMMANDS.keys()].filter((name) => name !== '')

export function registerCommands(app: App, desk: Desk): void {
  app.command(COMMAND, async ({ ack, command, client, respond }) => {
    await ack()
    const { words: all, why } = splitWhy(command.text)
    const [name = '', ...words] = readWords(all)
    const typed = {
      person: commander(command),
      channel: command.channel_id,
      words,
      why,
      triggerId: command.trigger_id,
      client,
      respond,
    }
    const tell = (mrkdwn: string) => whisper(respond, mrkdwn)
    const theirs = await speakingTo(desk, typed.person, client)
    await attend(theirs, 'command', tell, async () => {
      const subcommand = SUBCOMMANDS.get(name.toLowerCase())
      if (subcommand === undefined) return await noCommand(theirs, name, typed)
      await (isHelpWanted(words) ? help(theirs, { ...typed, words: [name] }) : subcommand(theirs, typed))
    })
  })
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
