/** `/oci-rescue help [command]`: what there is to type. */
import type { Policy } from '../../core/approvals/policy.ts'
import type { Desk } from '../desk.ts'
import { context, header, section } from '../slack/blocks.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'

export async function help({ voice, policy }: Desk, { channel, respond, words: [command] }: Typed): Promise<void> {
  const words = voice.text.commands.help
  const how = mayApproveOwn(policy, channel) ? words.howAlone : words.how
  const sections = words.sections.map(({ title, lines }) => ({
    title,
    lines: lines.map((line) => say(line, { prefix: voice.commandPrefix })),
  }))
  const about = sections.flatMap(({ lines }) => lines).filter((line) => isAbout(line, command))
  const shown =
    about.length > 0
      ? [section(about.join('\n'))]
      : sections.map(({ title, lines }) => section([`*${title}*`, ...lines].join('\n')))
  await whisper(respond, words.text, [header(words.title), ...shown, context(words.users), context(how)])
}

function mayApproveOwn({ rules }: Policy, channel: string): boolean {
  return rules.some(
    ({ channels, gates }) => channels.includes(channel) && (gates[1].requesterCounts || gates[2].requesterCounts),
  )
}

/** A line may tell of several commands; each stands in it as it is typed, in a thread with a sign before it. */
function isAbout(line: string, command: string | undefined): boolean {
  return (
    command !== undefined &&
    [...line.matchAll(/`[^\w`]*(?<name>[a-z-]+)/g)].some(({ groups }) => groups?.name === command)
  )
}
