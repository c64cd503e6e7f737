/**
 * Pays what the log says is owed, however the rescue ended: no machine stays
 * down, no console connection stays open. Also what a worker does first that
 * takes over from one that died.
 */
import { sleep } from '../base/deadline.ts'
import { describeError, RescueError, toRescueError } from '../base/errors.ts'
import type { Debt } from '../record/events.ts'
import type { MachineAfter } from './ending.ts'
import type { Journal } from './journal.ts'
import { bootNormally } from './normal-boot.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

/** Resolves with what the machine is after it; throws `debts-left` (details.owed) when something could not be paid. */
export async function settle(
  world: World,
  journal: Journal,
  session: Session,
  patience: Patience,
  signal: AbortSignal,
): Promise<MachineAfter> {
  let machine: MachineAfter = wasTakenDown(journal) ? 'up' : 'untouched'
  const maintenance = debtOf(journal, 'maintenance')
  if (maintenance !== undefined) {
    machine = await patiently(maintenance, patience, signal, () =>
      bootNormally(world, journal, session, maintenance.instance, patience, signal),
    )
  }
  const connection = debtOf(journal, 'console-connection')
  if (connection !== undefined) {
    if (journal.state.phases.at(-1)?.phase !== 'clean-up') {
      await journal.append({ type: 'phase-began', phase: 'clean-up' })
    }
    await patiently(connection, patience, signal, () => session.close(connection.instance, signal))
  }
  return machine
}

function wasTakenDown(journal: Journal): boolean {
  return journal.state.phases.some(({ phase }) => phase === 'bootloader')
}

function debtOf<K extends Debt['kind']>(journal: Journal, kind: K): Extract<Debt, { kind: K }> | undefined {
  return journal.state.debts.find((debt): debt is Extract<Debt, { kind: K }> => debt.kind === kind)
}

async function patiently<T>(
  debt: Debt,
  { betweenTriesMs }: Patience,
  signal: AbortSignal,
  pay: () => Promise<T>,
): Promise<T> {
  for (const pause of [...betweenTriesMs, undefined]) {
    try {
      return await pay()
    } catch (thrown) {
      const error = toRescueError(thrown)
      if (error.code === 'fenced-off' || signal.aborted) throw thrown
      if (pause === undefined) throw debtLeft(debt, error)
      await sleep(pause, signal)
    }
  }
  throw debtLeft(debt, undefined)
}

function debtLeft(debt: Debt, cause: unknown): RescueError {
  const details = { owed: debt.kind, instance: debt.instance.name, reason: describeError(cause) }
  return new RescueError('operator', 'debts-left', `could not be undone: ${debt.kind}`, { cause, details })
}
