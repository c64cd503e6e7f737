/** Words and numbers that nothing else on a console says. */
import { randomInt } from 'node:crypto'

/** Without R, I, D and vowels: no nonce spells ERROR, FAIL, WARN, or anything that people search logs for. */
const LETTERS = 'BCFGHJKLMNPQSTVWXZ'

export function nonce(): string {
  return Array.from({ length: 6 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

/** The name of a question: a number, since a shell sums up numbers more quickly than letters. Always six digits. */
export function questionName(): number {
  return randomInt(100_000, 1_000_000)
}
