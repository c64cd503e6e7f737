/** The files of a thread: the picture of a screen, and the recording at the end. */
import type { EventLog } from '../../core/record/log.ts'
import type { Upload } from '../slack/poster.ts'
import { clean, plain, say } from '../slack/text.ts'
import { drawScreen } from './picture.ts'
import { recordingOf } from './recording.ts'
import type { ItemOf, Thread } from './thread.ts'
import { instanceName, type Voice } from './words.ts'

/** The alternative text of a picture (docs: files.getUploadURLExternal), with room for the sentence around it. */
const LONGEST_ALT = 800

export async function uploadOf(
  voice: Voice,
  log: EventLog,
  item: ItemOf<'picture' | 'recording'>,
  thread: Thread,
): Promise<Upload> {
  return item.kind === 'picture' ? await pictureUpload(voice, item, thread) : await recordingUpload(voice, log, thread)
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
    comment: captionOf(text, item.state) ?? say(words.title, names),
    files: [
      {
        content: await drawScreen(item.picture),
        filename: `${rescue}-${item.key}.png`,
        title: plain(words.title, names),
        alt: `${plain(words.alt, names)} ${clean(seen.join(' / '), LONGEST_ALT)}`,
      },
    ],
  }
}

async function recordingUpload({ text }: Voice, log: EventLog, { rescue, state }: Thread): Promise<Upload> {
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

function captionOf({ thread }: Voice['text'], state: string): string | undefined {
  const known: Readonly<Record<string, string>> = thread.picture.caption
  return known[state]
}

function stateWords({ thread }: Voice['text'], state: string): string {
  const known: Readonly<Record<string, string>> = thread.seen
  return known[state] ?? clean(state)
}
