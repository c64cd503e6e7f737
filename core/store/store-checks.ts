/** What `npm run doctor` looks at in Redis, for the bot and for a worker alike. */
import type { KeyObject } from 'node:crypto'
import type { Redis } from 'ioredis'
import { type Check, type Seen, settled, whyOf } from '../base/checks.ts'
import { skewOf, skewSeen } from '../base/clock-skew.ts'
import { orAborted, TimeLimit, within } from '../base/deadline.ts'
import { isAtLeast, readVersion, type Version } from '../base/version.ts'
import { askStore, connectRedis } from './connect.ts'
import { type DurabilitySetting, readDurability, readInfo } from './durable.ts'
import { PREFIX } from './keys.ts'
import { readSealingKeyNote, type Side, sealingKeyMark } from './sealing-key.ts'

export interface StoreChecksOptions {
  readonly url: string
  /** Undefined when the setting is no key. */
  readonly sealingKey: KeyObject | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Streams came with 5.0, which BullMQ demands, too; GETDEL, by which a hand-over is read once, with 6.2. */
const LEAST_VERSION: Version = [6, 2]
/** To connect and to say hello. Shorter than a check's own limit, so that there is time left to say what silence can mean. */
const HELLO_LIMIT_MS = 5000
const CLI = 'redis-cli -u "$REDIS_URL"'
const IS_THE_WAY_OPEN = `is it the right host and port, and is the way there open? ${CLI} ping`

/** They share one connection, which ends with `parts`. */
export function storeChecks(options: StoreChecksOptions, parts: DisposableStack): readonly Check[] {
  return [{ what: 'Redis', look: (signal) => reach(options, parts, signal) }]
}

async function reach(options: StoreChecksOptions, parts: DisposableStack, signal: AbortSignal): Promise<Seen> {
  const redis = connectRedis(options.url, { name: 'oci-rescue-doctor', retries: 1 })
  parts.defer(() => redis.disconnect())
  // ioredis tells the reason here, and the command only that there was one.
  let reason: Error | undefined
  redis.on('error', (error: Error) => {
    reason = error
  })
  using limit = within(signal, HELLO_LIMIT_MS)
  try {
    await orAborted(redis.ping(), limit.signal)
  } catch (thrown) {
    signal.throwIfAborted()
    if (reason === undefined && thrown instanceof TimeLimit) return silent(options.url)
    return unreachable(whyOf(reason ?? thrown))
  }
  return { verdict: 'ok', said: 'answers', next: furtherChecks(redis, options) }
}

function silent(url: string): Seen {
  const [other, means] = url.startsWith('rediss:') ? ['redis', 'without'] : ['rediss', 'with']
  return {
    verdict: 'bad',
    said: `no answer within ${HELLO_LIMIT_MS / 1000} s`,
    mend: [`if that server speaks ${means} TLS, write ${other}:// in REDIS_URL`, IS_THE_WAY_OPEN],
  }
}

/** The words are those of Redis, Node and OpenSSL. */
function unreachable(why: string): Seen {
  const mends: readonly (readonly [RegExp, string])[] = [
    [/WRONGPASS|NOAUTH|AUTH /, 'put user and password into the address: REDIS_URL=redis://USER:PASSWORD@HOST:PORT'],
    [/wrong version number|packet length/i, 'that server does not speak TLS: write redis:// in place of rediss://'],
    [/certificate|altname/i, 'give Node the authority that signed it: export NODE_EXTRA_CA_CERTS=/path/to/ca.pem'],
    [/./, IS_THE_WAY_OPEN],
  ]
  const mend = mends.find(([words]) => words.test(why))?.[1]
  return { verdict: 'bad', said: why, mend: mend === undefined ? [] : [mend] }
}

function furtherChecks(redis: Redis, { url, sealingKey, now }: StoreChecksOptions): readonly Check[] {
  const settings = ['maxmemory-policy', 'appendonly', 'appendfsync'] as const
  let asked: Promise<readonly DurabilitySetting[]> | undefined
  const read = () => {
    asked ??= readDurability(redis)
    return asked
  }
  return [
    settled('Redis TLS', encryption(url)),
    { what: 'Redis version', look: () => version(redis) },
    { what: 'Redis writes', look: () => writes(redis) },
    ...settings.map((name) => ({ what: `Redis ${name}`, look: async () => durability(await read(), name) })),
    { what: 'clock beside Redis', look: () => clock(redis, now) },
    ...(sealingKey === undefined ? [] : [{ what: 'SEALING_KEY', look: () => compareKeys(redis, sealingKey) }]),
  ]
}

function encryption(url: string): Seen {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'rediss:') return { verdict: 'ok', said: 'is on' }
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  if (isLocal) return { verdict: 'ok', said: 'is off; nothing leaves this computer' }
  const said = 'is off: the password and the logs of all rescues cross the network in the clear'
  return { verdict: 'warn', said, mend: ['write rediss:// in REDIS_URL, unless that network is yours alone'] }
}

async function version(redis: Redis): Promise<Seen> {
  const info = readInfo(await askStore(redis.info('server')))
  const said = info.get('redis_version') ?? ''
  const name = info.has('valkey_version') ? `Valkey ${info.get('valkey_version')}, as Redis ${said}` : `Redis ${said}`
  const found = readVersion(said)
  if (found === undefined) return { verdict: 'warn', said: 'it does not tell its version' }
  if (isAtLeast(found, LEAST_VERSION)) return { verdict: 'ok', said: name }
  const least = LEAST_VERSION.join('.')
  return {
    verdict: 'bad',
    said: `${name} is too old: the queue and the hand-over of passwords need ${least}`,
    mend: [`upgrade it to ${least} or newer (Redis, Valkey or OCI Cache)`],
  }
}

/** A replica, a user with too few rights, a full memory or disk: a write tells all of them. */
async function writes(redis: Redis): Promise<Seen> {
  const key = `${PREFIX}:doctor`
  const refused = await redis.set(key, '', 'PX', 1000).then(
    () => undefined,
    (error: Error) => error.message,
  )
  if (refused === undefined) return { verdict: 'ok', said: 'are taken' }
  const mends: readonly (readonly [RegExp, string])[] = [
    [/^READONLY/, 'this is a replica: put the primary’s address into REDIS_URL'],
    [
      /^NOPERM/,
      `give its user the keys and commands: ACL SETUSER USER ~${PREFIX}:* &* +@all -@admin -@dangerous +info`,
    ],
    [/^MOVED|^CLUSTERDOWN/, 'this is a cluster of several shards: use one without, or with one shard'],
    [/^OOM/, 'its memory is full: give it more, or raise maxmemory'],
    [/^MISCONF/, 'it can not write to its disk: make room there, and look at its log'],
  ]
  const mend = mends.filter(([words]) => words.test(refused)).map(([, words]) => words)
  return { verdict: 'bad', said: `are refused: ${refused}`, mend }
}

function durability(settings: readonly DurabilitySetting[], name: DurabilitySetting['name']): Seen {
  const setting = settings.find((one) => one.name === name)
  if (setting === undefined || setting.verdict === 'good') return { verdict: 'ok', said: `is ${setting?.wanted}` }
  const { verdict, wanted, said } = setting
  if (verdict === 'unknown')
    return { verdict: 'warn', said: `could not be read: ${said}`, mend: [`look it up there: it should be ${wanted}`] }
  return {
    verdict: verdict === 'unsafe' ? 'bad' : 'warn',
    said,
    mend: [`${CLI} config set ${name} ${wanted} && ${CLI} config rewrite`, 'a managed service has it in its settings'],
  }
}

async function clock(redis: Redis, now: () => number): Promise<Seen> {
  const from = now()
  const [seconds, microseconds] = await askStore(redis.time())
  const theirs = Number(seconds) * 1000 + Number(microseconds) / 1000
  return skewSeen('Redis', skewOf(theirs, { from, to: now() }))
}

async function compareKeys(redis: Redis, key: KeyObject): Promise<Seen> {
  const sides: readonly Side[] = ['bot', 'worker']
  const notes = await Promise.all(sides.map((side) => readSealingKeyNote(redis, side)))
  const known = sides.flatMap((side, index) => {
    const note = notes[index]
    return note === undefined ? [] : [{ ...note, who: `the ${side} that started last (${note.process}, ${note.at})` }]
  })
  const others = known.filter(({ mark }) => mark !== sealingKeyMark(key))
  if (others.length > 0)
    return {
      verdict: 'bad',
      said: `${others.map(({ who }) => who).join(' and ')} has another one: what is handed over can not be opened`,
      mend: ['set the same SEALING_KEY for the bot and for all workers, then start them again'],
    }
  const missing = sides.filter((_, index) => notes[index] === undefined)
  if (missing.length > 0)
    return {
      verdict: 'note',
      said: `could not be compared yet: no ${missing.join(' and no ')} has started on this Redis`,
      mend: ['start bot and worker, then run this again'],
    }
  return { verdict: 'ok', said: `is the same for ${known.map(({ who }) => who).join(' and ')}` }
}
