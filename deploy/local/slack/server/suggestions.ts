/** Type-ahead: what a person types in an `external_select` goes to the app, which answers with the options (docs.slack.dev, block_suggestion). */
import { z } from 'zod'
import { actedOn, type Means, visibleMessage } from './deeds.ts'
import { Option } from './elements.ts'
import type { SlackChannel, SlackUser } from './options.ts'
import { suggestionPayload } from './payloads.ts'
import { SlackRefusal } from './refusal.ts'
import { ownView } from './views.ts'

/** Where the select stands: in an open modal, or in a message. */
export type SelectPlace = { readonly view: string } | { readonly channel: SlackChannel; readonly message: string }

export type Suggestions =
  | { kind: 'options'; options: readonly Option[]; milliseconds: number }
  /** Slack shows "No results" for an answer that is late or malformed; here it is said why. */
  | { kind: 'failed'; error: string }

const MOST_OPTIONS = 100
const Group = z.object({ label: z.unknown(), options: z.array(Option).max(MOST_OPTIONS) })
const Answer = z.union([
  z.object({ options: z.array(Option).max(MOST_OPTIONS) }),
  z.object({ option_groups: z.array(Group).max(MOST_OPTIONS) }),
])

/** Asks the app; `typed` is what stands in the field so far. */
export async function suggest(
  means: Means,
  user: SlackUser,
  place: SelectPlace,
  given: { readonly actionId: string; readonly blockId?: string | undefined },
  typed: string,
): Promise<Suggestions> {
  const { workspace, sockets } = means
  const shown =
    'view' in place
      ? { view: ownView(workspace.views, user.id, place.view) }
      : { channel: place.channel, message: visibleMessage(workspace, user, place.channel, place.message) }
  const blocks = 'view' in shown ? shown.view.blocks : (shown.message.blocks ?? [])
  const acted = actedOn(blocks, given, {}, workspace.nextTs())
  if (acted.element.type !== 'external_select') throw new SlackRefusal('action_not_found')
  const delivery = await sockets.deliver('interactive', suggestionPayload({ workspace, user }, shown, acted, typed))
  if (delivery.kind === 'failed') return delivery
  means.acknowledged(delivery.milliseconds)
  const answer = Answer.safeParse(delivery.payload)
  if (!answer.success) return { kind: 'failed', error: 'invalid_options' }
  const options =
    'options' in answer.data ? answer.data.options : answer.data.option_groups.flatMap((group) => group.options)
  return { kind: 'options', options, milliseconds: delivery.milliseconds }
}
