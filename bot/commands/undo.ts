/** `/oci-rescue undo <rescue>`: starts a rescue that takes back what another one has changed. */
import { assertNever } from '../../core/base/errors.ts'
import type { Person } from '../../core/record/events.ts'
import type { Desk } from '../desk.ts'
import { readRescueId } from '../rescue-id.ts'
import type { UndoResult } from '../rescues.ts'
import { mention, say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'

export async function undo(desk: Desk, { person, channel, words: [typed], triggerId, respond }: Typed): Promise<void> {
  const words = desk.voice.text.commands.undo
  if (typed === undefined) return await whisper(respond, words.needsRescue)
  const rescue = readRescueId(typed)
  if (rescue === undefined) return await whisper(respond, say(words.unknown, { rescue: typed }))
  const from = { team: person.team, channel }
  await whisper(respond, undoWords(desk, person, rescue, await desk.rescues.undo(person, rescue, triggerId, from)))
}

/** What came of the wish to undo, for the one who had it. */
export function undoWords(desk: Desk, person: Person, rescue: string, result: UndoResult): string {
  const { text } = desk.voice
  const words = text.commands.undo
  switch (result.kind) {
    case 'started':
      return say(words.started, { rescue, undo: result.rescue })
    case 'already-undoing':
      return say(words.alreadyUndoing, { rescue, undo: result.rescue, person: mention(result.by, text.thread.worker) })
    case 'refused':
      return refusalWords(desk, result.verdict, person)
    case 'unknown':
      return say(words.unknown, { rescue })
    case 'not-ended':
      return say(words.notEnded, { rescue })
    case 'nothing-changed':
      return say(words.nothingChanged, { rescue })
    default:
      return assertNever(result)
  }
}
