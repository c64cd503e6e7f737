/** How late a rescue's thread is: its card, its gates, and its console while that is full. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RescueEvent } from '../../core/record/events.ts'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { APPROVER, CHANNEL, type Office } from '../helpers/office.ts'
import type { ScriptedWorker } from '../helpers/scripted-rescue.ts'
import type { Asked } from './streamed-rescue.ts'

/** As often as a worker takes what the console said. */
export const FRAME_MS = 500
const LOOK_MS = 100
const ROWS = 24
const COLUMNS = 80

/** Looks at the thread as the approver sees it. */
export class ThreadTimes {
  readonly cardMs: number[] = []
  readonly approvalMs: number[] = []
  readonly tailAges: number[] = []
  readonly #office: Office
  readonly #asked: Asked
  readonly #counts: () => boolean
  readonly #saidAt: number[] = []

  /** `counts`: whether what is timed now is kept. */
  constructor(office: Office, asked: Asked, counts = () => true) {
    this.#office = office
    this.#asked = asked
    this.#counts = counts
  }

  async approve(number: 1 | 2, open: () => Promise<unknown>): Promise<void> {
    const passed = open()
    let began = performance.now()
    const gate = await this.#until(() => this.#gate(number))
    this.#keep(this.approvalMs, began)
    began = performance.now()
    const clicked = this.#office.slack.person(APPROVER).click(CHANNEL, gate.ts, 'approve')
    const onCard = this.#until(() => mentions(this.#card(), APPROVER) >= number || undefined)
    const shown = onCard.then(() => this.#keep(this.cardMs, began))
    await this.#until(() => !hasButton(this.#gate(number), 'approve') || undefined)
    this.#keep(this.approvalMs, began)
    await Promise.all([clicked, passed, shown])
  }

  /** As often as a worker does, as long as it `goesOn`. */
  async stream(worker: ScriptedWorker, goesOn: () => boolean): Promise<void> {
    for (let next = performance.now(); goesOn(); next += FRAME_MS) {
      this.#saidAt.push(performance.now())
      await worker.append(frame(this.#saidAt.length))
      if (this.#counts()) this.tailAges.push(this.#age())
      await sleep(Math.max(0, next + FRAME_MS - performance.now()))
    }
  }

  #keep(times: number[], began: number): void {
    if (this.#counts()) times.push(performance.now() - began)
  }

  /** Of the first frame that the thread does not show yet. */
  #age(): number {
    const text = JSON.stringify(this.#thread().map(({ blocks }) => blocks ?? []))
    const shown = [...text.matchAll(/streamed (?<number>\d+) *"/g)].map(({ groups }) => Number(groups?.number))
    const missing = this.#saidAt[Math.max(0, ...shown)]
    return missing === undefined ? 0 : performance.now() - missing
  }

  #thread(): readonly Message[] {
    return this.#office.slack.thread(CHANNEL, this.#asked.card)
  }

  #card(): Message | undefined {
    return this.#thread()[0]
  }

  #gate(number: 1 | 2): Message | undefined {
    return this.#thread().find(({ metadata }) => metadata?.event_payload.key === `gate-${number}`)
  }

  async #until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      await sleep(LOOK_MS)
    }
  }
}

/** Five lines have scrolled away above it, and its number stands in the last one. */
export function frame(number: number): RescueEvent {
  const above = Array.from({ length: ROWS - 1 }, (_, row) => lineOf(number + row).padEnd(COLUMNS, '.'))
  const rows = [...above, lineOf(number)]
  return { type: 'console', scrolled: rows.slice(0, 5), rows }
}

function lineOf(number: number): string {
  return `streamed ${number}`
}

function mentions(message: Message | undefined, user: string): number {
  return JSON.stringify(message?.blocks ?? []).split(`<@${user}>`).length - 1
}

function hasButton(message: Message | undefined, action: string): boolean {
  return JSON.stringify(message?.blocks ?? []).includes(`"action_id":"${action}"`)
}
