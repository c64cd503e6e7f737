/**
 * The beginning of an RFB conversation, up to where a server tells how large its
 * screen is (RFC 6143, sections 7.1 to 7.3). Whoever came through OCI's gateway
 * has proved themselves there, so we have no password to give.
 */
import { RescueError } from '../../core/base/errors.ts'
import { type Conversation, hear, say, skip, unreadable } from './rfb-conversation.ts'

export interface ScreenSize {
  readonly width: number
  readonly height: number
}

/** The minor number behind `RFB 003.00`. */
type Version = 3 | 7 | 8

/** Others may go on looking. */
const SHARED = Uint8Array.of(1)
const NO_SECURITY = 1
const VERSION_BYTES = 12
const PIXEL_FORMAT_BYTES = 16
/** Words of a server that are longer than this are no sentence for people. */
const LONGEST_REASON = 4096
const SHOWN_REASON = 200

export function* greet(): Conversation<ScreenSize> {
  const version = versionFor(yield* hear(VERSION_BYTES))
  yield* say(Buffer.from(`RFB 003.00${version}\n`))
  yield* version === 3 ? acceptSecurity() : chooseSecurity(version)
  yield* say(SHARED)
  const size = yield* hear(4)
  yield* skip(PIXEL_FORMAT_BYTES)
  // The name of the desktop.
  yield* skip((yield* hear(4)).readUInt32BE())
  return { width: size.readUInt16BE(0), height: size.readUInt16BE(2) }
}

/** The highest that both know. Numbers in between are in use by servers that speak the version below. */
function versionFor(greeting: Buffer): Version {
  const { major, minor } = /^RFB (?<major>\d{3})\.(?<minor>\d{3})\n$/.exec(greeting.toString('latin1'))?.groups ?? {}
  if (major === undefined || minor === undefined) throw unreadable('no-rfb', 'does not speak RFB')
  if (Number(major) > 3 || Number(minor) >= 8) return 8
  return Number(minor) === 7 ? 7 : 3
}

/** In 3.3 the server decides. */
function* acceptSecurity(): Conversation<void> {
  const type = (yield* hear(4)).readUInt32BE()
  if (type === 0) throw yield* refusal()
  if (type !== NO_SECURITY) throw locked([type])
}

/** In 3.7 and 3.8 we choose; a result comes only in 3.8, as long as what we choose is no security. */
function* chooseSecurity(version: 7 | 8): Conversation<void> {
  const [count = 0] = yield* hear(1)
  if (count === 0) throw yield* refusal()
  const types = [...(yield* hear(count))]
  if (!types.includes(NO_SECURITY)) throw locked(types)
  yield* say(Uint8Array.of(NO_SECURITY))
  if (version === 8 && (yield* hear(4)).readUInt32BE() !== 0) throw yield* refusal()
}

function* refusal(): Conversation<RescueError> {
  const length = (yield* hear(4)).readUInt32BE()
  if (length > LONGEST_REASON) return unreadable('long-refusal', 'refused with more words than a sentence has')
  const reason = (yield* hear(length))
    .toString()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, SHOWN_REASON)
  return new RescueError('cloud', 'screen-refused', `the screen's server refused: ${reason}`, { details: { reason } })
}

function locked(types: readonly number[]): RescueError {
  return new RescueError('cloud', 'screen-locked', `the screen wants a password (security types ${types.join(', ')})`)
}
