/**
 * `npm run doctor -- [bot|worker] [--json]`: looks at a real installation out of the
 * environment it would run in, and says how to mend what is wrong. It starts the bot's
 * and the worker's own doctors, each of which knows its side only; without a name, those
 * whose variables are set. Exit 1 when anything is bad.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const ROOT = join(import.meta.dirname, '..')
const USAGE = 'usage: npm run doctor -- [bot|worker] [--json]'

const SIDES = {
  bot: { file: 'bot/doctor.ts', needs: ['REDIS_URL', 'SEALING_KEY', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN'] },
  worker: { file: 'workers/doctor.ts', needs: ['REDIS_URL', 'SEALING_KEY', 'OCI_COMPARTMENTS'] },
} as const
type Side = keyof typeof SIDES

/** By these a worker's environment is known. It can do without any of them: OCI's config file has a usual place. */
const OCI_SETTINGS = [
  ...['OCI_AUTH', 'OCI_CONFIG_FILE', 'OCI_CONFIG_PROFILE', 'OCI_REGION', 'OCI_COMPARTMENTS', 'OCI_ENDPOINT'],
]

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const [name, ...more] = positionals
  if (more.length > 0 || (name !== undefined && !isSide(name))) throw new Error(USAGE)
  const sides = name === undefined ? sidesOf(process.env) : [name]
  if (sides.length === 0) return nothingToLookAt(process.env)
  let isWell = true
  for (const side of sides) isWell = (await examine(side, values.json)) && isWell
  return isWell ? 0 : 1
}

function isSide(name: string): name is Side {
  return Object.hasOwn(SIDES, name)
}

function sidesOf(env: NodeJS.ProcessEnv): readonly Side[] {
  const isSet = (name: string) => Boolean(env[name]?.trim())
  const isBot = isSet('SLACK_BOT_TOKEN') || isSet('SLACK_APP_TOKEN')
  const isWorker = OCI_SETTINGS.some(isSet) || (!isBot && isSet('REDIS_URL') && isSet('SEALING_KEY'))
  return [...(isBot ? ['bot' as const] : []), ...(isWorker ? ['worker' as const] : [])]
}

function nothingToLookAt(env: NodeJS.ProcessEnv): number {
  process.stderr.write(
    'This environment is neither a bot’s nor a worker’s. Run this with the same variables as they.\n',
  )
  for (const [side, { needs }] of Object.entries(SIDES)) {
    const missing = needs.filter((name) => !env[name]?.trim())
    process.stderr.write(`${side}: not set: ${missing.join(', ')}\n`)
  }
  process.stderr.write(`README.md says what each of them is; ${USAGE}\n`)
  return 1
}

/** Its findings go straight to our own output. */
async function examine(side: Side, json: boolean): Promise<boolean> {
  const words = [join(ROOT, SIDES[side].file), ...(json ? ['--json'] : [])]
  const [code] = await once(spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] }), 'exit')
  return code === 0
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
