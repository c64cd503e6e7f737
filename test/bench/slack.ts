/**
 * `npm run bench -- slack [--parts a,b] [--minutes N] [--rescues N]`: what the bot owes to people and to Slack's limits.
 * The bot is production's, the workers are scripted, the log and Slack's allowances are real.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/office.ts'
import { median, percentile, positive } from './numbers.ts'
import { measureStarts } from './process-start.ts'
import { askForRescue, openForm, play, type Streamed } from './streamed-rescue.ts'

const PARTS = ['start', 'stream', 'outage'] as const
const MINUTE_MS = 60_000
const COMMANDS = 200
/** Opened while all rescues stream, besides those by which they were asked for. */
const FORMS = 20
/** Twenty a second. */
const COMMAND_MS = 50
/** A channel takes one post a second, and a rescue says most at its beginning and at its end. */
const STAGGER_MS = 15_000
/** Slack is broken for so long, in which one rescue begins and ends. */
const OUTAGE_MS = 5 * MINUTE_MS
const OUTAGE_RESCUE_MS = 2 * MINUTE_MS

export async function benchSlack(print: (line: string) => void, args: readonly string[]): Promise<void> {
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

/** Many rescues with full consoles in one channel; in the middle of it, people type commands and open forms. */
async function benchStreams(print: (line: string) => void, count: number, lengthMs: number): Promise<void> {
  await using office = await openOffice()
  await using _bot = await startBot(office.environment)
  const playing: Promise<Streamed>[] = []
  const formTimes: number[] = []
  for (let index = 0; index < count; index += 1) {
    const asked = await askForRescue(office, `web-${index + 1}`)
    formTimes.push(asked.formMs)
    playing.push(play(office, asked, lengthMs, { gates: 2 }))
    await sleep(STAGGER_MS)
  }
  const acknowledgements = await timeAcknowledgements(office)
  for (let index = 0; index < FORMS; index += 1) {
    const form = await openForm(office, '/oci-rescue')
    formTimes.push(form.ms)
    await office.slack.person(REQUESTER).closeView(form.id)
  }
  const all = await Promise.all(playing)
  const { rateLimited, refusals, unacknowledged } = office.slack.statistics()
  const cards = all.flatMap(({ cardMs }) => cardMs)
  const approvals = all.flatMap(({ approvalMs }) => approvalMs)
  const ages = all.flatMap(({ tailAges }) => tailAges)
  const p95 = (values: readonly number[]) => (percentile(values, 95) / 1000).toFixed(1)
  print(`${count} rescues for ${lengthMs / MINUTE_MS} minutes: 429 answers ${rateLimited} (goal 0)`)
  for (const [refusal, times] of Object.entries(refusals)) print(`  ${refusal} ${times}`)
  print(`acknowledgement p99 ${percentile(acknowledgements, 99).toFixed(0)} ms of ${COMMANDS} at 20/s (goal 150)`)
  print(
    `form after the command: median ${median(formTimes).toFixed(0)}, longest ${Math.max(...formTimes).toFixed(0)} ms (goal 500)`,
  )
  print(
    `card p95 ${p95(cards)} s of ${cards.length}, approvals p95 ${p95(approvals)} s of ${approvals.length} (goal 2)`,
  )
  print(`age of the live console p95 ${p95(ages)} s (goal 2 s for each live rescue: ${2 * count})`)
  print(
    `threads that are whole ${all.filter(({ wholeMs }) => wholeMs !== undefined).length}/${count}, unacknowledged ${unacknowledged}`,
  )
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

/** The same rescue in fair weather, and with a Slack that fails from its first approval on until long after its end. */
async function benchOutage(print: (line: string) => void): Promise<void> {
  await using office = await openOffice()
  await using _bot = await startBot(office.environment)
  const fair = await play(office, await askForRescue(office, 'web-1'), OUTAGE_RESCUE_MS, { gates: 1 })
  const asked = await askForRescue(office, 'web-2')
  let healsAt = Number.NaN
  const failed = await play(office, asked, OUTAGE_RESCUE_MS, {
    gates: 1,
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
  const caughtUp = failed.wholeMs === undefined ? 'not' : `${(failed.wholeMs / 1000).toFixed(1)} s`
  print(`Slack fails for 5 minutes: the rescue's own time changes by ${change.toFixed(1)} % (goal 2)`)
  print(`and its thread is whole ${caughtUp} after Slack is back (goal 60)`)
}
