/**
 * The field for the instance: chosen from the list that workers make, by type-ahead; or typed, where there is no list, or
 * it is not in it. Its look, and reading what was filled in.
 */
import type { InputBlock, KnownBlock } from '@slack/types'
import { z } from 'zod'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import { isOld, type ListedInstance } from '../../core/record/inventory.ts'
import type { Directory } from '../instances/directory.ts'
import { optionFor } from '../instances/option.ts'
import { actions, button, context, plainText, sectionWith } from '../slack/blocks.ts'
import { ACTIONS, CHOOSE_INSTANCE } from '../slack/names.ts'
import { clean, moment, say } from '../slack/text.ts'
import { Text, textInput } from './inputs.ts'

/** OCI's limit for display names, and the length of the longest OCIDs. */
const LONGEST_TARGET = 255

interface Listed {
  readonly kind: 'listed'
  readonly directory: Directory
  readonly isOld: boolean
  readonly chosen?: ListedInstance
}

interface Typed {
  readonly kind: 'typed'
  readonly value: string
  /** Whether it could be chosen instead. `unused`: whoever opened the form has named it already. */
  readonly list: 'missing' | 'at-hand' | 'unused'
}

export type InstanceField = Listed | Typed

/** Chosen from the list, if there is one. */
export function listedField(directory: Directory | undefined, now: Date, chosen?: ListedInstance): InstanceField {
  if (directory === undefined) return typedField(undefined, chosen?.id ?? '')
  return { kind: 'listed', directory, isOld: isOld(directory.listing, now), ...(chosen && { chosen }) }
}

/** Typed, although it could be chosen if there is a list. */
export function typedField(directory: Directory | undefined, value: string): InstanceField {
  return { kind: 'typed', value, list: directory === undefined ? 'missing' : 'at-hand' }
}

/** The field as it is in a form that is being filled in. */
export function fieldSeen(given: InstanceValues, directory: Directory | undefined, now: Date): InstanceField {
  if (given.instance !== undefined) return typedField(directory, given.instance.value ?? '')
  return listedField(directory, now, directory?.tickets.get(ticketIn(given) ?? ''))
}

/** The other way to name it. */
export function otherField(field: InstanceField, directory: Directory | undefined, now: Date): InstanceField {
  return field.kind === 'typed' ? listedField(directory, now) : typedField(directory, field.chosen?.id ?? '')
}

export function instanceFields(text: Catalogue, field: InstanceField): readonly KnownBlock[] {
  const words = text.commands.start
  if (field.kind === 'listed') {
    const other = { label: words.typeIt, action: ACTIONS.typeInstance, value: 'typed' }
    return [select(text, field), sectionWith(listWords(text, field), button(other))]
  }
  const { instance, instanceHint } = text.commands.modal
  const input = textInput('instance', instance, instanceHint, LONGEST_TARGET, clean(field.value, LONGEST_TARGET))
  if (field.list === 'unused') return [input]
  if (field.list === 'missing') return [input, context(words.noList)]
  return [input, actions(button({ label: words.chooseIt, action: ACTIONS.typeInstance, value: 'listed' }))]
}

function select({ commands }: Catalogue, { chosen }: Listed): InputBlock {
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

function listWords({ commands }: Catalogue, { directory: { listing }, isOld: isListOld }: Listed): string {
  const words = commands.start
  const { instances, leftOut } = listing.inventory
  const at = moment(listing.listedAt.toISOString())
  const sentence = say(isListOld ? words.oldList : words.list, { count: grouped(instances.length), at })
  return leftOut === 0 ? sentence : `${sentence} ${say(words.leftOut, { count: grouped(leftOut) })}`
}

/** 10,000, as it is written in all our languages. */
function grouped(count: number): string {
  return count.toLocaleString('en')
}

/** What Slack sends of a choice; null when nothing is chosen. */
export const Chosen = z.object({ selected_option: z.object({ value: z.string() }).nullish() })

export const InstanceValues = z.object({ instance: Text.optional(), [CHOOSE_INSTANCE]: Chosen.optional() })
export type InstanceValues = z.infer<typeof InstanceValues>

function ticketIn(given: InstanceValues): string | undefined {
  return given[CHOOSE_INSTANCE]?.selected_option?.value
}

export interface ReadInstance {
  /** A name or an OCID. */
  readonly target: string
  readonly errors: { readonly instance?: string }
}

export function readInstance(text: Catalogue, given: InstanceValues, directory: Directory | undefined): ReadInstance {
  const ticket = ticketIn(given)
  const target = ticket === undefined ? (given.instance?.value ?? '').trim() : directory?.tickets.get(ticket)?.id
  if (target === undefined) return { target: '', errors: { instance: text.commands.start.gone } }
  return { target, errors: targetError(text, target) }
}

function targetError(text: Catalogue, target: string): ReadInstance['errors'] {
  const words = text.commands.modal
  if (target === '') return { instance: words.instanceMissing }
  return target.length > LONGEST_TARGET || clean(target, LONGEST_TARGET) !== target
    ? { instance: words.instanceTooOdd }
    : {}
}
