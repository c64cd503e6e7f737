/** The buttons of a root shell: one opens the form for a line, one interrupts the line that runs, one closes the shell. */
import type { InterruptVerdict, TypeVerdict } from '../../core/approvals/verdicts.ts'
import { assertNever } from '../../core/base/errors.ts'
import type { Catalogue } from '../../core/i18n/catalogue.ts'
import type { Desk } from '../desk.ts'
import { shellLineForm } from '../modals/shell-line-form.ts'
import { readLineReference, readRescueReference } from '../slack/reference.ts'
import type { Pressed } from './click.ts'

export async function typeLine(desk: Desk, { person, from, value, whisper, open }: Pressed): Promise<void> {
  const { text } = desk.voice
  const rescue = readRescueReference(value)
  if (rescue === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.mayType(person, rescue)
  if (verdict !== 'allowed') return await whisper(refusedLine(text, verdict))
  if ((await open(shellLineForm(text, { rescue, ...from }))) === 'too-late')
    await whisper(text.commands.clicks.formTooLate)
}

export async function leaveShell(desk: Desk, { person, from, value, whisper }: Pressed): Promise<void> {
  const { text } = desk.voice
  const rescue = readRescueReference(value)
  if (rescue === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.leaveShell(person, rescue, from)
  if (verdict !== 'allowed') await whisper(refusedLine(text, verdict))
}

export async function interruptLine(desk: Desk, { person, from, value, whisper }: Pressed): Promise<void> {
  const { text } = desk.voice
  const reference = readLineReference(value)
  if (reference === undefined) return await whisper(text.commands.clicks.notWaiting)
  const verdict = await desk.rescues.interruptLine(person, reference.rescue, from, reference.line)
  if (verdict !== 'allowed') await whisper(refusedInterrupt(text, verdict))
}

export function refusedInterrupt({ commands }: Catalogue, verdict: Exclude<InterruptVerdict, 'allowed'>): string {
  switch (verdict) {
    case 'not-allowed':
      return commands.shell.notAllowed
    case 'not-open':
      return commands.shell.nothingOpen
    case 'nothing-runs':
      return commands.shell.nothingRuns
    case 'already-asked':
      return commands.shell.alreadyInterrupted
    case 'not-heard':
      return commands.shell.notHeard
    default:
      return assertNever(verdict)
  }
}

export function refusedLine({ commands }: Catalogue, verdict: Exclude<TypeVerdict, 'allowed'>): string {
  switch (verdict) {
    case 'not-allowed':
      return commands.shell.notAllowed
    case 'not-open':
      return commands.shell.notOpen
    case 'busy':
      return commands.shell.busy
    default:
      return assertNever(verdict)
  }
}
