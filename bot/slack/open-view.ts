/** Opens a modal for somebody who has just done something: Slack allows it for three seconds, once. */
import type { ModalView } from '@slack/types'
import { WebAPIPlatformError, type WebClient } from '@slack/web-api'

/** Slack's words for a trigger that is older than three seconds, or was used. */
const TOO_LATE: ReadonlySet<string> = new Set(['expired_trigger_id', 'exchanged_trigger_id'])

export async function openView(client: WebClient, triggerId: string, view: ModalView): Promise<'opened' | 'too-late'> {
  try {
    await client.views.open({ trigger_id: triggerId, view })
    return 'opened'
  } catch (error) {
    if (error instanceof WebAPIPlatformError && TOO_LATE.has(error.data.error)) return 'too-late'
    throw error
  }
}
