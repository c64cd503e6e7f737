/**
 * `npm run audit -- [--rescue R-XXXXXX]`: what people decided and did, as JSON lines on standard output.
 * With `--verify`: whether the logs are whole, that is, whether every entry carries the hash of the one before, and where
 * each of them ends. Whoever can write to Redis can write all of a log anew, so what was known before can be compared:
 * `--expect R-XXXXXX:SEQ:HASH` (from an earlier `--verify`, as often as wanted), `--against FILE` (an earlier export).
 * Without `--rescue`: all rescues whose logs are still kept, and the refused clicks that belong to none of them.
 * Exit 1 when a log is broken, is another one than it was, or is not there.
 */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { describeError } from '../core/base/errors.ts'
import { RESCUE_ID } from '../core/base/ids.ts'
import { ConfigError, readConfig, Shared } from '../core/config/read.ts'
import { auditTrail, hashesOf } from '../core/record/audit.ts'
import { isUnreadable } from '../core/record/log.ts'
import { connectRedis } from '../core/store/connect.ts'
import { RedisEventLog } from '../core/store/event-log.ts'
import { RefusedClicks } from '../core/store/refused-clicks.ts'
import { type Anchor, type Comparison, compare, readAnchor, readExport, STRAY } from './audit-anchors.ts'

const AuditConfig = z.object({ REDIS_URL: Shared.REDIS_URL })

interface Logs {
  readonly log: RedisEventLog
  readonly stray: RefusedClicks
}

const OPTIONS = {
  rescue: { type: 'string' },
  verify: { type: 'boolean', default: false },
  expect: { type: 'string', multiple: true, default: [] as string[] },
  against: { type: 'string' },
} as const

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  if (values.rescue !== undefined && !RESCUE_ID.test(values.rescue))
    return complain(`${values.rescue} is no rescue's id`)
  const anchors = [
    ...values.expect.map(readAnchor),
    ...(values.against === undefined ? [] : readExport(await readFile(values.against, 'utf8'), values.against)),
  ]
  const { REDIS_URL } = readConfig(AuditConfig, process.env)
  const redis = connectRedis(REDIS_URL, { name: 'oci-rescue-audit', retries: 1 })
  try {
    const logs = { log: new RedisEventLog(redis), stray: new RefusedClicks(redis, () => new Date()) }
    const wanted = values.rescue === undefined ? [...(await logs.log.all()), STRAY] : [values.rescue]
    if (anchors.length > 0) return await compareAll(logs, anchors, values.rescue)
    let isWhole = true
    for (const name of wanted) isWhole = (await (values.verify ? verify : print)(logs, name)) && isWhole
    return isWhole ? 0 : 1
  } finally {
    redis.disconnect()
  }
}

async function print({ log, stray }: Logs, name: string): Promise<boolean> {
  if (name === STRAY) {
    for (const { click, actor, hash, rescue, seq, at, from } of await stray.read()) {
      const { planHash, ...details } = click
      const about = {
        log: STRAY,
        rescue,
        seq,
        hash,
        at,
        who: actor,
        from,
        channel: from.channel,
        what: 'refused-click',
      }
      line({ ...about, ...(planHash === undefined ? {} : { planHash }), details })
    }
    return true
  }
  const { entries, head } = await log.read(name, 0)
  if (entries.length === 0) return isNotThere(name)
  for (const record of auditTrail(entries, head)) line(record)
  return true
}

async function verify({ log, stray }: Logs, name: string): Promise<boolean> {
  try {
    const end = name === STRAY ? (await stray.read()).at(-1) : (await log.read(name, 0)).head
    if (end === undefined || end.seq === 0) return name === STRAY || isNotThere(name)
    process.stdout.write(
      `${name} whole: ${end.seq} entries, the last one ${end.hash}; ${name}:${end.seq}:${end.hash}\n`,
    )
    return true
  } catch (thrown) {
    process.stdout.write(`${name} broken: ${brokenBy(thrown)}\n`)
    return false
  }
}

/** Each log once, whole and with what was known of it. */
async function compareAll({ log, stray }: Logs, anchors: readonly Anchor[], only: string | undefined): Promise<number> {
  const byLog = Map.groupBy(anchors, ({ name }) => name)
  let isGood = true
  for (const [name, known] of byLog) {
    if (only !== undefined && name !== only) continue
    const comparison = await hashesIn({ log, stray }, name).then(
      (hashes) => compare(hashes, known, new Date()),
      (thrown: unknown): Comparison => ({ kind: 'different', what: brokenBy(thrown) }),
    )
    process.stdout.write(`${name} ${comparison.kind}: ${comparison.what}\n`)
    isGood &&= comparison.kind !== 'different'
  }
  return isGood ? 0 : 1
}

/** The hash of every entry that is there, by its number. */
async function hashesIn({ log, stray }: Logs, name: string): Promise<ReadonlyMap<number, string>> {
  if (name === STRAY) return new Map((await stray.read()).map(({ seq, hash }) => [seq, hash]))
  const { entries, head } = await log.read(name, 0)
  return hashesOf(entries, head)
}

function brokenBy(thrown: unknown): string {
  if (!isUnreadable(thrown)) throw thrown
  return describeError(thrown)
}

function line(record: object): void {
  process.stdout.write(`${JSON.stringify(record)}\n`)
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
