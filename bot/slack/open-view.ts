/** Opens a modal for somebody who has just done something, which Slack allows for three seconds, once; and shows another in its place. */
import type { ModalView } from '@slack/types'
import { WebAPIPlatformError, type WebClient } from '@slack/web-api'

/** Slack's words for a trigger that is older than three seconds, or was used. */
const TOO_LATE: ReadonlySet<string> = new Set(['expired_trigger_id', 'exchanged_trigger_id'])
/** And for a modal that was closed meanwhile. */
const CLOSED = 'not_found'

export async function openView(client: WebClient, triggerId: string, view: ModalView): Promise<'opened' | 'too-late'> {
  try {
    await client.views.open({ trigger_id: triggerId, view })
    return 'opened'
  } catch (error) {
    if (error instanceof WebAPIPlatformError && TOO_LATE.has(error.data.error)) return 'too-late'
    throw error
  }
}

/**
 * Nothing where the one before was closed. Without the hash of what was seen: of two quick choices the second knows of the
 * first, and its fields are right.
 */
export async function updateView(client: WebClient, id: string, view: ModalView): Promise<void> {
  try {
    await client.views.update({ view_id: id, view })
  } catch (error) {
    if (!(error instanceof WebAPIPlatformError) || error.data.error !== CLOSED) throw error
  }
}
