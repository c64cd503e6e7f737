/** A picture of the screen for whoever asks: it comes in the thread, and a refusal privately. */
import { SCREEN_INTERVAL_MS, type ScreenVerdict } from '../../core/approvals/verdicts.ts'
import { assertNever } from '../../core/base/errors.ts'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Desk } from '../desk.ts'
import { readRescueReference } from '../slack/reference.ts'
import { say } from '../slack/text.ts'
import type { Pressed } from './click.ts'

export async function screen(desk: Desk, { person, from, value, whisper }: Pressed): Promise<void> {
  const { text } = desk.voice
  const rescue = readRescueReference(value)
  if (rescue === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.askForScreen(person, rescue, from)
  if (verdict !== 'allowed') await whisper(refusedScreen(text, verdict))
}

export function refusedScreen({ commands }: Catalogue, verdict: Exclude<ScreenVerdict, 'allowed'>): string {
  switch (verdict) {
    case 'not-allowed':
      return commands.screen.notAllowed
    case 'no-console':
      return commands.screen.noConsole
    case 'just-asked':
      return say(commands.screen.justAsked, { seconds: SCREEN_INTERVAL_MS / 1000 })
    default:
      return assertNever(verdict)
  }
}
