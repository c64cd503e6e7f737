/** `/oci-rescue undo <rescue>`: starts a rescue that takes back what another one has changed. */
import { assertNever } from '../../core/base/errors.ts'
import type { Person } from '../../core/record/events.ts'
import type { Desk } from '../desk.ts'
import { readRescueId } from '../rescue-id.ts'
import type { UndoResult } from '../rescues.ts'
import { mention, say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { openStart } from './start.ts'
import { NOTHING } from './understand.ts'
import { notUnderstood, unusedWords } from './usage.ts'

export async function undo(desk: Desk, typed: Typed): Promise<void> {
  const { person, channel, triggerId: submission, why, respond } = typed
  const [named, ...more] = typed.words
  if (more.length > 0) return await notUnderstood(desk, typed, 'undo', unusedWords(desk, more))
  if (named === undefined) {
    const verdict = await desk.rescues.mayStart(person, { playbooks: ['undo'], channel })
    if (verdict !== 'allowed') return await whisper(respond, refusalWords(desk, verdict, person))
    return await openStart(desk, typed, { ...NOTHING, task: 'undo' })
  }
  const rescue = readRescueId(named)
  if (rescue === undefined) return await whisper(respond, say(desk.voice.text.commands.undo.unknown, { rescue: named }))
  const from = { team: person.team, channel }
  const result = await desk.rescues.undo(person, rescue, { submission, why, from })
  await whisper(respond, undoWords(desk, person, rescue, result))
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
