/** One rescue as Slack sees it: asked for and approved by people, its console full until the end; and how late it all came. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { newRescue } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, REQUESTER } from '../helpers/office.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'
import { keptWhole } from './whole-thread.ts'

/** As often as a worker takes what the console said. */
const FRAME_MS = 500
const LOOK_MS = 100
const ROWS = 24
const COLUMNS = 80
const GATE_MS = 3_600_000
/** From the last line of the console to the end: another gate, and the recording. */
const END_MS = 20_000
const WHOLE_MS = 180_000

export interface Asked {
  readonly instance: string
  readonly rescue: string
  /** The card's `ts`. */
  readonly card: string
  /** From the command to the form. */
  readonly formMs: number
}

export interface Streamed {
  /** From something decisive in the log to the card that says it. */
  readonly cardMs: readonly number[]
  /** From a gate in the log to its buttons, and from a click to the gate that says who decided. */
  readonly approvalMs: readonly number[]
  /** How old the oldest line was that the thread did not show, looked at again and again. */
  readonly tailAges: readonly number[]
  /** The worker's own time, from the approval to the end. */
  readonly workedMs: number
  /** From the end until all of it stood in the thread, once; undefined when that did not come. */
  readonly wholeMs: number | undefined
}

interface Course {
  readonly gates: 1 | 2
  readonly approved?: () => void
  readonly ended?: () => Promise<void>
}

const never = new AbortController().signal

/** From the command to the form, which stays open. */
export async function openForm(office: Office, command: string): Promise<{ readonly id: string; readonly ms: number }> {
  const riya = office.slack.person(REQUESTER)
  await closeForms(office)
  const began = performance.now()
  await riya.command(CHANNEL, command)
  const { id } = await riya.until('the form', (sight) => sight.views().at(-1), never)
  return { id, ms: performance.now() - began }
}

/** One that was answered late stays open, and says what came of it. */
async function closeForms({ slack }: Office): Promise<void> {
  const riya = slack.person(REQUESTER)
  for (const { id } of riya.views()) await riya.closeView(id)
}

export async function askForRescue(office: Office, instance: string): Promise<Asked> {
  const riya = office.slack.person(REQUESTER)
  let formMs = Number.NaN
  const ask = async () => {
    const form = await openForm(office, `/oci-rescue replace-key ${instance}`)
    formMs = form.ms
    await riya.submit(form.id, { key: makePublicKey('riya@laptop').line })
  }
  const { rescue, card } = await newRescue(office, ask, never)
  return { instance, rescue, card: card.ts, formMs }
}

/** `lengthMs`: from now to its end. */
export async function play(office: Office, asked: Asked, lengthMs: number, course: Course): Promise<Streamed> {
  const endsAt = performance.now() + lengthMs
  const worker = await ScriptedWorker.claim(office.log, asked.rescue, never)
  await worker.find({ ...INSTANCE, name: asked.instance, id: `${INSTANCE.id}${asked.instance.replaceAll('-', '')}` })
  const times = new Times(office, asked)
  await times.approve(1, () => worker.gate(worker.requestPlan(), GATE_MS))
  course.approved?.()
  const began = performance.now()
  await worker.reachShell()
  await times.stream(worker, endsAt - END_MS)
  if (course.gates === 2) {
    const plan = worker.changePlan('')
    await worker.append({ type: 'phase-began', phase: 'gate-2' })
    await times.approve(2, () => worker.gate(plan, GATE_MS))
    await worker.apply(plan)
  }
  await worker.bootNormally()
  await worker.prove()
  await worker.cleanUp()
  await worker.append({
    type: 'ended',
    outcome: 'recovered',
    code: 'recovered',
    details: {},
    machine: 'up',
    changed: [],
  })
  const workedMs = performance.now() - began
  if (course.ended === undefined) await times.untilEnded()
  else await course.ended()
  const wholeMs = await keptWhole(office, asked, WHOLE_MS)
  return { cardMs: times.cardMs, approvalMs: times.approvalMs, tailAges: times.tailAges, workedMs, wholeMs }
}

/** Looks at the thread as the approver sees it. */
class Times {
  readonly cardMs: number[] = []
  readonly approvalMs: number[] = []
  readonly tailAges: number[] = []
  readonly #office: Office
  readonly #asked: Asked

  constructor(office: Office, asked: Asked) {
    this.#office = office
    this.#asked = asked
  }

  async approve(number: 1 | 2, open: () => Promise<unknown>): Promise<void> {
    const passed = open()
    let began = performance.now()
    const gate = await this.#until(() => this.#gate(number))
    this.approvalMs.push(performance.now() - began)
    began = performance.now()
    const clicked = this.#office.slack.person(APPROVER).click(CHANNEL, gate.ts, 'approve')
    const onCard = this.#until(() => mentions(this.#card(), APPROVER) >= number || undefined)
    const shown = onCard.then(() => this.cardMs.push(performance.now() - began))
    await this.#until(() => !hasButton(this.#gate(number), 'approve') || undefined)
    this.approvalMs.push(performance.now() - began)
    await Promise.all([clicked, passed, shown])
  }

  async untilEnded(): Promise<void> {
    const began = performance.now()
    await this.#until(() => !hasButton(this.#card(), 'stop') || undefined)
    this.cardMs.push(performance.now() - began)
  }

  async stream(worker: ScriptedWorker, until: number): Promise<void> {
    const saidAt: number[] = []
    for (let next = performance.now(); next < until; next += FRAME_MS) {
      saidAt.push(performance.now())
      const newest = lineOf(saidAt.length)
      const rows = [
        ...Array.from({ length: ROWS - 1 }, (_, row) => lineOf(saidAt.length + row).padEnd(COLUMNS, '.')),
        newest,
      ]
      await worker.append({ type: 'console', scrolled: rows.slice(0, 5), rows })
      this.tailAges.push(this.#age(saidAt))
      await sleep(Math.max(0, next + FRAME_MS - performance.now()))
    }
  }

  /** Of the first frame that the thread does not show yet. */
  #age(saidAt: readonly number[]): number {
    const text = JSON.stringify(this.#thread().map(({ blocks }) => blocks ?? []))
    const shown = [...text.matchAll(/streamed (?<number>\d+) *"/g)].map(({ groups }) => Number(groups?.number))
    const missing = saidAt[Math.max(0, ...shown)]
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

function lineOf(number: number): string {
  return `streamed ${number}`
}

function mentions(message: Message | undefined, user: string): number {
  return JSON.stringify(message?.blocks ?? []).split(`<@${user}>`).length - 1
}

function hasButton(message: Message | undefined, action: string): boolean {
  return JSON.stringify(message?.blocks ?? []).includes(`"action_id":"${action}"`)
}
