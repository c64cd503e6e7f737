/**
 * What of a thread stands in Slack, and what does not yet. Notes in Redis which
 * message shows which part, before and after each post, so that a bot that starts
 * again neither posts twice nor forgets.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Where the notes are kept; `core/store/posts.ts` in production. */
export interface Notes {
  all(rescue: string): Promise<ReadonlyMap<string, string>>
  set(rescue: string, part: string, value: string): Promise<void>
}

/** `posting` is noted before the call: found again after a crash, it says that the message may stand there. */
const Note = z.discriminatedUnion('state', [
  z.object({ state: z.literal('posting') }),
  /** Slack said that it does not stand there. */
  z.object({ state: z.literal('absent') }),
  z.object({ state: z.literal('posted'), ts: z.string(), content: z.string() }),
  /** Slack refused it for good; it is not tried again. */
  z.object({ state: z.literal('given-up'), error: z.string() }),
])
export type Note = z.infer<typeof Note>

export class Outbox {
  readonly #notes: Notes
  readonly #rescue: string
  readonly #parts: Map<string, Note>

  private constructor(notes: Notes, rescue: string, parts: Map<string, Note>) {
    this.#notes = notes
    this.#rescue = rescue
    this.#parts = parts
  }

  static async open(notes: Notes, rescue: string): Promise<Outbox> {
    const stored = await notes.all(rescue)
    return new Outbox(notes, rescue, new Map([...stored].map(([part, note]) => [part, Note.parse(JSON.parse(note))])))
  }

  get(part: string): Note | undefined {
    return this.#parts.get(part)
  }

  async note(part: string, note: Note): Promise<void> {
    this.#parts.set(part, note)
    await this.#notes.set(this.#rescue, part, JSON.stringify(note))
  }
}

/** Says whether two messages are the same, without keeping them. */
export function contentHash(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
}
