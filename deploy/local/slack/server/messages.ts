/** The messages of each channel and the ephemeral ones of each person, in the shape Slack stores them. */
import type { Block } from './blocks.ts'
import type { Changes } from './changes.ts'
import type { FileObject } from './files.ts'

interface MessageMetadata {
  readonly event_type: string
  readonly event_payload: Readonly<Record<string, unknown>>
}

/** Slack's own field names: this object goes to the app as it is. */
export interface Message {
  readonly type: 'message'
  /** Of what Slack says by itself. */
  readonly subtype?: 'channel_archive' | undefined
  readonly ts: string
  readonly user: string
  readonly team: string
  readonly text: string
  readonly bot_id?: string | undefined
  readonly app_id?: string | undefined
  readonly blocks?: readonly Block[] | undefined
  readonly files?: readonly FileObject[] | undefined
  readonly metadata?: MessageMetadata | undefined
  readonly thread_ts?: string | undefined
  readonly parent_user_id?: string | undefined
  readonly reply_count?: number | undefined
  readonly reply_users?: readonly string[] | undefined
  readonly reply_users_count?: number | undefined
  readonly latest_reply?: string | undefined
  /** Set when an update changed the text of a message without blocks: Slack then shows "(edited)". */
  readonly edited?: { readonly user: string; readonly ts: string } | undefined
  readonly is_ephemeral?: boolean | undefined
}

interface Ephemeral {
  readonly user: string
  readonly channel: string
  message: Message
}

export class Messages {
  readonly #changes: Changes
  readonly #byChannel = new Map<string, Message[]>()
  #ephemerals: Ephemeral[] = []

  constructor(changes: Changes) {
    this.#changes = changes
  }

  /** All messages of a channel, replies included, oldest first. */
  in(channel: string): readonly Message[] {
    return this.#byChannel.get(channel) ?? []
  }

  find(channel: string, ts: string): Message | undefined {
    return this.in(channel).find((message) => message.ts === ts)
  }

  /** The parent and its replies, oldest first; nothing when there is no such parent. */
  thread(channel: string, ts: string): readonly Message[] {
    const parent = this.find(channel, ts)
    if (parent === undefined) return []
    return [parent, ...this.in(channel).filter((message) => message.ts !== ts && message.thread_ts === ts)]
  }

  post(channel: string, message: Message): Message {
    const parent = message.thread_ts === undefined ? undefined : this.find(channel, message.thread_ts)
    const posted = parent === undefined ? message : { ...message, parent_user_id: parent.user }
    this.#byChannel.set(channel, [...this.in(channel), posted])
    this.#changes.tell({ kind: 'posted', channel, message: posted })
    if (parent !== undefined) this.#countReplies(channel, parent.ts)
    return posted
  }

  replace(channel: string, message: Message): void {
    this.#byChannel.set(
      channel,
      this.in(channel).map((other) => (other.ts === message.ts ? message : other)),
    )
    this.#changes.tell({ kind: 'updated', channel, message })
  }

  delete(channel: string, message: Message): void {
    this.#byChannel.set(
      channel,
      this.in(channel).filter((other) => other.ts !== message.ts),
    )
    this.#changes.tell({ kind: 'deleted', channel, ts: message.ts })
    if (message.thread_ts !== undefined && message.thread_ts !== message.ts)
      this.#countReplies(channel, message.thread_ts)
  }

  /** What only `user` sees in `channel`, oldest first. */
  ephemerals(user: string, channel: string): readonly Message[] {
    return this.#ephemerals
      .filter((one) => one.user === user && one.channel === channel)
      .map((ephemeral) => ephemeral.message)
  }

  findEphemeral(user: string, channel: string, ts: string): Message | undefined {
    return this.ephemerals(user, channel).find((message) => message.ts === ts)
  }

  /** Shows it to that one person, in place of the one with the same timestamp when there is one. */
  showEphemeral(user: string, channel: string, message: Message): void {
    const shown = { ...message, is_ephemeral: true }
    const known = this.#ephemerals.find(
      (one) => one.user === user && one.channel === channel && one.message.ts === message.ts,
    )
    if (known === undefined) this.#ephemerals.push({ user, channel, message: shown })
    else known.message = shown
    this.#changes.tell({ kind: 'ephemeral', user, channel, message: shown })
  }

  removeEphemeral(user: string, channel: string, ts: string): void {
    this.#ephemerals = this.#ephemerals.filter(
      (one) => !(one.user === user && one.channel === channel && one.message.ts === ts),
    )
    this.#changes.tell({ kind: 'ephemeral-removed', user, channel, ts })
  }

  #countReplies(channel: string, ts: string): void {
    const [parent, ...replies] = this.thread(channel, ts)
    if (parent === undefined) return
    const users = [...new Set(replies.map((reply) => reply.user))]
    this.replace(channel, {
      ...parent,
      thread_ts: ts,
      reply_count: replies.length,
      reply_users: users,
      reply_users_count: users.length,
      latest_reply: replies.at(-1)?.ts,
    })
  }
}
