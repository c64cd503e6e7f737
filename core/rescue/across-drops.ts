/** Work that survives a line that drops: the line is opened again, and the work goes on from what is seen then. */
import { RescueError } from '../base/errors.ts'
import { appears } from '../console/appears.ts'
import type { Console } from '../console/console.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { recognise } from '../machine/recognise.ts'
import { isOneOf, watch } from '../machine/watch.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'

/** A line that drops more often in one piece of work is of no use. */
const MOST_DROPS = 5

/**
 * Does the work, and does it again each time the line drops meanwhile: `dropped` says so. Only for work that may be
 * cut off at any moment and begun once more.
 */
export async function acrossDrops<T>(
  session: Session,
  work: (dropped: boolean) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let drops = 0; ; drops += 1) {
    try {
      return await work(drops > 0)
    } catch (thrown) {
      if (!isLineDropped(thrown) || drops === MOST_DROPS) throw thrown
      await session.reattach(signal)
    }
  }
}

export function isLineDropped(thrown: unknown): boolean {
  return thrown instanceof RescueError && thrown.code === 'line-dropped'
}

/** For a line that dropped while our own shell was at its other end: opens it again and finds the shell's prompt. */
export async function attachToShell(session: Session, patience: Patience, signal: AbortSignal): Promise<void> {
  const attach = async () => {
    const console = session.demandConsole()
    if (console.ended) await session.reattach(signal)
    await findShellAgain(console, patience, signal)
  }
  await acrossDrops(session, attach, signal)
}

/** Time for a machine that does something else by now to show it. */
const LOOK_MS = 1000

/** Asks for the prompt with an empty line. A screen that shows something else meanwhile is not typed to. Throws `shell-lost`. */
async function findShellAgain(console: Console, patience: Patience, signal: AbortSignal): Promise<void> {
  if (await somethingElse(console, signal)) throw lost(console)
  await console.type('\r', signal)
  try {
    await watch(console, ['maintenance-shell'], 'shell-prompt', patience.promptMs, signal)
  } catch (thrown) {
    if (isLineDropped(thrown) || signal.aborted) throw thrown
    throw lost(console)
  }
}

/** A shell that is still busy may say anything, but nothing that another state is recognised by. */
async function somethingElse(console: Console, signal: AbortSignal): Promise<boolean> {
  const other = (view: ScreenView) => {
    const sighting = recognise(view)
    return isOneOf(sighting, ['unknown', 'silent', 'maintenance-shell', 'kernel']) ? undefined : sighting
  }
  return (await appears(console, 'not-the-shell', other, LOOK_MS, signal)) !== undefined
}

function lost(console: Console): RescueError {
  const message = `after the line had dropped, the shell was gone\n--- screen ---\n${console.view().text}`
  return new RescueError('machine', 'shell-lost', message)
}
