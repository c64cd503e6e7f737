/**
 * `npm run bench -- console [--parts consoles]`: the console engine's figures, one plain
 * line for each, missed goals included.
 */
import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../deploy/local/processes.ts'
import { benchConsoles } from './consoles.ts'

type Part = (print: (line: string) => void, signal: AbortSignal) => Promise<void>

const PARTS: Readonly<Record<string, Part>> = { consoles: benchConsoles }

export async function benchConsole(print: (line: string) => void, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { parts: { type: 'string' } } })
  using interruption = untilInterrupted()
  for (const name of values.parts?.split(',') ?? Object.keys(PARTS)) {
    const part = PARTS[name]
    if (part === undefined) throw new Error(`which part? ${Object.keys(PARTS).join(', ')}`)
    await part(print, interruption.signal)
  }
}
