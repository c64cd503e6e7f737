/**
 * The frame of every playbook: look, propose, apply, check. Looking changes nothing
 * and works on a root file system that is still read-only; only `propose` decides,
 * and it is pure, so a repair is tested with the text of a broken file. What follows
 * the approval (`apply.ts`, `check.ts`) is the same for all playbooks.
 */
import type { ChangePlan } from '../record/plan.ts'
import type { Shell } from '../shell/shell.ts'

export interface Playbook<Request, Facts> {
  readonly name: string
  /**
   * True when looking again tells whether its work is done: it is then looked at once more before the machine boots.
   * False for what must not be done twice, or what its check reads back whole.
   */
  readonly looksAgain: boolean
  /**
   * Reads what `propose` needs; never writes.
   * @throws RescueError `operator` when the machine is not as the request says, e.g. `user-not-found`
   */
  look(shell: Shell, request: Request, signal: AbortSignal): Promise<Facts>
  /** @throws RescueError `operator` when the request can not be met safely on such a machine */
  propose(facts: Facts, request: Request, rescueId: string): Proposal
}

export type Proposal =
  | {
      readonly kind: 'changes'
      readonly plan: ProposedChanges
      readonly notices: readonly Notice[]
      /** Those that the plan names by their sums alone: they are kept before anybody is asked. */
      readonly texts?: readonly string[]
      /** True: what else it wants to change can be told only after these; it is looked at again. */
      readonly isPart?: boolean
    }
  /** The machine already is as it should be; `details` name what was found so. */
  | {
      readonly kind: 'nothing-to-change'
      readonly details: Readonly<Record<string, string>>
      readonly notices: readonly Notice[]
    }

/** What the playbook gives to the plan of gate 2; the rescue adds its own name and the instance's. */
export type ProposedChanges = Pick<ChangePlan, 'user' | 'changes' | 'selinux'>

/** Something the approver should know: the key of a sentence, and what that sentence names. */
export interface Notice {
  readonly code: string
  readonly details: Readonly<Record<string, string>>
}

/** Looks and proposes in one go. */
export async function consult<Request, Facts>(
  playbook: Playbook<Request, Facts>,
  shell: Shell,
  request: Request,
  rescueId: string,
  signal: AbortSignal,
): Promise<Proposal> {
  const facts = await playbook.look(shell, request, signal)
  return playbook.propose(facts, request, rescueId)
}
