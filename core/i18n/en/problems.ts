/**
 * Every code that a rescue can end with or that an error carries: what happened, what to do next.
 * What was changed on the machine is told from the facts in the log, not from here.
 */
import { cloud } from './problems/cloud.ts'
import { machine } from './problems/machine.ts'
import { operator } from './problems/operator.ts'
import { ours } from './problems/ours.ts'
import { outcomes } from './problems/outcomes.ts'

export const problems = { ...outcomes, ...operator, ...machine, ...cloud, ...ours }
