/** One rescue as Slack sees it: asked for and approved by people, its console full, among others or alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import { newRescue } from '../helpers/asking.ts'
import { CHANNEL, type Office, REQUESTER } from '../helpers/office.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'
import { FRAME_MS, frame, ThreadTimes } from './thread-times.ts'
import type { Together } from './together.ts'
import { keptWhole } from './whole-thread.ts'

const GATE_MS = 3_600_000
const WHOLE_MS = 180_000

export interface Asked {
  readonly instance: string
  readonly rescue: string
  /** The card's `ts`. */
  readonly card: string
}

/** What came while all rescues streamed, and what there was at the end. */
export interface Streamed {
  /** From a click to the card that says who decided. */
  readonly cardMs: readonly number[]
  /** From a gate in the log to its buttons, and from a click to the gate that says who decided. */
  readonly approvalMs: readonly number[]
  /** How old the oldest line was that the thread did not show, looked at again and again. */
  readonly tailAges: readonly number[]
  readonly wholeMs: WholeMs
}

/** From the end until all of it stood in the thread, once; undefined when that did not come. */
type WholeMs = number | undefined

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
  const ask = async () => {
    const form = await openForm(office, `/oci-rescue replace-key ${instance}`)
    await riya.submit(form.id, { key: makePublicKey('riya@laptop').line })
  }
  const { rescue, card } = await newRescue(office, ask, never)
  return { instance, rescue, card: card.ts }
}

interface Course {
  /** How much of the common time is over at its second gate. */
  readonly gateAt: number
  /** From the end of the common time to its own. */
  readonly endsAfterMs: number
}

/** Its console is full, but for its second gate, until the time of all is over. */
export async function streamTogether(
  office: Office,
  asked: Asked,
  together: Together,
  { gateAt, endsAfterMs }: Course,
): Promise<Streamed> {
  const worker = await found(office, asked)
  const times = new ThreadTimes(office, asked, () => together.isNow())
  await times.approve(1, () => worker.gate(worker.requestPlan(), GATE_MS))
  await worker.reachShell()
  together.join()
  await times.stream(worker, () => performance.now() < together.at(gateAt))
  const plan = worker.changePlan('')
  await worker.append({ type: 'phase-began', phase: 'gate-2' })
  await times.approve(2, () => worker.gate(plan, GATE_MS))
  await worker.apply(plan)
  await times.stream(worker, () => performance.now() < together.at(1) + endsAfterMs)
  await end(worker)
  const { cardMs, approvalMs, tailAges } = times
  return { cardMs, approvalMs, tailAges, wholeMs: await keptWhole(office, asked, WHOLE_MS) }
}

interface Work {
  /** Of its console, with the same pause behind each: whatever takes longer makes all of it longer. */
  readonly frames: number
  readonly approved?: () => void
  readonly ended?: () => Promise<void>
}

interface Worked {
  /** The worker's own time, from the approval to the end. */
  readonly workedMs: number
  readonly wholeMs: WholeMs
}

/** A fixed amount of work, however long it takes; nobody looks at its thread meanwhile. */
export async function workAlone(
  office: Office,
  asked: Asked,
  { frames, approved = () => undefined, ended = async () => undefined }: Work,
): Promise<Worked> {
  const worker = await found(office, asked)
  const times = new ThreadTimes(office, asked)
  await times.approve(1, () => worker.gate(worker.requestPlan(), GATE_MS))
  approved()
  const began = performance.now()
  await worker.reachShell()
  for (let number = 1; number <= frames; number += 1) {
    await worker.append(frame(number))
    await sleep(FRAME_MS)
  }
  await end(worker)
  const workedMs = performance.now() - began
  await ended()
  return { workedMs, wholeMs: await keptWhole(office, asked, WHOLE_MS) }
}

async function found(office: Office, { rescue, instance }: Asked): Promise<ScriptedWorker> {
  const worker = await ScriptedWorker.claim(office.log, rescue, never)
  await worker.find({ ...INSTANCE, name: instance, id: `${INSTANCE.id}${instance.replaceAll('-', '')}` })
  return worker
}

async function end(worker: ScriptedWorker): Promise<void> {
  await worker.bootNormally()
  await worker.prove()
  await worker.cleanUp()
  const ended = { type: 'ended', outcome: 'recovered', code: 'recovered', details: {} } as const
  await worker.append({ ...ended, machine: 'up', changed: [] })
}
