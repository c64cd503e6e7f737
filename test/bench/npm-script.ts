/** What an npm script of ours gives to Node: what is measured without npm has it, too. */
import { readFile } from 'node:fs/promises'

export interface NpmScript {
  /** Everything behind `node`: flags, then the program. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export async function npmScript(name: 'bot' | 'worker'): Promise<NpmScript> {
  const { scripts } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  const words = String(scripts[name]).split(' ')
  const node = words.indexOf('node')
  return { args: words.slice(node + 1), env: Object.fromEntries(words.slice(0, node).map((word) => word.split('='))) }
}
