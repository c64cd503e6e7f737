/**
 * `npm run bench -- <name>`: the benchmarks by name. They print ratios inside one run, since machines differ, and exit with
 * 1 when a goal is missed.
 */
import { benchConsole } from './console.ts'
import { benchDiagnose } from './diagnose.ts'
import { benchInventory } from './inventory.ts'
import type { Print } from './print.ts'
import { benchRescue } from './rescue.ts'
import { benchSlack } from './slack.ts'

type Bench = (print: Print, args: readonly string[]) => Promise<void>

const BENCHES: Readonly<Record<string, Bench>> = {
  console: benchConsole,
  diagnose: benchDiagnose,
  inventory: benchInventory,
  rescue: benchRescue,
  slack: benchSlack,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = BENCHES[name]
if (bench === undefined) {
  console.error(`which benchmark? ${Object.keys(BENCHES).join(', ')}`)
  process.exitCode = 1
} else {
  const missed: string[] = []
  await bench((line, isMet = true) => {
    console.log(line)
    if (!isMet) missed.push(line)
  }, args)
  if (missed.length > 0) {
    console.log(['', 'goals missed:', ...missed].join('\n'))
    process.exitCode = 1
  }
}
