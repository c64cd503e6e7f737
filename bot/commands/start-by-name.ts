/** Starts what needs no form: all it has to be told stands in the command. */
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { unseenWords } from '../seen.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'

export async function startByName(desk: Desk, typed: Typed, playbook: PlaybookRequest, target: string): Promise<void> {
  const { person, channel, triggerId: submission, why, respond } = typed
  const started = await desk.rescues.start(person, { playbook, target, channel, why, submission })
  if (started.kind === 'refused') return await whisper(respond, refusalWords(desk, started.verdict, person))
  const unseen = await unseenWords(desk, started.rescue)
  await whisper(respond, unseen ?? say(desk.voice.text.commands.started, { rescue: started.rescue }))
}
