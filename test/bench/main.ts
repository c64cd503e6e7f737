/** `npm run bench -- <name>`: the benchmarks by name. They print ratios inside one run, since machines differ. */
import { benchConsole } from './console.ts'
import { benchDiagnose } from './diagnose.ts'
import { benchInventory } from './inventory.ts'
import { benchRescue } from './rescue.ts'
import { benchSlack } from './slack.ts'

type Bench = (print: (line: string) => void, args: readonly string[]) => Promise<void>

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
  await bench((line) => console.log(line), args)
}
