/** Trigger ids: a person did something, so for three seconds the app may open one modal for them. */
import type { Clock } from './clock.ts'
import { digits, secret } from './ids.ts'
import { SlackRefusal } from './refusal.ts'

/** docs.slack.dev/interactivity/handling-user-interaction: "they will expire within 3 seconds". */
const LIFE_MILLISECONDS = 3_000

export interface Trigger {
  readonly user: string
  /** The modal the person acted in, if it was in one. */
  readonly view?: string | undefined
}

export class Triggers {
  readonly #clock: Clock
  readonly #issued = new Map<string, { trigger: Trigger; at: number; isUsed: boolean }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  issue(trigger: Trigger): string {
    const id = `${digits(13)}.${digits(12)}.${secret(16)}`
    this.#issued.set(id, { trigger, at: this.#clock.now(), isUsed: false })
    return id
  }

  /** Whom it was for; refuses unknown, used and old ones, each with Slack's word. */
  redeem(id: string): Trigger {
    const issued = this.#issued.get(id)
    if (issued === undefined) throw new SlackRefusal('invalid_trigger_id')
    if (issued.isUsed) throw new SlackRefusal('exchanged_trigger_id')
    if (this.#clock.now() - issued.at > LIFE_MILLISECONDS) throw new SlackRefusal('expired_trigger_id')
    issued.isUsed = true
    return issued.trigger
  }
}
