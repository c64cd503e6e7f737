/**
 * Pays what the log says is owed, however the rescue ended: no machine stays
 * down, no console connection stays open, no console history stays behind. Also
 * what a worker does first that takes over from one that died. Nobody can stop it,
 * only its own limits.
 */
import { sleep } from '../base/deadline.ts'
import { describeError, RescueError, toRescueError } from '../base/errors.ts'
import type { Debt, Instance, Phase } from '../record/events.ts'
import type { MachineAfter } from './ending.ts'
import type { Journal } from './journal.ts'
import { bootNormally } from './normal-boot.ts'
import type { Patience } from './patience.ts'
import type { Session } from './session.ts'
import type { World } from './world.ts'

export interface Settlement {
  readonly machine: MachineAfter
  /** `debts-left` (details.owed) when something could not be paid. */
  readonly left: RescueError | undefined
}

/** A debt that can not be paid does not keep the others from being paid. */
export async function settle(
  world: World,
  journal: Journal,
  session: Session,
  patience: Patience,
): Promise<Settlement> {
  const maintenance = debtOf(journal, 'maintenance')
  const booted =
    maintenance &&
    (await patiently(maintenance, patience, (signal) =>
      bootNormally(world, journal, session, maintenance.instance, patience, signal),
    ))
  const closed = await cleanedUp(journal, 'console-connection', patience, (instance, signal) =>
    session.close(instance, signal),
  )
  const deleted = await cleanedUp(journal, 'console-history', patience, async (instance, signal) => {
    await world.deleteConsoleHistories(instance, journal.rescue, signal)
    await journal.append({ type: 'paid', debt: 'console-history' })
  })
  const left = [booted, closed, deleted].filter((payment) => payment?.kind === 'left')
  return {
    machine: booted === undefined ? asObserved(journal) : booted.kind === 'paid' ? booted.value : 'unknown',
    left: left.length > 0 ? debtsLeft(left) : undefined,
  }
}

/** What is left in OCI; undefined when there is nothing of that kind. */
async function cleanedUp(
  journal: Journal,
  kind: 'console-connection' | 'console-history',
  patience: Patience,
  cleanUp: (instance: Instance, signal: AbortSignal) => Promise<void>,
): Promise<Payment<void> | undefined> {
  const debt = debtOf(journal, kind)
  if (debt === undefined) return undefined
  if (journal.state.phases.at(-1)?.phase !== 'clean-up') {
    await journal.append({ type: 'phase-began', phase: 'clean-up' })
  }
  return await patiently(debt, patience, (signal) => cleanUp(debt.instance, signal))
}

/** Without a debt the machine was not taken down, or was booted again: as it was then seen. */
function asObserved(journal: Journal): MachineAfter {
  const { phases, proofs } = journal.state
  const was = (name: Phase) => phases.some(({ phase }) => phase === name)
  if (!was('bootloader') && !was('watch')) return 'untouched'
  if (proofs.some(({ kind }) => kind === 'login-prompt')) return 'up'
  return was('watch') ? 'unknown' : 'reset'
}

function debtOf(journal: Journal, kind: Debt['kind']): Debt | undefined {
  return journal.state.debts.find((debt) => debt.kind === kind)
}

type Payment<T> =
  | { readonly kind: 'paid'; readonly value: T }
  | { readonly kind: 'left'; readonly debt: Debt; readonly reason: RescueError }

async function patiently<T>(
  debt: Debt,
  { betweenTriesMs, settleMs }: Patience,
  pay: (signal: AbortSignal) => Promise<T>,
): Promise<Payment<T>> {
  const limit = AbortSignal.timeout(settleMs)
  const pauses = [...betweenTriesMs]
  for (;;) {
    try {
      return { kind: 'paid', value: await pay(limit) }
    } catch (thrown) {
      const reason = toRescueError(thrown)
      if (reason.code === 'fenced-off') throw reason
      const pause = pauses.shift()
      if (pause === undefined || limit.aborted) return { kind: 'left', debt, reason }
      await sleep(pause, new AbortController().signal)
    }
  }
}

function debtsLeft(left: readonly Extract<Payment<unknown>, { kind: 'left' }>[]): RescueError {
  const owed = left.map(({ debt }) => debt.kind).join(', ')
  const reasons = new Set(left.map(({ reason }) => describeError(reason).split('\n')[0]))
  const details = { owed, instance: left[0]?.debt.instance.name ?? '', reason: [...reasons].join('; ') }
  return new RescueError('operator', 'debts-left', `could not be undone: ${owed}`, { cause: left[0]?.reason, details })
}
