/**
 * `npm run bench -- slack [--parts a,b] [--minutes N] [--rescues N]`: what the bot owes to people and to Slack's limits.
 * The bot is production's, the workers are scripted, the log and Slack's allowances are real.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/office.ts'
import { median, percentile, positive } from './numbers.ts'
import type { Print } from './print.ts'
import { measureStarts } from './process-start.ts'
import { askForRescue, openForm, type Streamed, streamTogether, workAlone } from './streamed-rescue.ts'
import { Together } from './together.ts'

const PARTS = ['start', 'stream', 'outage'] as const
const MINUTE_MS = 60_000
const COMMANDS = 200
/** Opened one after the other in the first half of the time in which all rescues stream. */
const FORMS = 40
/** Twenty a second. */
const COMMAND_MS = 50
/** A channel takes one post a second, and a rescue says most at its beginning and at its end. */
const STAGGER_MS = 15_000
/** Slack is broken for so long, in which one rescue begins and ends. */
const OUTAGE_MS = 5 * MINUTE_MS
/** Two minutes of them, when nothing is slow. */
const OUTAGE_FRAMES = 240

export async function benchSlack(print: Print, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parts: { type: 'string', default: PARTS.join() },
      minutes: { type: 'string', default: '10' },
      rescues: { type: 'string', default: '20' },
    },
  })
  for (const part of values.parts.split(',')) {
    switch (part) {
      case 'start':
        await measureStarts(print)
        break
      case 'stream':
        await benchStreams(print, positive(values.rescues), positive(values.minutes) * MINUTE_MS)
        break
      case 'outage':
        await benchOutage(print)
        break
      default:
        throw new Error(`which part? ${PARTS.join(', ')}`)
    }
  }
}

/**
 * Many rescues with full consoles in one channel. They begin one after the other, all of them stream for `lengthMs`, and they
 * end one after the other. In the time of all, which is what is measured, each passes its second gate, and people type
 * commands and open forms.
 */
async function benchStreams(print: Print, count: number, lengthMs: number): Promise<void> {
  await using office = await openOffice()
  await using _bot = await startBot(office.environment)
  const together = new Together(count, lengthMs)
  const playing: Promise<Streamed>[] = []
  for (let index = 0; index < count; index += 1) {
    const asked = await askForRescue(office, `web-${index + 1}`)
    const course = { gateAt: (index + 1) / (count + 1), endsAfterMs: index * STAGGER_MS }
    playing.push(streamTogether(office, asked, together, course))
    await sleep(STAGGER_MS)
  }
  await together.begun
  const acknowledgements = await timeAcknowledgements(office)
  const formTimes: number[] = []
  for (let index = 0; index < FORMS; index += 1) {
    const form = await openForm(office, '/oci-rescue')
    formTimes.push(form.ms)
    await office.slack.person(REQUESTER).closeView(form.id)
    await sleep(lengthMs / 2 / FORMS)
  }
  const all = await Promise.all(playing)
  const { rateLimited, refusals, unacknowledged } = office.slack.statistics()
  print(`${count} rescues for ${lengthMs / MINUTE_MS} minutes: 429 answers ${rateLimited} (goal 0)`, rateLimited === 0)
  for (const [refusal, times] of Object.entries(refusals)) print(`  ${refusal} ${times}`)
  const acknowledged = percentile(acknowledgements, 99)
  print(`acknowledgement p99 ${acknowledged.toFixed(0)} ms of ${COMMANDS} at 20/s (goal 150)`, acknowledged <= 150)
  const longest = Math.max(...formTimes)
  print(
    `form after the command: median ${median(formTimes).toFixed(0)}, longest ${longest.toFixed(0)} ms (goal 500)`,
    longest <= 500,
  )
  const cards = all.flatMap(({ cardMs }) => cardMs)
  const approvals = all.flatMap(({ approvalMs }) => approvalMs)
  const [card, approval] = [seconds95(cards), seconds95(approvals)]
  print(
    `card p95 ${card.toFixed(1)} s of ${cards.length}, approvals p95 ${approval.toFixed(1)} s of ${approvals.length} (goal 2)`,
    card <= 2 && approval <= 2,
  )
  const age = seconds95(all.flatMap(({ tailAges }) => tailAges))
  print(
    `age of the live console p95 ${age.toFixed(1)} s (goal 2 s for each live rescue: ${2 * count})`,
    age <= 2 * count,
  )
  const whole = all.filter(({ wholeMs }) => wholeMs !== undefined).length
  print(
    `threads that are whole ${whole}/${count}, unacknowledged ${unacknowledged}`,
    whole === count && unacknowledged === 0,
  )
}

function seconds95(milliseconds: readonly number[]): number {
  return percentile(milliseconds, 95) / 1000
}

async function timeAcknowledgements({ slack }: Office): Promise<readonly number[]> {
  const before = slack.statistics().ackMilliseconds.length
  const sent: Promise<unknown>[] = []
  for (let count = 0; count < COMMANDS; count += 1) {
    sent.push(slack.person(OUTSIDER).command(CHANNEL, count % 2 === 0 ? '/oci-rescue help' : '/oci-rescue status'))
    await sleep(COMMAND_MS)
  }
  await Promise.all(sent)
  return slack.statistics().ackMilliseconds.slice(before)
}

/** The same work in fair weather, and with a Slack that fails from its approval on until long after its end. */
async function benchOutage(print: Print): Promise<void> {
  await using office = await openOffice()
  await using _bot = await startBot(office.environment)
  // The first one is slower: its code is not compiled yet.
  await workAlone(office, await askForRescue(office, 'web-1'), { frames: 1 })
  const fair = await workAlone(office, await askForRescue(office, 'web-2'), { frames: OUTAGE_FRAMES })
  const asked = await askForRescue(office, 'web-3')
  let healsAt = Number.NaN
  const failed = await workAlone(office, asked, {
    frames: OUTAGE_FRAMES,
    approved: () => {
      office.slack.chooseSwitch('slack', 'failing')
      healsAt = performance.now() + OUTAGE_MS
    },
    ended: async () => {
      await sleep(healsAt - performance.now())
      office.slack.chooseSwitch('slack', 'fair')
    },
  })
  const change = (100 * (failed.workedMs - fair.workedMs)) / fair.workedMs
  const { wholeMs } = failed
  const caughtUp = wholeMs === undefined ? 'not' : `${(wholeMs / 1000).toFixed(1)} s`
  print(`Slack fails for 5 minutes: the rescue's own time changes by ${change.toFixed(1)} % (goal 2)`, change <= 2)
  print(
    `and its thread is whole ${caughtUp} after Slack is back (goal 60)`,
    wholeMs !== undefined && wholeMs <= MINUTE_MS,
  )
}
