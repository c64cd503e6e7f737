/**
 * Puts a text into the shell's variable `x`, piece by piece: each names the place
 * it belongs to, so that the shell takes it once and in order, whatever is lost.
 */
import { RescueError } from '../base/errors.ts'
import { type Conversation, Tail } from './conversation.ts'
import { questionName } from './nonce.ts'
import { GUARD } from './remote-functions.ts'
import { ownSum } from './sums.ts'

/** Pieces sent at once: together less than the 4096 bytes that a tty keeps for a shell that is not reading. */
const PIECES_AT_ONCE = 3
const LONGEST_PIECE = 800
/** A piece with a sum of its own: under emulation the shell works on it for a tenth of a second. */
const CAREFUL_PIECE = 200
const SHORTEST_PIECE = 40
/** In a row without one piece that arrived. */
const MOST_IN_VAIN = 20

export interface Put {
  readonly conversation: Conversation
  /** Each piece with its sum; else only its length is looked at, and whoever uses `x` must know its sum. */
  readonly isCareful: boolean
}

/** `text` is printable ASCII. False when something was lost on the way and sent again. Throws `transfer-failed`. */
export async function putText(put: Put, text: string, signal: AbortSignal): Promise<boolean> {
  const name = questionName()
  let { isCareful } = put
  let size = isCareful ? CAREFUL_PIECE : LONGEST_PIECE
  let arrived = 0
  for (let inVain = 0; inVain < MOST_IN_VAIN; ) {
    const pieces = cut(text, arrived, size)
    const now = await send({ ...put, isCareful }, name, pieces, signal)
    if (now === text.length) return isCareful === put.isCareful
    const whole = now === endOf(pieces)
    inVain = now !== undefined && now > arrived ? 0 : inVain + 1
    arrived = now ?? arrived
    if (whole) continue
    size = isCareful ? Math.max(SHORTEST_PIECE, Math.floor(size / 2)) : CAREFUL_PIECE
    isCareful = true
    if (inVain > 1) put.conversation.slowDown()
  }
  throw new RescueError('machine', 'transfer-failed', `${text.length} characters did not reach the shell whole`)
}

interface Piece {
  readonly at: number
  readonly text: string
}

function cut(text: string, from: number, size: number): readonly Piece[] {
  const starts = Array.from({ length: PIECES_AT_ONCE }, (_, index) => from + index * size)
  return starts.filter((at) => at === 0 || at < text.length).map((at) => ({ at, text: text.slice(at, at + size) }))
}

function endOf(pieces: readonly Piece[]): number {
  const last = pieces.at(-1)
  return last === undefined ? 0 : last.at + last.text.length
}

/** How much the shell has now; undefined when it did not say. */
async function send(
  put: Put,
  name: number,
  pieces: readonly Piece[],
  signal: AbortSignal,
): Promise<number | undefined> {
  await put.conversation.becomeReady(signal)
  using tail = put.conversation.listen(new Tail())
  const lines = pieces.flatMap(({ at, text }) => {
    const sum = put.isCareful ? ownSum(name, text) : `=${text.length}`
    return [`_a ${name} ${at} ${sum} #`, `${GUARD}${text}`]
  })
  await put.conversation.type(lines, signal)
  const end = endOf(pieces)
  await put.conversation.hears(tail, () => lastArrived(tail.text, name, pieces) === end, signal)
  return lastArrived(tail.text, name, pieces)
}

/** Only the ends of pieces that were sent are possible; a torn answer says something else. */
function lastArrived(heard: string, name: number, pieces: readonly Piece[]): number | undefined {
  const possible = pieces.flatMap(({ at, text }) => [at, at + text.length])
  const said = Array.from(heard.matchAll(new RegExp(`@${name}:(?<at>\\d+)\\n`, 'g')), (found) =>
    Number(found.groups?.at),
  )
  return said.findLast((at) => possible.includes(at))
}
