/**
 * `npm run bench -- rescue`: a whole rescue against its floor, on the same machine in
 * the same run, alternating; how fast Slack gets its acknowledgements, and how fast
 * the console gets into the thread.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { secondsByPhase } from '../../deploy/local/rescue-events.ts'
import { decide, type Played } from '../../deploy/local/unattended.ts'
import type { Journey } from '../journeys/journey.ts'
import { startJourney } from '../journeys/journey.ts'
import { driveFloor } from './floor.ts'
import { median, percentile, positive } from './numbers.ts'

const COMMANDS = 200
const never = new AbortController().signal

export async function benchRescue(print: (line: string) => void, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { rounds: { type: 'string', default: '5' } } })
  const wanted = positive(values.rounds)
  await using journey = await startJourney()
  const { running } = journey
  const machine = running.machines.get('web-1')
  if (machine === undefined) throw new Error('there is no web-1')
  // The first boot fills the host's page cache, which otherwise would be counted against whoever comes first.
  await driveFloor(machine)
  const rounds: Round[] = []
  for (let round = 1; round <= wanted; round += 1) {
    const floor = await driveFloor(machine)
    const { phases, ...timed } = await timeRescue(journey)
    rounds.push({ floor: floor.total, ...timed })
    const ratio = (timed.rescue / floor.total).toFixed(3)
    print(`round ${round}: floor ${seconds(floor.total)} s, rescue ${seconds(timed.rescue)} s, ratio ${ratio}`)
    print(`  floor: ${inSeconds(floor.parts)}`)
    print(`  rescue: ${inSeconds(phases)}`)
  }
  const acknowledgements = await timeAcknowledgements(journey)
  print(`first flush of console output ${median(rounds.map((one) => one.firstFlush)).toFixed(0)} ms (median)`)
  print(`acknowledgement p99 ${percentile(acknowledgements, 99).toFixed(0)} ms of ${acknowledgements.length} commands`)
  print(`429 answers ${running.slack.statistics().rateLimited}`)
  print(`ratio ${median(rounds.map((one) => one.rescue / one.floor)).toFixed(3)}`)
}

interface Round {
  readonly floor: number
  readonly rescue: number
  /** From the first byte on the serial line after the console was opened to the first console text in the thread, ms. */
  readonly firstFlush: number
}

interface TimedRescue extends Omit<Round, 'floor'> {
  /** Seconds, by phase. */
  readonly phases: Readonly<Record<string, number>>
}

async function timeRescue(journey: Journey): Promise<TimedRescue> {
  const { running } = journey
  const played = await journey.ask()
  const flush = watchFirstFlush(journey, played)
  await decide(running, played, { kind: 'approve' }, never)
  const events = await journey.events(played)
  const [first] = events
  const last = events.at(-1)
  if (first === undefined || last?.event.code !== 'recovered') throw new Error(JSON.stringify(last))
  const rescue = Date.parse(last.at) - Date.parse(first.at)
  return { rescue, firstFlush: flush(), phases: secondsByPhase(events) }
}

function watchFirstFlush({ running }: Journey, { card }: Played): () => number {
  let byte: number | undefined
  let flush: number | undefined
  const stopLine = running.machines.get('web-1')?.serial.listen(() => {
    if (running.oci.consoleConnections().some(({ state }) => state === 'ACTIVE')) byte ??= performance.now()
  })
  const stopThread = running.slack.onChange(() => {
    const shown = running.slack.thread(running.channel, card).some((message) => showsConsole(message.blocks))
    if (byte !== undefined && shown) flush ??= performance.now()
  })
  return () => {
    stopLine?.()
    stopThread()
    return (flush ?? Number.NaN) - (byte ?? Number.NaN)
  }
}

/** GRUB's menu or a kernel in a preformatted block: the gates' differences look otherwise. */
function showsConsole(blocks: unknown): boolean {
  const text = JSON.stringify(blocks ?? [])
  return text.includes('rich_text_preformatted') && /GNU GRUB|SeaBIOS|Linux version|root@\(none\)/.test(text)
}

async function timeAcknowledgements({ running }: Journey): Promise<readonly number[]> {
  const requester = running.slack.person(running.people.requester)
  const before = running.slack.statistics().ackMilliseconds.length
  for (let count = 0; count < COMMANDS; count += 1) {
    await requester.command(running.channel, count % 2 === 0 ? '/oci-rescue help' : '/oci-rescue status')
    await sleep(20)
  }
  return running.slack.statistics().ackMilliseconds.slice(before)
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1)
}

function inSeconds(parts: Readonly<Record<string, number>>): string {
  return Object.entries(parts)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(', ')
}
