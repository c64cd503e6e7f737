/** `/oci-rescue status`: the rescues that are under way. */
import { channelsOf } from '../../core/approvals/policy.ts'
import type { Desk } from '../desk.ts'
import type { LiveRescue } from '../rescues.ts'
import { context, header, section } from '../slack/blocks.ts'
import { mention, moment, say } from '../slack/text.ts'
import { emptyThread } from '../thread/thread.ts'
import { instanceName, stateSentence, userName } from '../thread/words.ts'
import { type Typed, whisper } from './command.ts'
import { refusalWords } from './refusal.ts'
import { notUnderstood, unusedWords } from './usage.ts'

/** One block each; a list that is longer is not read at night. */
const MOST_SHOWN = 15
/** In characters of all lines together, with what stands around them well below what one message takes. */
const ROOM = 8000

export async function status(desk: Desk, typed: Typed): Promise<void> {
  const { person, channel, respond } = typed
  const words = desk.voice.text.commands.status
  if (typed.words.length > 0) return await notUnderstood(desk, typed, 'status', unusedWords(desk, typed.words))
  if (!channelsOf(desk.policy).includes(channel))
    return await whisper(respond, refusalWords(desk, 'wrong-channel', person))
  const live = await desk.rescues.live()
  if (live.length === 0) return await whisper(respond, words.none)
  const lines = fitting(await Promise.all(live.slice(0, MOST_SHOWN).map((rescue) => line(desk, rescue))))
  const rest = live.length - lines.length
  await whisper(respond, words.title, [
    header(words.title),
    ...lines.map((text) => section(text)),
    ...(rest > 0 ? [context(say(words.more, { count: rest }))] : []),
  ])
}

/** The first ones, as many as there is room for. */
function fitting(lines: readonly string[]): readonly string[] {
  let room = ROOM
  const tooMany = lines.findIndex((text) => {
    room -= JSON.stringify(section(text)).length
    return room < 0
  })
  return tooMany < 0 ? lines : lines.slice(0, tooMany)
}

async function line({ voice, threads }: Desk, { rescue, state }: LiveRescue): Promise<string> {
  const words = voice.text.commands.status
  const { request } = state
  const sentence = say(userName(state) === '' ? words.lineWithoutUser : words.line, {
    rescue,
    playbook: request?.playbook.name ?? '',
    target: instanceName(state),
    user: userName(state),
    requester: request === undefined ? '' : mention(request.by, voice.text.thread.worker),
    since: request === undefined ? '' : moment(request.at),
    state: { mrkdwn: stateSentence(voice, { ...emptyThread(rescue), state }) },
  })
  // A list without links is still a list.
  const link = request === undefined ? undefined : await threads.linkTo(rescue, request.channel)
  return link === undefined ? sentence : `${sentence} <${link}|${words.link}>`
}
