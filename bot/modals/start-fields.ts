/**
 * What all forms have that start a rescue: on which instance, and in which channel its thread is. The instance is chosen
 * from the list that workers make, by type-ahead; or typed, where there is no list, or it is not in it.
 */
import type { InputBlock, KnownBlock } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { isOld, type ListedInstance } from '../../core/record/inventory.ts'
import type { PlaybookRequest } from '../../core/record/playbooks.ts'
import { type Directory, ticketOf } from '../instances/directory.ts'
import type { Mentioned } from '../instances/mentioned.ts'
import { optionFor } from '../instances/option.ts'
import { actions, button, context, plainText, sectionWith } from '../slack/blocks.ts'
import { ACTIONS, CHOOSE_INSTANCE } from '../slack/names.ts'
import { clean, mentionChannel, moment, say } from '../slack/text.ts'
import { Text, textInput } from './inputs.ts'

/** OCI's limit for display names, and the length of the longest OCIDs. */
const LONGEST_TARGET = 255
/** Whoever speaks of more than these speaks of none. */
const MOST_OFFERED = 20
/** Of radio buttons. */
const MOST_CHANNELS = 10

export type InstanceField =
  | {
      readonly kind: 'listed'
      readonly directory: Directory
      readonly isOld: boolean
      readonly chosen?: ListedInstance
    }
  /** `list`: whether it could be chosen instead. `unused`: whoever opened the form has named it already. */
  | { readonly kind: 'typed'; readonly value: string; readonly list: 'missing' | 'at-hand' | 'unused' }

const Recognised = z.enum(['one', 'several', 'none', 'unlisted'])

/** Travels with the form and comes back. */
const Metadata = z.object({
  /** Where the thread goes; of several, one is to be chosen. */
  channels: z.array(z.string()),
  /** True: whoever fills the form in is in another channel, and does not see the thread begin. */
  isElsewhere: z.boolean(),
  /** Tickets of instances to offer before anything is typed. */
  offered: z.array(z.string()),
  /** What was found in the message that the form was opened from. */
  recognised: Recognised.optional(),
})
export type Metadata = z.infer<typeof Metadata>

export type Start = Readonly<Metadata> & { readonly instance: InstanceField }

/** For a command that was typed in a channel, with the instance or without. */
export function startTyped(instance: string, channel: string): Start {
  return {
    channels: [channel],
    isElsewhere: false,
    offered: [],
    instance: { kind: 'typed', value: instance, list: 'unused' },
  }
}

/** Chosen from the list, if there is one. */
function instanceField(directory: Directory | undefined, now: Date, chosen?: ListedInstance): InstanceField {
  if (directory === undefined) return { kind: 'typed', value: chosen?.id ?? '', list: 'missing' }
  return { kind: 'listed', directory, isOld: isOld(directory.listing, now), ...(chosen && { chosen }) }
}

/** Which channel, or channels, and whether that is where somebody is. */
export type Place = Pick<Start, 'channels' | 'isElsewhere'>

/** The one instance that somebody speaks of is chosen; several are offered before anything is typed. */
export function startWith(
  directory: Directory | undefined,
  now: Date,
  { instances, unlisted }: Mentioned,
  place: Place,
): Start {
  const [only, ...more] = instances
  const chosen = more.length === 0 ? only : undefined
  const list = directory === undefined ? 'missing' : 'at-hand'
  const instance: InstanceField =
    unlisted === undefined ? instanceField(directory, now, chosen) : { kind: 'typed', value: unlisted, list }
  return { ...place, offered: instances.slice(0, MOST_OFFERED).map(ticketOf), instance }
}

export function startMetadata({ channels, isElsewhere, offered, recognised }: Start): string {
  const metadata: Metadata = { channels, isElsewhere, offered, ...(recognised && { recognised }) }
  return JSON.stringify(metadata)
}

export function readMetadata(view: { readonly private_metadata: string }): Metadata {
  return Metadata.parse(JSON.parse(view.private_metadata))
}

export function startFields(text: Catalogue, start: Start): readonly KnownBlock[] {
  const words = text.commands.start
  return [
    ...(start.recognised === undefined ? [] : [context(words.recognised[start.recognised])]),
    ...instanceFields(text, start.instance),
    ...channelFields(text, start),
  ]
}

function instanceFields(text: Catalogue, field: InstanceField): readonly KnownBlock[] {
  const words = text.commands.start
  if (field.kind === 'listed') {
    const other = { label: words.typeIt, action: ACTIONS.typeInstance, value: 'typed' }
    return [instanceSelect(text, field), sectionWith(listWords(text, field), button(other))]
  }
  const input = typedInstance(text, field.value)
  if (field.list === 'missing') return [input, context(words.noList)]
  if (field.list === 'unused') return [input]
  const other = { label: words.chooseIt, action: ACTIONS.typeInstance, value: 'listed' }
  return [input, actions(button(other))]
}

function typedInstance(text: Catalogue, value: string): InputBlock {
  const { instance, instanceHint } = text.commands.modal
  return textInput('instance', instance, instanceHint, LONGEST_TARGET, clean(value, LONGEST_TARGET))
}

function instanceSelect({ commands }: Catalogue, { chosen }: InstanceField & { readonly kind: 'listed' }): InputBlock {
  return {
    type: 'input',
    block_id: 'instance',
    label: plainText(commands.modal.instance, 2000),
    element: {
      type: 'external_select',
      action_id: CHOOSE_INSTANCE,
      // The first ones are offered before anything is typed.
      min_query_length: 0,
      placeholder: plainText(commands.start.search, 150),
      ...(chosen === undefined ? {} : { initial_option: optionFor(chosen) }),
    },
  }
}

function listWords(
  { commands }: Catalogue,
  { directory: { listing }, isOld }: InstanceField & { readonly kind: 'listed' },
): string {
  const words = commands.start
  const { instances, leftOut } = listing.inventory
  const at = moment(listing.listedAt.toISOString())
  const sentences = [
    say(isOld ? words.oldList : words.list, { count: grouped(instances.length), at }),
    ...(leftOut === 0 ? [] : [say(words.leftOut, { count: grouped(leftOut) })]),
  ]
  return sentences.join(' ')
}

/** 10,000, as it is written in all our languages. */
function grouped(count: number): string {
  return count.toLocaleString('en')
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
      options: channels.slice(0, MOST_CHANNELS).map((channel) => ({
        text: { type: 'mrkdwn', text: mentionChannel(channel).mrkdwn, verbatim: true },
        value: channel,
      })),
    },
  }
}

const Chosen = z.object({ selected_option: z.object({ value: z.string() }).nullish() })

/** Only the fields that we use; Slack sends more. */
const StartValues = z.object({
  instance: z.object({ instance: Text.optional(), [CHOOSE_INSTANCE]: Chosen.optional() }),
  channel: z.object({ channel: Chosen }).optional(),
})

const Submitted = z.object({
  id: z.string(),
  private_metadata: z.string(),
  state: z.object({ values: StartValues }),
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

interface ReadStart extends FilledPlace {
  readonly errors: Readonly<Record<string, string>>
}

/** A form as it is being filled in, to be shown again with other fields. */
export function startSeen(view: unknown, directory: Directory | undefined, now: Date): Start {
  const { private_metadata, state } = Submitted.parse(view)
  const { instance } = state.values
  const chosen = directory?.tickets.get(instance[CHOOSE_INSTANCE]?.selected_option?.value ?? '')
  const isTyped = instance.instance !== undefined
  const field: InstanceField = isTyped
    ? { kind: 'typed', value: instance.instance?.value ?? '', list: directory === undefined ? 'missing' : 'at-hand' }
    : instanceField(directory, now, chosen)
  return { ...readMetadata({ private_metadata }), instance: field }
}

/** The other way to name the instance: from the list, or typed. */
export function otherWay(start: Start, directory: Directory | undefined, now: Date): Start {
  const list = directory === undefined ? 'missing' : 'at-hand'
  const { instance } = start
  if (instance.kind === 'typed') return { ...start, instance: instanceField(directory, now) }
  return { ...start, instance: { kind: 'typed', value: instance.chosen?.id ?? '', list } }
}

export function readStart(text: Catalogue, view: unknown, directory: Directory | undefined): ReadStart {
  const { id, private_metadata, state } = Submitted.parse(view)
  const { channels, isElsewhere } = readMetadata({ private_metadata })
  const { values } = state
  const instance = readInstance(text, values.instance, directory)
  // Of several, the form demands a choice.
  const channel = values.channel?.channel.selected_option?.value ?? channels[0] ?? ''
  return { ...instance, channel, isElsewhere, submission: id }
}

function readInstance(
  text: Catalogue,
  given: z.infer<typeof StartValues>['instance'],
  directory: Directory | undefined,
): Pick<ReadStart, 'target' | 'errors'> {
  const ticket = given[CHOOSE_INSTANCE]?.selected_option?.value
  if (ticket !== undefined) {
    const target = directory?.tickets.get(ticket)?.id
    return target === undefined
      ? { target: '', errors: { instance: text.commands.start.gone } }
      : { target, errors: {} }
  }
  const target = (given.instance?.value ?? '').trim()
  return { target, errors: targetError(text, target) }
}

function targetError(text: Catalogue, target: string): { instance?: string } {
  const words = text.commands.modal
  if (target === '') return { instance: words.instanceMissing }
  return target.length > LONGEST_TARGET || clean(target, LONGEST_TARGET) !== target
    ? { instance: words.instanceTooOdd }
    : {}
}
