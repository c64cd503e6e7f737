/** Two instances of one name: which one is meant. */
import type { KnownBlock } from '@slack/types'
import type { Instance } from '../../core/record/events.ts'
import { actions, button, context, header, type MessageBody, message, section } from '../slack/blocks.ts'
import { chooseAction } from '../slack/names.ts'
import { choiceReference } from '../slack/reference.ts'
import { moment, plain, say } from '../slack/text.ts'
import type { Thread } from './thread.ts'
import type { Voice } from './words.ts'

/** Two blocks each, within the room that Slack gives a message. */
const MOST_CANDIDATES = 10

export function choiceMessage(voice: Voice, { rescue, state }: Thread): MessageBody {
  const words = voice.text.thread.choice
  const names = { rescue, target: state.request?.target ?? '' }
  const { choice } = state
  if (choice === undefined) return message(rescue, [])
  const heading = header(plain(words.title, names))
  const text = say(words.text, names)
  const over = state.ended !== undefined || state.instance !== undefined
  if (state.chosenId !== undefined || over)
    return message(text, [heading, section(outcome(voice, state.chosenId ?? state.instance?.id))])
  const expires = say(voice.text.thread.gate.expires, { at: moment(choice.expiresAt) })
  return message(text, [
    heading,
    section(words.intro),
    ...candidates(voice, rescue, choice.candidates),
    context(expires),
  ])
}

function outcome({ text }: Voice, chosen: string | undefined): string {
  const words = text.thread.choice
  return chosen === undefined ? words.over : say(words.chosen, { id: chosen })
}

function candidates({ text }: Voice, rescue: string, all: readonly Instance[]): readonly KnownBlock[] {
  const words = text.thread.choice
  const shown = all.slice(0, MOST_CANDIDATES).flatMap((instance, index) => [
    section(say(words.candidate, { ...named(instance), state: instance.lifecycleState })),
    actions(
      button({
        label: words.button,
        action: chooseAction(index),
        value: choiceReference({ rescue, index }),
        spoken: plain(words.buttonLabel, { id: shortId(instance.id) }),
      }),
    ),
  ])
  const more = all.length - MOST_CANDIDATES
  return more > 0 ? [...shown, context(say(words.more, { count: more }))] : shown
}

function named({ id, name, shape, region }: Instance) {
  return { id, name, shape, region }
}

/** OCIDs of one tenancy differ at their ends. */
function shortId(id: string): string {
  return id.length > 24 ? `…${id.slice(-12)}` : id
}
