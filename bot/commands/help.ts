/** `/oci-rescue help [command]`: what there is to type. */
import type { Policy } from '../../core/approvals/policy.ts'
import type { Desk } from '../desk.ts'
import { context, header, section } from '../slack/blocks.ts'
import { type Typed, whisper } from './command.ts'
import { helpLine, linesAbout } from './usage.ts'

export async function help({ voice, policy }: Desk, { channel, respond, words: [command] }: Typed): Promise<void> {
  const words = voice.text.commands.help
  const how = mayApproveOwn(policy, channel) ? words.howAlone : words.how
  const about = command === undefined ? [] : linesAbout(voice, command)
  const shown =
    about.length > 0
      ? [section(about.join('\n'))]
      : words.sections.map(({ title, lines }) =>
          section([`*${title}*`, ...lines.map((line) => helpLine(voice, line))].join('\n')),
        )
  await whisper(respond, words.text, [header(words.title), ...shown, context(words.users), context(how)])
}

function mayApproveOwn({ rules }: Policy, channel: string): boolean {
  return rules.some(
    ({ channels, gates }) => channels.includes(channel) && (gates[1].requesterCounts || gates[2].requesterCounts),
  )
}
