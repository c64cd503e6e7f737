/** What Slack sends to an app when a person does something, field by field (docs.slack.dev/reference/interaction-payloads). */
import type { Block } from './blocks.ts'
import type { InteractiveElement } from './elements.ts'
import type { StateValue, StateValues } from './input-values.ts'
import type { Message } from './messages.ts'
import type { SlackChannel, SlackUser } from './options.ts'
import type { OpenView } from './views.ts'
import type { Workspace } from './workspace.ts'

export interface Deed {
  readonly workspace: Workspace
  readonly user: SlackUser
}

/** In a command even the booleans are text: Slack sends commands as a form. */
export function commandPayload(
  { workspace, user }: Deed,
  channel: SlackChannel,
  command: string,
  text: string,
  means: { trigger_id: string; response_url: string },
) {
  return {
    token: workspace.app.verificationToken,
    team_id: workspace.team.id,
    team_domain: workspace.team.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command,
    text,
    api_app_id: workspace.app.id,
    is_enterprise_install: 'false',
    ...means,
  }
}

/** What was acted on: an element in its block, and the value it now has (buttons have none). */
export interface Acted {
  readonly block: Block
  readonly element: InteractiveElement
  readonly value: StateValue | undefined
  readonly actionTs: string
}

export function messageActionPayload(
  deed: Deed,
  channel: SlackChannel,
  message: Message,
  acted: Acted,
  means: { trigger_id: string; response_url: string },
  values: StateValues,
) {
  const isEphemeral = message.is_ephemeral === true
  return {
    type: 'block_actions',
    ...commonFields(deed),
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: { id: channel.id, name: channel.name },
    ...(isEphemeral ? {} : { message }),
    state: { values },
    actions: [action(acted)],
    ...means,
  }
}

export function viewActionPayload(deed: Deed, view: OpenView, acted: Acted, triggerId: string) {
  return {
    type: 'block_actions',
    ...commonFields(deed),
    container: { type: 'view', view_id: view.id },
    trigger_id: triggerId,
    view,
    actions: [action(acted)],
  }
}

/** What is shown around an external select when somebody types in it. */
export type SuggestionPlace =
  | { readonly view: OpenView }
  | { readonly channel: SlackChannel; readonly message: Message }

export function suggestionPayload(deed: Deed, place: SuggestionPlace, { block, element }: Acted, typed: string) {
  const where =
    'view' in place
      ? { container: { type: 'view', view_id: place.view.id }, view: place.view }
      : {
          container: { type: 'message', message_ts: place.message.ts, channel_id: place.channel.id },
          channel: { id: place.channel.id, name: place.channel.name },
          message: place.message,
        }
  const { action_id } = element
  return {
    type: 'block_suggestion',
    ...commonFields(deed),
    action_id,
    block_id: block.block_id,
    value: typed,
    ...where,
  }
}

export function globalShortcutPayload(deed: Deed, callbackId: string, triggerId: string, actionTs: string) {
  return {
    type: 'shortcut',
    ...commonFields(deed),
    callback_id: callbackId,
    trigger_id: triggerId,
    action_ts: actionTs,
  }
}

export function messageShortcutPayload(
  deed: Deed,
  channel: SlackChannel,
  message: Message,
  callbackId: string,
  actionTs: string,
  means: { trigger_id: string; response_url: string },
) {
  return {
    type: 'message_action',
    ...commonFields(deed),
    callback_id: callbackId,
    channel: { id: channel.id, name: channel.name },
    message,
    message_ts: message.ts,
    action_ts: actionTs,
    ...means,
  }
}

export function submissionPayload(deed: Deed, view: OpenView, triggerId: string) {
  return { type: 'view_submission', ...commonFields(deed), trigger_id: triggerId, view, response_urls: [] }
}

export function closedPayload(deed: Deed, view: OpenView, isCleared: boolean) {
  return { type: 'view_closed', ...commonFields(deed), view, is_cleared: isCleared }
}

function commonFields({ workspace: { app, team }, user }: Deed) {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: team.id },
    team: { id: team.id, domain: team.domain },
    api_app_id: app.id,
    token: app.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  }
}

function action({ block, element, value, actionTs }: Acted) {
  return { block_id: block.block_id, ...shownFields(element), ...value, action_ts: actionTs }
}

/** Of a button what it shows and carries; of an input only which one it is: its options are not sent back. */
function shownFields(element: InteractiveElement) {
  const { type, action_id } = element
  if (element.type !== 'button') return { type, action_id }
  return { type, action_id, text: element.text, value: element.value, style: element.style }
}
