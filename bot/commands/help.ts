/** `/oci-rescue help`: what there is to type. */
import type { Desk } from '../desk.ts'
import { context, header, section } from '../slack/blocks.ts'
import { type Typed, whisper } from './command.ts'

export async function help({ voice, policy }: Desk, { respond }: Typed): Promise<void> {
  const words = voice.text.commands.help
  const how = policy.requesterMayApprove ? words.howAlone : words.how
  const sections = words.sections.map(({ title, lines }) => section([`*${title}*`, ...lines].join('\n')))
  await whisper(respond, words.text, [header(words.title), ...sections, context(words.users), context(how)])
}
