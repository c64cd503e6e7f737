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
