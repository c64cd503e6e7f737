/** An instance as one of the options of a select. */
import type { PlainTextOption } from '@slack/types'
import type { ListedInstance } from '../../core/record/inventory.ts'
import { plainText } from '../slack/blocks.ts'
import { clean } from '../slack/text.ts'
import { addressesOf, ticketOf } from './directory.ts'

/** Slack's limit for the text of an option, and for what stands below it. */
const LONGEST = 75
/** More would push the rest out. */
const MOST_ADDRESSES = 2

/** Names are not unique: what stands below tells those of one name apart. */
export function optionFor(instance: ListedInstance): PlainTextOption {
  const { id, name, state, shape } = instance
  const facts = [state, ...addressesOf(instance).slice(0, MOST_ADDRESSES), compartmentOf(instance), shape]
  const below = facts.map((fact) => clean(fact)).filter((fact) => fact !== '')
  return {
    text: plainText(clean(name) || clean(id), LONGEST),
    value: ticketOf(instance),
    // Slack takes no empty one.
    ...(below.length === 0 ? {} : { description: plainText(below.join(' · '), LONGEST) }),
  }
}

/** Of an OCID the end, which is where OCIDs differ. */
function compartmentOf({ compartment }: ListedInstance): string {
  return compartment.startsWith('ocid1.') ? `…${compartment.slice(-8)}` : compartment
}
