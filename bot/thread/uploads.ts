/** The files of a thread: the picture of a screen, and the recording at the end. */
import type { EventLog } from '../../core/record/log.ts'
import { gateAt, type RescueState } from '../../core/record/state.ts'
import type { Upload } from '../slack/poster.ts'
import { clean, clockTime, mention, plain, say } from '../slack/text.ts'
import { diffFile } from './change-diff.ts'
import { drawScreen } from './picture.ts'
import { recordingOf } from './recording.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

/** Slack's limit for the alternative text of a picture (docs: files.getUploadURLExternal). */
const LONGEST_ALT = 1000

export async function uploadOf(
  voice: Voice,
  log: Pick<EventLog, 'read'>,
  item: ItemOf<'picture' | 'capture' | 'diff' | 'recording'>,
  thread: Thread,
): Promise<Upload> {
  switch (item.kind) {
    case 'picture':
      return await pictureUpload(voice, item, thread)
    case 'capture':
      return captureUpload(voice, item, thread)
    case 'diff':
      return diffUpload(voice, item, thread)
    case 'recording':
      return await recordingUpload(voice, log, thread)
    default:
      return item satisfies never
  }
}

function captureUpload({ text }: Voice, { event }: ItemOf<'capture'>, { rescue, state }: Thread): Upload {
  const { history, screenshot } = text.thread.capture
  const names = { instance: instanceName(state) }
  if (event.type === 'history') {
    const file = {
      // Slack takes no empty file.
      content: Buffer.from(event.text === '' ? history.nothing : event.text),
      filename: `${rescue}-history.log`,
      title: plain(history.title, names),
    }
    return { comment: say(history.text, names), files: [file] }
  }
  const { png, width, height, blank } = event
  const file = {
    content: Buffer.from(png, 'base64'),
    filename: `${rescue}-screen.png`,
    title: plain(screenshot.title, names),
    alt: plain(screenshot.alt, { ...names, width, height }),
  }
  return { comment: say(blank ? screenshot.blank : screenshot.text, names), files: [file] }
}

function diffUpload({ text }: Voice, { seq }: ItemOf<'diff'>, { rescue, state }: Thread): Upload {
  const { diff } = text.thread
  const plan = gateAt(state, seq)?.plan
  const file = plan?.gate === 2 ? diffFile(rescue, plan, state) : undefined
  const names = { rescue, instance: instanceName(state), sha256: file?.sha256 ?? '' }
  return {
    comment: say(diff.text, names),
    files:
      file === undefined
        ? []
        : [{ content: Buffer.from(file.text), filename: file.name, title: plain(diff.title, names) }],
  }
}

async function pictureUpload({ text }: Voice, item: ItemOf<'picture'>, { rescue, state }: Thread): Promise<Upload> {
  const words = text.thread.picture
  const names = { instance: instanceName(state), state: stateWords(text, item.state) }
  const seen = item.picture.rows
    .map((row) =>
      row
        .map((run) => run.text)
        .join('')
        .trim(),
    )
    .filter((row) => row !== '')
  return {
    comment: commentOf(text, item, state),
    files: [
      {
        content: await drawScreen(item.picture),
        filename: `${rescue}-${item.key}.png`,
        title: plain(words.title, names),
        alt: altText(plain(words.alt, names), seen.join(' / ')),
      },
    ],
  }
}

/** The last lines of the screen, as far as there is room for them. */
function altText(sentence: string, seen: string): string {
  const room = LONGEST_ALT - sentence.length - 1
  return `${sentence} ${clean(seen.slice(-room), room)}`
}

async function recordingUpload(
  { text }: Voice,
  log: Pick<EventLog, 'read'>,
  { rescue, state }: Thread,
): Promise<Upload> {
  const words = text.thread.recording
  const names = { rescue, instance: instanceName(state) }
  const title = plain(words.title, names)
  const { entries } = await log.read(rescue, 0)
  const { transcript, cast } = recordingOf(title, entries)
  return {
    comment: say(words.text, names),
    files: [
      { content: Buffer.from(transcript), filename: `${rescue}-console.log`, title },
      { content: Buffer.from(cast), filename: `${rescue}-console.cast`, title: plain(words.castTitle, names) },
    ],
  }
}

function commentOf(text: Voice['text'], item: ItemOf<'picture'>, rescue: RescueState): string {
  const words = text.thread.picture
  const state = stateWords(text, item.state)
  const at = clockTime(item.at)
  if (item.why === 'failed') return say(words.failed, { at, state })
  if (item.why === 'asked' && rescue.screenAsk !== undefined)
    return say(words.asked, { at, person: mention(rescue.screenAsk.by, text.thread.worker), state })
  const known: Readonly<Record<string, string>> = words.caption
  return known[item.state] ?? say(words.title, { instance: instanceName(rescue), state })
}

function stateWords({ thread }: Voice['text'], state: string): string {
  const known: Readonly<Record<string, string>> = thread.seen
  return known[state] ?? clean(state)
}
