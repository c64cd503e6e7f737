/** The addresses in payloads at which an app may answer for thirty minutes, five times. */
import type { Block } from './blocks.ts'
import { checkMessageBlocks } from './check-blocks.ts'
import { secret } from './ids.ts'
import { SlackRefusal } from './refusal.ts'
import { ResponseMessage } from './response-message.ts'
import type { Workspace } from './workspace.ts'

const MOST_USES = 5
const LIFE_MILLISECONDS = 30 * 60_000

/** Where an answer goes, and which message it may replace. */
export interface ResponsePlace {
  readonly user: string
  readonly channel: string
  readonly message?: { readonly ts: string; readonly isEphemeral: boolean } | undefined
}

export class ResponseUrls {
  readonly #workspace: Workspace
  readonly #issued = new Map<string, { place: ResponsePlace; at: number; uses: number }>()

  constructor(workspace: Workspace) {
    this.#workspace = workspace
  }

  /** A path below the server's address. */
  issue(kind: 'commands' | 'actions', place: ResponsePlace): string {
    const path = `/${kind}/${this.#workspace.team.id}/${secret(6)}/${secret(12)}`
    this.#issued.set(path, { place, at: this.#workspace.clock.now(), uses: 0 })
    return path
  }

  /** Carries out what the app sent to `path`; refuses unknown, expired and used-up ones. */
  respond(path: string, body: unknown): void {
    const issued = this.#issued.get(path)
    if (issued === undefined) throw new SlackRefusal('invalid_url')
    if (this.#workspace.clock.now() - issued.at > LIFE_MILLISECONDS) throw new SlackRefusal('expired_url')
    if (issued.uses >= MOST_USES) throw new SlackRefusal('used_url')
    this.#workspace.violations.response(body)
    const parsed = ResponseMessage.safeParse(body)
    if (!parsed.success) throw new SlackRefusal('invalid_payload')
    issued.uses += 1
    show(this.#workspace, issued.place, parsed.data)
  }
}

/** Shows an answer given at a response address or together with an acknowledgement. */
export function show(workspace: Workspace, place: ResponsePlace, response: ResponseMessage): void {
  if (response.delete_original) deleteOriginal(workspace, place)
  else showMessage(workspace, place, response)
}

function showMessage(workspace: Workspace, place: ResponsePlace, response: ResponseMessage): void {
  const blocks = response.blocks === undefined ? undefined : checked(workspace, response.blocks)
  if (response.text === '' && blocks === undefined) throw new SlackRefusal('no_text')
  const content = { text: response.text, blocks }
  if (response.replace_original && place.message !== undefined) {
    replaceOriginal(workspace, place, content)
    return
  }
  const message = workspace.botMessage({ ...content, thread_ts: response.thread_ts })
  if (response.response_type === 'in_channel') workspace.messages.post(place.channel, message)
  else workspace.messages.showEphemeral(place.user, place.channel, message)
}

function checked(workspace: Workspace, blocks: unknown): Block[] {
  return checkMessageBlocks(blocks, (file) => workspace.files.pictureExists(file))
}

function deleteOriginal({ messages }: Workspace, { user, channel, message }: ResponsePlace): void {
  if (message === undefined) throw new SlackRefusal('no_original')
  const original = messages.find(channel, message.ts)
  if (message.isEphemeral) messages.removeEphemeral(user, channel, message.ts)
  else if (original !== undefined) messages.delete(channel, original)
}

function replaceOriginal(
  { messages }: Workspace,
  { user, channel, message }: ResponsePlace,
  content: { text: string; blocks: Block[] | undefined },
): void {
  const ts = message?.ts ?? ''
  const original = message?.isEphemeral ? messages.findEphemeral(user, channel, ts) : messages.find(channel, ts)
  if (original === undefined) throw new SlackRefusal('message_not_found')
  if (message?.isEphemeral) messages.showEphemeral(user, channel, { ...original, ...content })
  else messages.replace(channel, { ...original, ...content })
}
