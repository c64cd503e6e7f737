/**
 * Slack's way of saying no: HTTP 200 with `ok: false`, an error word, and for
 * malformed blocks and arguments the sentences in `response_metadata.messages`.
 */
export class SlackRefusal extends Error {
  readonly error: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(error: string, details: Readonly<Record<string, unknown>> = {}) {
    super(error)
    this.name = 'SlackRefusal'
    this.error = error
    this.details = details
  }

  body(): Record<string, unknown> {
    return { ok: false, error: this.error, ...this.details }
  }
}

/** A refusal that says what is wrong where, in the words Slack puts there. */
export function refusalWith(error: string, messages: readonly string[]): SlackRefusal {
  return new SlackRefusal(error, {
    errors: messages,
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  })
}

/** One thing that is wrong with a payload, as `blocks.validate` reports it. */
export interface Problem {
  /** JSON pointer (RFC 6901) into the arguments, e.g. `/blocks/0/text/text`. */
  readonly pointer: string
  readonly code: string
  readonly message: string
  /** The limit that was passed, where there is one. */
  readonly constraint?: number
}

/** As Slack's refusals say it: `must be less than 25 characters [json-pointer:/view/title/text]`. */
export function sentenceOf({ message, pointer }: Problem): string {
  return `${message} [json-pointer:${pointer}]`
}
