/** `/oci-rescue stop <rescue> [-- why]`: from any channel, for it may be urgent; who may is asked of the rescue itself. */
import { assertNever } from '../../core/base/errors.ts'
import type { Desk } from '../desk.ts'
import { readRescueId } from '../rescue-id.ts'
import type { StopResult } from '../rescues.ts'
import { mention, say } from '../slack/text.ts'
import { type Typed, whisper } from './command.ts'
import { notUnderstood, unusedWords } from './usage.ts'

export async function stop(desk: Desk, typed: Typed): Promise<void> {
  const { person, channel, why, respond } = typed
  const words = desk.voice.text.commands.stop
  const [named, ...more] = typed.words
  if (named === undefined) return await whisper(respond, words.needsRescue)
  if (more.length > 0) return await notUnderstood(desk, typed, 'stop', unusedWords(desk, more))
  const rescue = readRescueId(named)
  if (rescue === undefined) return await whisper(respond, say(words.unknown, { rescue: named }))
  const result = await desk.rescues.stop(person, rescue, { team: person.team, channel }, why)
  await whisper(respond, stopWords(desk, rescue, result))
}

/** What came of the wish to stop, for the one who had it. */
export function stopWords({ voice }: Desk, rescue: string, result: StopResult): string {
  const words = voice.text.commands.stop
  switch (result.kind) {
    case 'asked':
      return say(words.asked, { rescue })
    case 'already-asked':
      return say(words.alreadyAsked, { rescue, person: mention(result.by, voice.text.thread.worker) })
    case 'not-allowed':
      return say(words.notAllowed, { rescue })
    case 'ended':
      return say(words.ended, { rescue })
    case 'unknown':
      return say(words.unknown, { rescue })
    default:
      return assertNever(result)
  }
}
