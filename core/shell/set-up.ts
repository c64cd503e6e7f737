/** Gives a shell our functions, and believes that it has them only when it proves it. */
import { nonce } from './nonce.ts'
import { assignmentLines, inHalves, remoteFunctions } from './remote-functions.ts'
import { toolSum } from './sums.ts'
import type { Surroundings } from './surroundings.ts'

/** Types lines, and resolves with what `look` finds in the answer; undefined when that does not come in time. */
export type Ask = <T>(lines: readonly string[], look: (heard: string) => T | undefined) => Promise<T | undefined>

/** False when the shell did not prove it: something was lost, or it can not have them. */
export async function setUp(ask: Ask, surroundings: Surroundings, prompt: string): Promise<boolean> {
  const functions = remoteFunctions(surroundings, prompt)
  const lines = assignmentLines(functions)
  const proof = nonce()
  const word = inHalves(`@${proof}`)
  const evaluate = `if eval "$x";then echo ${word}:yes;else echo ${word}:no;fi`
  const look = (heard: string) =>
    new RegExp(`@${proof}:(?<answer>yes\\n[\\s\\S]*@${prompt}# |no\\n)`).exec(heard)?.groups?.answer
  const { sum } = surroundings
  if (sum === undefined && !(await isThere(ask, lines, functions))) return false
  const expected = sum === undefined ? '' : toolSum(sum, Buffer.from(functions))
  const checked = `case $(printf %s "$x"|${sum}) in '${expected} '*) ${evaluate};;*) echo ${word}:no;;esac`
  const answer = await ask(sum === undefined ? [evaluate] : [...lines, checked], look)
  return answer?.startsWith('yes') ?? false
}

/** Without a tool for sums the shell says it all back. */
async function isThere(ask: Ask, lines: readonly string[], functions: string): Promise<boolean> {
  const name = nonce()
  const word = inHalves(`@${name}`)
  const look = (heard: string) => new RegExp(`@${name}\\n(?<said>[\\s\\S]*)\\n@${name}\\.\\n`).exec(heard)?.groups?.said
  const said = await ask([...lines, `echo ${word};printf '%s\\n' "$x";echo ${word}.`], look)
  return said === functions
}
