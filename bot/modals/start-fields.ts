/** What all forms have that start a rescue: on which instance, in which channel its thread is, and what for. */
import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { Origin } from '../../core/record/events.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { type Directory, ticketOf } from '../instances/directory.ts'
import type { Mentioned } from '../instances/mentioned.ts'
import { type Said, wordsIn } from '../read-request.ts'
import { context, plainText } from '../slack/blocks.ts'
import { mentionChannel, say } from '../slack/text.ts'
import { Text, WhyInput, whyIn } from './inputs.ts'
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
import { channelsOffering, PackedOffer, packed, type Task, unpacked } from './tasks.ts'

/** Whoever speaks of more than these speaks of none. */
export const MOST_OFFERED = 20
/** Of radio buttons. */
const MOST_CHANNELS = 10

/** Travels with the form and comes back. */
const Metadata = z.object({
  /** Where the thread goes; of several, one is to be chosen. */
  channels: z.array(z.string()),
  /** What the form may offer; empty for one that was opened for one thing. */
  offer: PackedOffer.transform(unpacked),
  /** True: whoever fills the form in is in another channel, and does not see the thread begin. */
  isElsewhere: z.boolean(),
  /** Tickets of instances to offer before anything is typed. */
  offered: z.array(z.string()),
  /** What was found in the message that the form was opened from. */
  recognised: z.enum(['one', 'several', 'none', 'unlisted']).optional(),
  /** Where the button or the message stands that it was opened from; of a command, where the thread goes. */
  from: Origin.omit({ team: true }).optional(),
  /** Words of the command that nobody could make out. */
  unclear: z.string().optional(),
})
export type Metadata = z.infer<typeof Metadata>

export interface Start extends Readonly<Metadata> {
  readonly instance: InstanceField
  /** What was said of what is to be done, as far as it was. */
  readonly said: Said
  /** What for, as far as that was said. */
  readonly why: string
}

/** What may be asked for in which channels, and whether those are where somebody is. */
export type Place = Pick<Start, 'offer' | 'isElsewhere'>

/** For a command that was typed in a channel, with the instance. */
export function startTyped(instance: string, channel: string, why: string): Start {
  const field: InstanceField = { kind: 'typed', value: instance, list: 'unused' }
  return { channels: [channel], offer: {}, isElsewhere: false, offered: [], instance: field, said: {}, why }
}

/** The one instance that somebody speaks of is chosen; several are offered before anything is typed. */
export function startWith(
  directory: Directory | undefined,
  now: Date,
  { instances, unlisted }: Mentioned,
  { offer, isElsewhere }: Place,
  why: string,
): Start {
  const [only, ...more] = instances
  const first = Object.fromEntries(Object.entries(offer).slice(0, MOST_CHANNELS))
  return {
    channels: Object.keys(first),
    offer: first,
    isElsewhere,
    offered: instances.slice(0, MOST_OFFERED).map(ticketOf),
    instance:
      unlisted === undefined
        ? listedField(directory, now, more.length === 0 ? only : undefined)
        : typedField(directory, unlisted),
    said: {},
    why,
  }
}

/** For this task, in the channels in which it may be asked for. */
export function startFor(start: Start, task: Task): Start {
  return { ...start, channels: [...channelsOffering(start.offer, task)] }
}

/** A form as it is being filled in, to be shown again with other fields. */
export function startSeen(view: unknown, directory: Directory | undefined, now: Date): Start {
  const { private_metadata, state } = Submitted.parse(view)
  const { instance = {}, why } = state.values
  return {
    ...readMetadata({ private_metadata }),
    instance: fieldSeen(instance, directory, now),
    said: saidIn(view),
    why: whyIn(why),
  }
}

/** What is filled in of what is to be done. */
export function saidIn(view: unknown): Said {
  const { user, only, path, of } = Submitted.parse(view).state.values
  return {
    ...(user && { user: user.user.value ?? '' }),
    ...(only && { only: wordsIn(only.only.value ?? '') }),
    ...(path && { path: path.path.value ?? '' }),
    ...(of && { of: of.of.value ?? '' }),
  }
}

/** The other way to name the instance: from the list, or typed. */
export function otherWay(start: Start, directory: Directory | undefined, now: Date): Start {
  return { ...start, instance: otherField(start.instance, directory, now) }
}

export function startMetadata({ instance: _, said: __, why: ___, offer, ...metadata }: Start): string {
  return JSON.stringify({ ...metadata, offer: packed(offer) } satisfies z.input<typeof Metadata>)
}

export function readMetadata(view: { readonly private_metadata: string }): Metadata {
  return Metadata.parse(JSON.parse(view.private_metadata))
}

/** The frame of a form that starts a rescue, with words of its own where it is opened for one thing alone. */
export function startModal(
  { commands }: Catalogue,
  callbackId: string,
  start: Start,
  blocks: readonly KnownBlock[],
  { title = commands.start.title, submit = commands.modal.submit }: { title?: string; submit?: string } = {},
): ModalView {
  return {
    type: 'modal',
    callback_id: callbackId,
    private_metadata: startMetadata(start),
    title: plainText(title, 24),
    submit: plainText(submit, 24),
    close: plainText(commands.modal.close, 24),
    blocks: [...blocks],
  }
}

export function startFields(text: Catalogue, start: Start): readonly KnownBlock[] {
  const words = text.commands.start
  return [
    ...(start.recognised === undefined ? [] : [context(words.recognised[start.recognised])]),
    ...(start.unclear === undefined ? [] : [context(say(words.unclear, { said: start.unclear }))]),
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
    values: z.object({
      instance: InstanceValues.optional(),
      channel: z.object({ channel: Chosen }).optional(),
      why: WhyInput,
      user: z.object({ user: Text }).optional(),
      only: z.object({ only: Text }).optional(),
      path: z.object({ path: Text }).optional(),
      of: z.object({ of: Text }).optional(),
    }),
  }),
})

export interface FilledPlace {
  /** A name or an OCID. */
  readonly target: string
  readonly channel: string
  readonly why: string
  readonly isElsewhere: boolean
  readonly from: Metadata['from']
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
  const { channels, isElsewhere, from } = readMetadata({ private_metadata })
  const { instance = {}, channel, why } = state.values
  return {
    ...readInstance(text, instance, directory),
    // Of several, the form demands a choice.
    channel: channel?.channel.selected_option?.value ?? channels[0] ?? '',
    why: whyIn(why),
    isElsewhere,
    from,
    submission: id,
  }
}
