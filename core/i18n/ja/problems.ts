/** レスキューの終わり方とエラーのコードごとに、何が起きたか、次に何をするか。 */
import { cloud } from './problems/cloud.ts'
import { machine } from './problems/machine.ts'
import { operator } from './problems/operator.ts'
import { ours } from './problems/ours.ts'
import { outcomes } from './problems/outcomes.ts'

export const problems = { ...outcomes, ...operator, ...machine, ...cloud, ...ours }
