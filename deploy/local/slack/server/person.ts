/** Somebody in the workspace, for tests and the demo: acts over the same HTTP the page uses, waits for what they see. */
import { type Block, interactiveElements } from './blocks.ts'
import type { Notice } from './changes.ts'
import type { Outcome } from './deeds.ts'
import type { Confirm } from './elements.ts'
import type { Message } from './messages.ts'
import type { Submission } from './modals.ts'
import type { Deed } from './page-api.ts'
import type { Suggestions } from './suggestions.ts'
import type { OpenView } from './views.ts'
import type { Workspace } from './workspace.ts'

/** `refused`: Slack would not have let them, e.g. `message_not_found`, `action_not_found`, `channel_not_found`. */
type Refused = { kind: 'refused'; error: string }

interface ClickOptions {
  /** Needed when two blocks of the message have this action id. */
  readonly blockId?: string
  /** For selects and radio buttons an option's value, for checkboxes a list of them. */
  readonly value?: string | readonly string[]
}

/** What one person sees. */
export interface Sight {
  /** The id of this person's conversation with the app. */
  readonly direct: string
  messages(channelId: string): readonly Message[]
  thread(channelId: string, ts: string): readonly Message[]
  ephemerals(channelId: string): readonly Message[]
  views(): readonly OpenView[]
  notices(): readonly Notice[]
}

export interface Person extends Sight {
  readonly id: string
  readonly name: string
  say(channelId: string, text: string, threadTs?: string): Promise<{ kind: 'done'; ts: string } | Refused>
  /** `line` as typed, e.g. `/oci-rescue help`. Settles when the app has acknowledged, or three seconds have passed. */
  command(channelId: string, line: string, threadTs?: string): Promise<Outcome | Refused>
  /** Presses a button or makes a choice; a confirm dialog is answered with yes. */
  click(channelId: string, messageTs: string, actionId: string, options?: ClickOptions): Promise<Outcome | Refused>
  /** Presses a button and answers its confirm dialog with no: nothing is sent. Gives the dialog's words. */
  decline(channelId: string, messageTs: string, actionId: string, options?: ClickOptions): Confirm
  /** The same as click, inside an open modal; `values` is what is filled in so far. */
  clickInView(
    viewId: string,
    actionId: string,
    options?: ClickOptions & { values?: Readonly<Record<string, unknown>> },
  ): Promise<Outcome | Refused>
  /** Fills in by action id (text, an option's value, or a list of values) and submits; the rest stays as it was at first. */
  submit(viewId: string, values: Readonly<Record<string, unknown>>): Promise<Submission | Refused>
  closeView(viewId: string): Promise<void>
  /** Types into an external select of an open modal; gives the options the app answers with, for `submit`. */
  suggest(viewId: string, actionId: string, typed: string): Promise<Suggestions | Refused>
  /** A global shortcut, or with `messageTs` one from the menu of that message. */
  shortcut(channelId: string, callbackId: string, messageTs?: string): Promise<Outcome | Refused>
  /**
   * Looks now and after every change until `look` gives something other than undefined, null or false.
   * Ends with the signal, and then says what was awaited and what was last seen.
   */
  until<T>(description: string, look: (sight: Sight) => T | undefined | null | false, signal: AbortSignal): Promise<T>
}

export function makePerson(
  workspace: Workspace,
  notices: (user: string) => readonly Notice[],
  baseUrl: string,
  userId: string,
): Person {
  const user = workspace.user(userId)
  if (user === undefined) throw new Error(`no user ${userId} in this workspace`)
  const sight = sightOf(workspace, notices, userId)
  const act = <T>(deed: Deed): Promise<T> => post(`${baseUrl}/page-api/deed`, { user: userId, ...deed })
  return {
    ...sight,
    id: user.id,
    name: user.realName,
    say: (channel, text, thread_ts) => act({ deed: 'say', channel, text, thread_ts }),
    command: (channel, text, thread_ts) => act({ deed: 'command', channel, text, thread_ts }),
    click: (channel, message_ts, actionId, options) =>
      act({ deed: 'click', channel, message_ts, ...actionOf(actionId, options) }),
    decline: (channel, ts, actionId, options) => confirmOf(seen(sight, channel, ts), actionId, options?.blockId),
    clickInView: (view_id, actionId, options) =>
      act({ deed: 'act-in-view', view_id, values: options?.values ?? {}, ...actionOf(actionId, options) }),
    submit: (view_id, values) => act({ deed: 'submit', view_id, values }),
    suggest: (view_id, action_id, typed) => act({ deed: 'suggest', view_id, action_id, typed }),
    shortcut: (channel, callback_id, message_ts) => act({ deed: 'shortcut', channel, callback_id, message_ts }),
    closeView: async (view_id) => {
      await act({ deed: 'close-view', view_id })
    },
    until: (description, look, signal) =>
      until(workspace, sight, `${user.realName} waited for ${description}`, look, signal),
  }
}

function actionOf(action_id: string, options: ClickOptions | undefined) {
  return { action_id, block_id: options?.blockId, value: options?.value }
}

/** The answer is this very program's, so its type is known where it is asked for. */
async function post<T>(url: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`the Slack stand-in answered HTTP ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}

function sightOf(workspace: Workspace, notices: (user: string) => readonly Notice[], userId: string): Sight {
  const { messages, views } = workspace
  const places = [...workspace.channels, ...workspace.directs]
  const isMember = (id: string) => places.some((one) => one.id === id && one.members.includes(userId))
  return {
    direct: workspace.direct(userId).id,
    messages: (channelId) => (isMember(channelId) ? messages.in(channelId) : []),
    thread: (channelId, ts) => (isMember(channelId) ? messages.thread(channelId, ts) : []),
    ephemerals: (channelId) => messages.ephemerals(userId, channelId),
    views: () => views.of(userId),
    notices: () => notices(userId),
  }
}

function seen(sight: Sight, channel: string, ts: string): Message {
  const message = [...sight.messages(channel), ...sight.ephemerals(channel)].find((one) => one.ts === ts)
  if (message === undefined) throw new Error(`no message ${ts} in ${channel}`)
  return message
}

function confirmOf(message: Message, actionId: string, blockId: string | undefined): Confirm {
  const wanted = (block: Block) => blockId === undefined || block.block_id === blockId
  const element = (message.blocks ?? [])
    .filter(wanted)
    .flatMap(interactiveElements)
    .find((one) => one.action_id === actionId)
  const confirm = element !== undefined && 'confirm' in element ? element.confirm : undefined
  if (confirm === undefined) throw new Error(`${actionId} of message ${message.ts} asks for no confirmation`)
  return confirm
}

function until<T>(
  workspace: Workspace,
  sight: Sight,
  what: string,
  look: (sight: Sight) => T | undefined | null | false,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = () => {
      try {
        const found = look(sight)
        if (found !== undefined && found !== null && found !== false) end(() => resolve(found))
      } catch (error) {
        end(() => reject(error))
      }
    }
    const giveUp = () =>
      end(() => reject(new Error(`${what}\n${lastSeen(workspace, sight)}`, { cause: signal.reason })))
    const end = (settle: () => void) => {
      stop()
      signal.removeEventListener('abort', giveUp)
      settle()
    }
    const stop = workspace.changes.listen(check)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    else check()
  })
}

function lastSeen(workspace: Workspace, sight: Sight): string {
  const lines = workspace.channels.flatMap(({ id, name }) =>
    [...sight.messages(id), ...sight.ephemerals(id)]
      .slice(-5)
      .map((message) => `#${name} ${message.ts} ${message.text}`),
  )
  const views = sight.views().map((view) => `modal: ${view.title.text}`)
  const notices = sight.notices().map((notice) => `notice: ${notice.text}`)
  return ['--- last seen ---', ...lines, ...views, ...notices].join('\n')
}
