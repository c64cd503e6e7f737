/**
 * `npm run audit -- [--rescue R-XXXXXX] [--verify]`: what people decided and did, as JSON lines on standard output; or,
 * with `--verify`, whether the logs are whole: every entry carries the hash of the one before, and the end is known.
 * Without `--rescue`: all rescues whose logs are still kept. Exit 1 when a log is broken or is not there.
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { describeError, toRescueError } from '../core/base/errors.ts'
import { RESCUE_ID } from '../core/base/ids.ts'
import { ConfigError, readConfig, Shared } from '../core/config/read.ts'
import { auditTrail } from '../core/record/audit.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'

const AuditConfig = z.object({ REDIS_URL: Shared.REDIS_URL })

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { rescue: { type: 'string' }, verify: { type: 'boolean', default: false } },
  })
  if (values.rescue !== undefined && !RESCUE_ID.test(values.rescue))
    return complain(`${values.rescue} is no rescue's id`)
  const { REDIS_URL } = readConfig(AuditConfig, process.env)
  const redis = connectRedis(REDIS_URL, { name: 'oci-rescue-audit', retries: 1 })
  try {
    const log = new RedisEventLog(redis)
    const rescues = values.rescue === undefined ? await log.all() : [values.rescue]
    let isWhole = true
    for (const rescue of rescues) isWhole = (await (values.verify ? verify : print)(log, rescue)) && isWhole
    return isWhole ? 0 : 1
  } finally {
    redis.disconnect()
  }
}

async function print(log: RedisEventLog, rescue: string): Promise<boolean> {
  const { entries } = await log.read(rescue, 0)
  if (entries.length === 0) return isNotThere(rescue)
  for (const record of auditTrail(entries)) process.stdout.write(`${JSON.stringify(record)}\n`)
  return true
}

async function verify(log: RedisEventLog, rescue: string): Promise<boolean> {
  try {
    const { entries, head } = await log.read(rescue, 0)
    if (entries.length === 0) return isNotThere(rescue)
    process.stdout.write(`${rescue} whole: ${head.seq} entries, the last one ${head.hash}\n`)
    return true
  } catch (thrown) {
    const { code, message } = toRescueError(thrown)
    if (code !== 'log-broken' && code !== 'log-from-another-version') throw thrown
    process.stdout.write(`${rescue} broken: ${message}\n`)
    return false
  }
}

function isNotThere(rescue: string): boolean {
  complain(`there is no log of ${rescue}, or it is no longer kept`)
  return false
}

function complain(words: string): number {
  process.stderr.write(`${words}\n`)
  return 1
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  process.exitCode = complain(
    thrown instanceof ConfigError ? thrown.message : (describeError(thrown).split('\n')[0] ?? ''),
  )
}
