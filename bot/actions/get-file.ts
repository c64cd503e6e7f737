/** The button that gives a long file to whoever may edit it: privately, for nobody else has asked to see it. */
import { basename } from 'node:path'
import type { Desk } from '../desk.ts'
import { readAskReference } from '../slack/reference.ts'
import { plain, say } from '../slack/text.ts'
import type { Pressed } from './click.ts'
import { refusedAnswer } from './refused-answer.ts'

export async function getFile(desk: Desk, { person, value, whisper, give }: Pressed): Promise<void> {
  const { commands } = desk.voice.text
  const reference = readAskReference(value)
  if (reference === undefined) return await whisper(commands.clicks.notWaiting)
  const verdict = await desk.rescues.mayAnswer(person, reference)
  if (verdict.kind !== 'allowed') return await whisper(refusedAnswer(desk.voice.text, verdict))
  const { file } = verdict.ask
  const text =
    file !== undefined && 'sha256' in file ? await desk.rescues.keptText(reference.rescue, file.sha256) : undefined
  if (file === undefined || text === undefined) return await whisper(commands.clicks.notWaiting)
  const names = { path: file.path, rescue: reference.rescue }
  await give({
    comment: say(commands.edit.given, names),
    files: [{ content: Buffer.from(text), filename: basename(file.path), title: plain(commands.edit.file, names) }],
  })
  await whisper(say(commands.edit.givenPrivately, names))
}
