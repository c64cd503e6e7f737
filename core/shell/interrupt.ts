/** Ctrl-C at a shell, with nothing typed behind it until the shell has noticed. */
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import { keys } from '../console/keys.ts'

/** A shell that has a terminal of its own begins a new line at once; one without never notices. */
const NOTICED_MS = 3000

/**
 * A prompt from before may still stand there, so only a new line shows that the interrupt was noticed. It matters for
 * bash: when it reads what was typed in the moment in which it is interrupted, it drops the first character, and runs
 * what is left of the line. Returns also when nothing was noticed: then the interrupt was lost, or means nothing here.
 */
export async function interruptShell(console: Console, signal: AbortSignal): Promise<void> {
  using heard = console.listen()
  await console.type(keys.interrupt, signal)
  await appears(console, 'interrupt-answer', () => heard.text.includes('\n') || undefined, NOTICED_MS, signal)
}
