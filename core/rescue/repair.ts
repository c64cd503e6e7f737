/**
 * The story of a repair, from gate 1 to the proof of a login: the machine is taken down, looked at in its
 * maintenance shell, changed as it was approved, looked at again, and booted. Read `repair` from top to bottom.
 */
import { within } from '../base/deadline.ts'
import { RescueError } from '../base/errors.ts'
import type { BootedEntry } from '../grub/grub.ts'
import type { FileToEdit } from '../playbooks/edit.ts'
import {
  applyChanges,
  checkChanges,
  type LongTexts,
  lookAndPropose,
  looksAgain,
  type Round,
  rebootCommand,
  wantsReadOnly,
} from '../playbooks/index.ts'
import { type ChangePlan, planHash } from '../record/plan.ts'
import { type PlaybookRequest, type Repair, userOf } from '../record/playbooks.ts'
import type { Part } from '../shell/long-file.ts'
import type { SerialShell } from '../shell/serial-shell.ts'
import { acrossDrops, attachToShell } from './across-drops.ts'
import { askForText } from './ask-for-text.ts'
import { type Ending, maskedDetails } from './ending.ts'
import { demandStillRunning } from './find.ts'
import { keepText, keepTextsOfUndone, textFrom } from './long-texts.ts'
import { type BootWishes, bootMaintenanceShell, letItBoot } from './maintenance.ts'
import { NewPasswords } from './new-passwords.ts'
import { bootAgain, noteLogin, watchToLogin } from './normal-boot.ts'
import { patienceOf } from './patience.ts'
import { changePlan } from './plans.ts'
import { passSecondGate } from './second-gate.ts'
import { notApproved, passFirstGate, type Stage } from './stage.ts'
import { Transfers } from './transfers.ts'

/** Plans of one rescue. A machine that needs more of them needs a person. */
const MOST_ROUNDS = 4

export async function repair(stage: Stage, request: PlaybookRequest, repairs: readonly Repair[]): Promise<Ending> {
  const { instance, stoppable, context } = stage
  const refused = await passFirstGate(stage, request)
  if (refused !== undefined) return refused

  const { shell, entry, ending } = await changeAsApproved(stage, request, repairs)
  if (ending !== undefined) return ending

  using toTheEnd = within(stoppable, context.settings.workLimitMs)
  await bootFromShell(stage, shell, toTheEnd.signal, entry)
  await proveLogin(stage, repairs, toTheEnd.signal)
  const code = endingCode(request, repairs, stage.journal.state.changed.length > 0)
  return { outcome: 'recovered', code, details: { user: userOf(request) ?? '', instance: instance.name } }
}

/** Which sentence tells how it went. */
function endingCode({ name }: PlaybookRequest, repairs: readonly Repair[], isChanged: boolean): string {
  if (name === 'undo') return isChanged ? 'undone' : 'nothing-to-undo'
  if (name === 'edit') return isChanged ? 'edited' : 'nothing-edited'
  if (repairs.some((repair) => repair.name === 'replace-key')) return isChanged ? 'recovered' : 'nothing-to-change'
  return isChanged ? 'repaired' : 'nothing-to-repair'
}

interface Changed extends Pick<Reached, 'shell' | 'entry'> {
  /** Why it ends without a boot of its own: what was not approved is not done. */
  readonly ending: Ending | undefined
}

/** Rounds of looking, asking and changing, until there is nothing more to change. */
async function changeAsApproved(stage: Stage, request: PlaybookRequest, repairs: readonly Repair[]): Promise<Changed> {
  const { journal, session, context, instance, stoppable } = stage
  const approved = new Set<string>()
  let left = repairs
  let { shell, entry, round } = await reachAndLook(stage, left)
  while (round.plan !== undefined) {
    const plan = changePlan(request, instance, round.plan)
    refuseRepetition(plan, approved)
    await keepTextsOfUndone(journal, context.log, request, plan)
    await journal.append({ type: 'phase-began', phase: 'gate-2' })
    const decision = await passSecondGate(journal, session, plan, context, stoppable)
    if (decision !== 'approved') return { shell, entry, ending: notApproved(decision, 2) }
    await makeChanges(stage, shell, plan)
    left = stillToDo(left, round)
    if (left.length === 0) break
    if (plan.changes.some(wantsReadOnly)) ({ shell, entry, round } = await reachAndLook(stage, left))
    else round = await look(stage, shell, left)
  }
  return { shell, entry, ending: undefined }
}

/** The same plan once more means that it did not help, and it would not help the next time. */
function refuseRepetition(plan: ChangePlan, approved: Set<string>): void {
  const hash = planHash(plan)
  if (approved.has(hash) || approved.size === MOST_ROUNDS)
    throw new RescueError('machine', 'repair-did-not-help', 'after the changes, the machine still is not in order')
  approved.add(hash)
}

/** What was planned and is not looked at again is done; what was not planned waits for its round. */
function stillToDo(repairs: readonly Repair[], { planned }: Round): readonly Repair[] {
  const isDone = (repair: Repair) => planned.includes(repair) && !looksAgain(repair)
  const left = repairs.filter((repair) => !isDone(repair))
  return planned.length === repairs.length && !repairs.some(looksAgain) ? [] : left
}

interface Reached {
  readonly shell: SerialShell
  /** The title of what was booted into it. */
  readonly entry: string | undefined
  readonly round: Round
}

async function reachAndLook(stage: Stage, repairs: readonly Repair[]): Promise<Reached> {
  using limit = within(stage.stoppable, stage.context.settings.workLimitMs)
  const skipsChecks = repairs.some(({ name }) => name === 'fsck')
  let entry: string | undefined
  const onBooted = ({ title }: BootedEntry) => {
    entry = title
  }
  const shell = await reachShell(stage, limit.signal, { skipsChecks, onBooted })
  return { shell, entry, round: await lookNow(stage, shell, repairs, limit.signal) }
}

async function look(stage: Stage, shell: SerialShell, repairs: readonly Repair[]): Promise<Round> {
  using limit = within(stage.stoppable, stage.context.settings.workLimitMs)
  return await lookNow(stage, shell, repairs, limit.signal)
}

/** On an open console or a new one: takes the machine down, and makes sure that somebody will boot it again. */
export async function reachShell(stage: Stage, signal: AbortSignal, wishes: BootWishes = {}): Promise<SerialShell> {
  const { world, journal, session, context, instance } = stage
  const patience = patienceOf(context.settings)
  if (session.console === undefined) {
    await journal.append({ type: 'phase-began', phase: 'connect' })
    await demandStillRunning(world, instance, signal)
    await session.open(instance, signal)
  }
  if (!journal.state.debts.some(({ kind }) => kind === 'maintenance'))
    await journal.append({ type: 'owes', debt: { kind: 'maintenance', instance } })
  const console = session.demandConsole()
  const reach = async (dropped: boolean) => {
    // Nothing was changed yet; but a boot that is under way comes to its end before the next reset.
    if (dropped) await letItBoot(console, patience, signal)
    return await bootMaintenanceShell({ ...stage, console }, signal, wishes)
  }
  const shell = await acrossDrops(session, reach, signal)
  shell.surviveDrops((until) => attachToShell(session, patience, until))
  return shell
}

/** What these repairs want to change now; what people should know about it is told. */
export async function lookNow(
  stage: Stage,
  shell: SerialShell,
  repairs: readonly Repair[],
  signal: AbortSignal,
): Promise<Round> {
  const { journal, context } = stage
  await journal.append({ type: 'phase-began', phase: 'look' })
  const transfers = new Transfers(journal, context.now)
  const knowledge = {
    rescueId: journal.rescue,
    askForText: (file: FileToEdit) => askForText(stage, file, signal),
    onFetched: (path: string, part: Part) => transfers.onPart('from-machine', path, part),
    done: journal.state.changed,
  }
  const round = await lookAndPropose(shell, repairs, knowledge, signal)
  for (const text of round.texts) await keepText(journal, text)
  for (const notice of round.notices)
    await journal.append({ type: 'noticed', code: notice.code, details: maskedDetails(notice.details) })
  return round
}

/** What was approved, each change noted before and after it; and read back. Stop does not end this, for it would do harm. */
export async function makeChanges(
  { world, journal, context, signal }: Stage,
  shell: SerialShell,
  plan: ChangePlan,
): Promise<void> {
  using limit = within(signal, context.settings.workLimitMs)
  await journal.append({ type: 'phase-began', phase: 'apply' })
  const steps = {
    began: (index: number) => journal.append({ type: 'change-began', index }),
    finished: async (index: number, said?: string) => {
      const change = plan.changes[index]
      if (change === undefined) return
      const words = said === undefined || said === '' ? {} : { said: journal.mask(said) }
      await journal.append({ type: 'change-finished', index, change, ...words })
    },
  }
  const passwords = new NewPasswords(journal)
  const hashOfNewPassword = async (user: string) => passwords.hashFor(user)
  const transfers = new Transfers(journal, context.now)
  const long: LongTexts = {
    textOf: (sum) => textFrom(journal, sum),
    onPart: (way, path, part) => transfers.onPart(way, path, part),
  }
  await applyChanges(shell, plan, { rescueId: journal.rescue, hashOfNewPassword, long }, steps, limit.signal)
  await checkChanges(shell, plan.changes, limit.signal)
  await passwords.handOver(world, context.now, limit.signal)
}

/**
 * Leaves the maintenance shell for a normal boot, and watches that to the login prompt. `entry`: of GRUB's menu, known to
 * load a kernel by itself.
 */
export async function bootFromShell(
  stage: Stage,
  shell: SerialShell,
  signal: AbortSignal,
  entry?: string,
): Promise<void> {
  const { world, journal, session, context, instance } = stage
  const patience = patienceOf(context.settings)
  await journal.append({ type: 'phase-began', phase: 'boot' })
  const console = session.demandConsole()
  const boot = async (dropped: boolean) => {
    if (dropped) return await bootAgain(world, journal, console, instance, patience, signal)
    await shell.leaveWith(rebootCommand(), signal)
    return await watchToLogin(console, patience, signal, entry)
  }
  const login = await acrossDrops(session, boot, signal)
  await journal.append({ type: 'paid', debt: 'maintenance' })
  await noteLogin(journal, login)
}

/** Each key that was put there is asked for: without the private key sshd can not be asked for more. */
async function proveLogin(
  { world, journal, instance }: Stage,
  repairs: readonly Repair[],
  signal: AbortSignal,
): Promise<void> {
  await journal.append({ type: 'phase-began', phase: 'prove' })
  for (const repair of repairs) {
    if (repair.name !== 'replace-key') continue
    const proof = await world.proveKey(instance, repair.user, repair.publicKey, signal)
    await journal.append({ type: 'proved', proof })
  }
}
