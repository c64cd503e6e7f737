/** What all forms have that start a rescue: on which instance, and in which channel its thread is. */
import type { InputBlock, KnownBlock } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { type Directory, ticketOf } from '../instances/directory.ts'
import type { Mentioned } from '../instances/mentioned.ts'
import { context, plainText } from '../slack/blocks.ts'
import { mentionChannel, say } from '../slack/text.ts'
import {
  Chosen,
  fieldSeen,
  type InstanceField,
  InstanceValues,
  instanceFields,
  listedField,
  otherField,
  readInstance,
  typedField,
} from './instance-field.ts'

/** Whoever speaks of more than these speaks of none. */
export const MOST_OFFERED = 20
/** Of radio buttons. */
const MOST_CHANNELS = 10

/** Travels with the form and comes back. */
const Metadata = z.object({
  /** Where the thread goes; of several, one is to be chosen. */
  channels: z.array(z.string()),
  /** True: whoever fills the form in is in another channel, and does not see the thread begin. */
  isElsewhere: z.boolean(),
  /** Tickets of instances to offer before anything is typed. */
  offered: z.array(z.string()),
  /** What was found in the message that the form was opened from. */
  recognised: z.enum(['one', 'several', 'none', 'unlisted']).optional(),
})
export type Metadata = z.infer<typeof Metadata>

export type Start = Readonly<Metadata> & { readonly instance: InstanceField }

/** Which channel, or channels, and whether that is where somebody is. */
export type Place = Pick<Start, 'channels' | 'isElsewhere'>

/** For a command that was typed in a channel, with the instance. */
export function startTyped(instance: string, channel: string): Start {
  const field: InstanceField = { kind: 'typed', value: instance, list: 'unused' }
  return { channels: [channel], isElsewhere: false, offered: [], instance: field }
}

/** The one instance that somebody speaks of is chosen; several are offered before anything is typed. */
export function startWith(
  directory: Directory | undefined,
  now: Date,
  { instances, unlisted }: Mentioned,
  { channels, isElsewhere }: Place,
): Start {
  const [only, ...more] = instances
  return {
    channels: channels.slice(0, MOST_CHANNELS),
    isElsewhere,
    offered: instances.slice(0, MOST_OFFERED).map(ticketOf),
    instance:
      unlisted === undefined
        ? listedField(directory, now, more.length === 0 ? only : undefined)
        : typedField(directory, unlisted),
  }
}

/** A form as it is being filled in, to be shown again with other fields. */
export function startSeen(view: unknown, directory: Directory | undefined, now: Date): Start {
  const { private_metadata, state } = Submitted.parse(view)
  return { ...readMetadata({ private_metadata }), instance: fieldSeen(state.values.instance, directory, now) }
}

/** The other way to name the instance: from the list, or typed. */
export function otherWay(start: Start, directory: Directory | undefined, now: Date): Start {
  return { ...start, instance: otherField(start.instance, directory, now) }
}

export function startMetadata({ instance: _, ...metadata }: Start): string {
  return JSON.stringify(metadata satisfies Metadata)
}

export function readMetadata(view: { readonly private_metadata: string }): Metadata {
  return Metadata.parse(JSON.parse(view.private_metadata))
}

export function startFields(text: Catalogue, start: Start): readonly KnownBlock[] {
  const { recognised } = text.commands.start
  return [
    ...(start.recognised === undefined ? [] : [context(recognised[start.recognised])]),
    ...instanceFields(text, start.instance),
    ...channelFields(text, start),
  ]
}

function channelFields({ commands }: Catalogue, { channels, isElsewhere }: Start): readonly KnownBlock[] {
  const words = commands.start
  const [only = '', ...more] = channels
  if (more.length > 0) return [channelInput(words, channels)]
  return isElsewhere ? [context(say(words.thread, { channel: mentionChannel(only) }))] : []
}

/** Radio buttons, for only their texts may name a channel as Slack shows it. */
function channelInput(words: Catalogue['commands']['start'], channels: readonly string[]): InputBlock {
  return {
    type: 'input',
    block_id: 'channel',
    label: plainText(words.channel, 2000),
    hint: plainText(words.channelHint, 2000),
    element: {
      type: 'radio_buttons',
      action_id: 'channel',
      options: channels.map((channel) => ({
        text: { type: 'mrkdwn', text: mentionChannel(channel).mrkdwn, verbatim: true },
        value: channel,
      })),
    },
  }
}

/** Only the fields that we use; Slack sends more. */
const Submitted = z.object({
  id: z.string(),
  private_metadata: z.string(),
  state: z.object({
    values: z.object({ instance: InstanceValues, channel: z.object({ channel: Chosen }).optional() }),
  }),
})

export interface FilledPlace {
  /** A name or an OCID. */
  readonly target: string
  readonly channel: string
  readonly isElsewhere: boolean
  /** Names this form, however often it is delivered. */
  readonly submission: string
}

export type FilledStart<Playbook extends PlaybookRequest = PlaybookRequest> =
  | ({ readonly kind: 'good'; readonly playbook: Playbook } & FilledPlace)
  /** Sentences by the input they belong to. None of them quotes what was filled in. */
  | { readonly kind: 'bad'; readonly errors: Readonly<Record<string, string>> }

export function readStart(
  text: Catalogue,
  view: unknown,
  directory: Directory | undefined,
): FilledPlace & { readonly errors: { readonly instance?: string } } {
  const { id, private_metadata, state } = Submitted.parse(view)
  const { channels, isElsewhere } = readMetadata({ private_metadata })
  const { instance, channel } = state.values
  return {
    ...readInstance(text, instance, directory),
    // Of several, the form demands a choice.
    channel: channel?.channel.selected_option?.value ?? channels[0] ?? '',
    isElsewhere,
    submission: id,
  }
}
