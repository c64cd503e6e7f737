/** `npm run bench -- <name>`: the benchmarks by name. They print ratios inside one run, since machines differ. */
import { benchRescue } from './rescue.ts'

const BENCHES: Readonly<Record<string, (print: (line: string) => void) => Promise<void>>> = { rescue: benchRescue }

const [name = ''] = process.argv.slice(2)
const bench = BENCHES[name]
if (bench === undefined) {
  console.error(`which benchmark? ${Object.keys(BENCHES).join(', ')}`)
  process.exitCode = 1
} else {
  await bench((line) => console.log(line))
}
