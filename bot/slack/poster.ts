/**
 * Posts, edits and uploads through one Web API client, each called once. What
 * Slack answered, or did not, comes back as a value: a lost answer is not a failure, for
 * the message may stand there.
 */
import type { KnownBlock } from '@slack/types'
import { WebAPIPlatformError, WebAPIRateLimitedError, type WebClient } from '@slack/web-api'
import type { MessageBody } from './blocks.ts'
import { clip } from './text.ts'

export interface Place {
  readonly channel: string
  /** The parent message; undefined for the parent itself. */
  readonly thread: string | undefined
}

/** How a message is found again when its answer was lost. */
export interface Mark {
  readonly rescue: string
  readonly key: string
}

/** What a message carries: also which entry of the log was the newest when it was posted. It is not found by that. */
export interface Label extends Mark {
  readonly seq: number
}

export interface Upload {
  readonly files: readonly UploadFile[]
  /** Stands above the files, as mrkdwn. */
  readonly comment: string
}

export interface UploadFile {
  readonly content: Buffer
  readonly filename: string
  readonly title: string
  /** What a picture shows, for those who do not see it. */
  readonly alt?: string
}

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  /** Slack said no, and would say so again. */
  | { readonly kind: 'refused'; readonly error: string }
  /** No answer, or one that says nothing about whether it was done. */
  | { readonly kind: 'lost'; readonly cause: unknown }

/** The type of our message metadata. Slack wants `event_type` in letters, digits and underscores. */
const METADATA_TYPE = 'oci_rescue_message'
/** The most that one call returns (docs: conversations.replies). */
const REPLIES_PER_PAGE = 200
/** A thread has some dozens of messages; more pages than this are not ours. */
const MOST_PAGES = 10

export class Poster {
  readonly #client: WebClient

  /** `client` must neither retry nor wait out a 429 by itself: both would post behind our back. */
  constructor(client: WebClient) {
    this.#client = client
  }

  async post(place: Place, body: MessageBody, label: Label): Promise<Answer<string>> {
    return await answer(async () => {
      const { ts } = await this.#client.chat.postMessage({
        channel: place.channel,
        ...(place.thread === undefined ? {} : { thread_ts: place.thread }),
        ...content(body),
        unfurl_links: false,
        unfurl_media: false,
        parse: 'none',
        link_names: false,
        metadata: { event_type: METADATA_TYPE, event_payload: { ...label } },
      })
      return ts ?? ''
    })
  }

  /** The private conversation with one person. Safe to repeat: there is one for each. */
  async openDirect(user: string): Promise<Answer<string>> {
    return await answer(async () => {
      const { channel } = await this.#client.conversations.open({ users: user })
      return channel?.id ?? ''
    })
  }

  /** `text` and `blocks` always go together: with one of them missing Slack drops the other. */
  async update(channel: string, ts: string, body: MessageBody): Promise<Answer<void>> {
    return await answer(async () => {
      await this.#client.chat.update({ channel, ts, ...content(body), parse: 'none', link_names: false })
    })
  }

  /** All files in one message of a thread. */
  async upload(channel: string, thread: string, upload: Upload): Promise<Answer<void>> {
    return await answer(async () => {
      await this.#client.filesUploadV2({ channel_id: channel, thread_ts: thread, ...uploadArguments(upload) })
    })
  }

  async permalink(channel: string, ts: string): Promise<Answer<string>> {
    return await answer(async () => (await this.#client.chat.getPermalink({ channel, message_ts: ts })).permalink ?? '')
  }

  /**
   * The message that carries `mark`, where its answer was lost. Refused with `missing_scope` when the app may not
   * read what is said there (`channels:history`, `groups:history`, `im:history`).
   */
  async find(place: Place, mark: Mark): Promise<Answer<string | 'absent'>> {
    return await this.#look(place, ({ metadata }) => isMarked(metadata, mark))
  }

  /** The message with the first of these files, whose names stand once in a thread; as `find`. */
  async findUpload(place: Place, { files: [first] }: Upload): Promise<Answer<string | 'absent'>> {
    return await this.#look(place, ({ files = [] }) => files.some(({ name }) => name === first?.filename))
  }

  async #look(place: Place, isIt: (message: Found) => boolean): Promise<Answer<string | 'absent'>> {
    return await answer(async () => {
      let cursor: string | undefined
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { messages = [], response_metadata } = await this.#page(place, cursor)
        const found = messages.find(isIt)
        if (found?.ts !== undefined) return found.ts
        cursor = response_metadata?.next_cursor
        if (cursor === undefined || cursor === '') break
      }
      return 'absent'
    })
  }

  #page({ channel, thread }: Place, cursor: string | undefined) {
    const paging = {
      channel,
      include_all_metadata: true,
      limit: REPLIES_PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    }
    return thread === undefined
      ? this.#client.conversations.history(paging)
      : this.#client.conversations.replies({ ...paging, ts: thread })
  }
}

export function uploadArguments({ files, comment }: Upload) {
  return {
    initial_comment: comment,
    file_uploads: files.map(({ content: file, filename, title, alt }) => ({
      ...{ file, filename, title },
      ...(alt === undefined ? {} : { alt_text: alt }),
    })),
  }
}

function content({ text, blocks }: MessageBody): { text: string; blocks: KnownBlock[] } {
  return { text, blocks: [...blocks] }
}

/** As much of a message as tells whether it is ours. */
interface Found {
  readonly metadata?: unknown
  readonly files?: readonly { readonly name?: string }[]
}

function isMarked(metadata: unknown, mark: Mark): boolean {
  if (typeof metadata !== 'object' || metadata === null || !('event_payload' in metadata)) return false
  const payload = metadata.event_payload
  return (
    typeof payload === 'object' &&
    payload !== null &&
    'rescue' in payload &&
    'key' in payload &&
    payload.rescue === mark.rescue &&
    payload.key === mark.key
  )
}

async function answer<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { kind: 'done', value: await call() }
  } catch (thrown) {
    return failure(thrown)
  }
}

function failure(thrown: unknown): Exclude<Answer<never>, { kind: 'done' }> {
  if (thrown instanceof WebAPIRateLimitedError) return { kind: 'rate-limited', retryAfterMs: thrown.retryAfter * 1000 }
  if (thrown instanceof WebAPIPlatformError) return platformFailure(thrown.data.error)
  // Also what breaks while the answer is read, which the client throws as it came.
  return { kind: 'lost', cause: thrown }
}

/** Slack answers these with HTTP 200 and no Retry-After. */
const LIMITS: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded'])
const PAUSE_WITHOUT_ADVICE_MS = 30_000
/** Not about the message: Slack is unwell, or whoever runs the bot has to mend the token. Neither is a reason to give up. */
const NOT_ABOUT_THE_MESSAGE: ReadonlySet<string> = new Set([
  ...['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout', 'team_added_to_org'],
  ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired', 'accesslimited'],
])

/** What is no such word is the page of something between Slack and us, which the client takes for one. */
const ERROR_NAME = /^[a-z][a-z0-9_]*$/

function platformFailure(error: string): Exclude<Answer<never>, { kind: 'done' }> {
  if (LIMITS.has(error)) return { kind: 'rate-limited', retryAfterMs: PAUSE_WITHOUT_ADVICE_MS }
  if (NOT_ABOUT_THE_MESSAGE.has(error) || !ERROR_NAME.test(error))
    return { kind: 'lost', cause: new Error(`Slack answered ${clip(error, 80)}`) }
  return { kind: 'refused', error }
}
