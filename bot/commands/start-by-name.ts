/** Starts what needs no form: all it has to be told stands in the command. */
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import type { Desk } from '../desk.ts'
import { isSeen } from '../seen.ts'
import { say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'

export async function startByName(desk: Desk, typed: Typed, playbook: PlaybookRequest, target: string): Promise<void> {
  const { person, channel, triggerId: submission, why, respond } = typed
  const started = await desk.rescues.start(person, { playbook, target, channel, why, submission })
  if (started.kind === 'refused') return await whisper(respond, refusalWords(desk, started.verdict, person))
  if (!(await isSeen(desk, person, started.rescue, channel)))
    return await whisper(respond, desk.voice.text.commands.notInvited)
  await whisper(respond, say(desk.voice.text.commands.started, { rescue: started.rescue }))
}
