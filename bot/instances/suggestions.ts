/** Answers while somebody types into the field for the instance: Slack waits three seconds for it, so all of it is in memory. */
import type { App } from '@slack/bolt'
import type { ListedInstance } from '../../core/record/inventory.ts'
import type { Desk } from '../desk.ts'
import { readMetadata } from '../modals/start-fields.ts'
import { CHOOSE_INSTANCE } from '../slack/names.ts'
import type { Directory } from './directory.ts'
import { optionFor } from './option.ts'
import { search } from './search.ts'

/** Of a select in Slack. */
const MOST_OPTIONS = 100

export function registerSuggestions(app: App, desk: Desk): void {
  app.options<'block_suggestion'>({ type: 'block_suggestion', action_id: CHOOSE_INSTANCE }, async ({ ack, body }) => {
    const directory = await desk.instances.now()
    const offered = body.view === undefined ? [] : readMetadata(body.view).offered
    const found = directory === undefined ? [] : suggested(directory, offered, body.value)
    await ack({ options: found.map(optionFor) })
  })
}

/** Before anything is typed, those come first that were spoken of. */
function suggested(directory: Directory, offered: readonly string[], typed: string): readonly ListedInstance[] {
  const found = search(directory, typed, MOST_OPTIONS)
  if (typed.trim() !== '') return found
  const first = offered.flatMap((ticket) => directory.tickets.get(ticket) ?? [])
  return [...new Set([...first, ...found])].slice(0, MOST_OPTIONS)
}
