/** How a command is typed: the lines of the help about it, and the answer to words that it can not use. */
import type { Desk } from '../desk.ts'
import { section } from '../slack/blocks.ts'
import { say } from '../slack/text.ts'
import type { Voice } from '../thread/words.ts'
import { type Typed, whisper } from './command.ts'

/** None for a word that is no command. */
export function linesAbout(voice: Voice, command: string): readonly string[] {
  return voice.text.commands.help.sections
    .flatMap(({ lines }) => lines.map((line) => helpLine(voice, line)))
    .filter((line) => isAbout(line, command))
}

/** A line of the catalogue as it is shown. */
export function helpLine({ commandPrefix }: Voice, line: string): string {
  return say(line, { prefix: commandPrefix })
}

/** A line may tell of several commands; each stands in it as it is typed, in a thread with a sign before it. */
function isAbout(line: string, command: string): boolean {
  return [...line.matchAll(/`[^\w`]*(?<name>[a-z-]+)/g)].some(({ groups }) => groups?.name === command)
}

/** What is wrong with what was typed, and how the command is. */
export async function notUnderstood(
  { voice }: Desk,
  { respond }: Typed,
  command: string,
  wrong: string,
): Promise<void> {
  await whisper(respond, wrong, [section(wrong), section(linesAbout(voice, command).join('\n'))])
}

/** These words are more than a command can use. */
export function unusedWords({ voice }: Desk, words: readonly string[]): string {
  return say(voice.text.commands.badWords, { said: words.join(' ') })
}
