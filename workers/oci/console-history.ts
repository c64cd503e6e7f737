/**
 * The console history of an instance: captured by OCI, awaited, read in pieces, and
 * deleted there again. It is what stood on the serial line up to the moment of the
 * order, as bytes: nobody has decided yet what encoding it has.
 */
import { z } from 'zod'
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Instance } from '../../core/record/events.ts'
import type { Oci } from './oci.ts'
import { patiently, pauses } from './patiently.ts'

/** The fields we use of OCI's `ConsoleHistory`. */
const ConsoleHistory = z.object({
  id: z.string(),
  /** `REQUESTED`, `GETTING-HISTORY`, `SUCCEEDED`, `FAILED`; unknown ones are possible. */
  lifecycleState: z.string(),
})
type ConsoleHistory = z.infer<typeof ConsoleHistory>

/** Whose it is, for those who see it in OCI's list. */
const DISPLAY_NAME = 'oci-rescue'
/** Without a length OCI cuts the text off. So much comes well within an answer's time limit, also on a slow line. */
const PIECE_BYTES = 256 * 1024
/** OCI keeps 1 MB; what goes on for longer is not a history. */
const MOST_BYTES = 2 * 1024 * 1024
/** For the deletion, which is also due when everything else has been told to stop. */
const DELETE_LIMIT_MS = 10_000

/**
 * See `World.captureHistory`.
 * @throws RescueError `history-failed`, `history-slow`, `oci-…`
 */
export async function captureHistory(oci: Oci, instance: Instance, signal: AbortSignal): Promise<Uint8Array> {
  const late = { code: 'history-slow', what: 'console history was not there' }
  return patiently(late, instance, signal, async (limit) => {
    const captured = await capture(oci, instance, limit)
    try {
      await untilSucceeded(oci, captured, limit)
      return await readContent(oci, captured.id, limit)
    } finally {
      await remove(oci, captured.id)
    }
  })
}

async function capture(oci: Oci, { id: instanceId }: Instance, signal: AbortSignal): Promise<ConsoleHistory> {
  const request = { captureConsoleHistoryDetails: { instanceId, displayName: DISPLAY_NAME } }
  const { consoleHistory } = await oci.compute(
    'CaptureConsoleHistory',
    (client) => client.captureConsoleHistory(request),
    signal,
  )
  return ConsoleHistory.parse(consoleHistory)
}

async function untilSucceeded(oci: Oci, captured: ConsoleHistory, signal: AbortSignal): Promise<void> {
  const request = { instanceConsoleHistoryId: captured.id }
  let { lifecycleState } = captured
  for (const pause of pauses()) {
    if (lifecycleState === 'SUCCEEDED') return
    if (lifecycleState === 'FAILED') break
    await sleep(pause, signal)
    const got = await oci.compute('GetConsoleHistory', (client) => client.getConsoleHistory(request), signal)
    lifecycleState = ConsoleHistory.parse(got.consoleHistory).lifecycleState
  }
  throw new RescueError('cloud', 'history-failed', 'OCI could not capture the console history')
}

async function readContent(oci: Oci, id: string, signal: AbortSignal): Promise<Uint8Array> {
  const path = `/instanceConsoleHistories/${encodeURIComponent(id)}/data`
  const pieces: Uint8Array[] = []
  for (let offset = 0; offset < MOST_BYTES; ) {
    const query = { offset, length: PIECE_BYTES }
    const { bytes, headers } = await oci.computeBytes('GetConsoleHistoryContent', path, query, signal)
    pieces.push(bytes)
    offset += bytes.length
    if (bytes.length === 0 || isLast(bytes, headers.get('opc-bytes-remaining'))) break
  }
  return new Uint8Array(Buffer.concat(pieces))
}

/** A gateway on the way may drop the header. */
function isLast(bytes: Uint8Array, remaining: string | null): boolean {
  return remaining === null ? bytes.length < PIECE_BYTES : Number(remaining) === 0
}

/** What was read, or why it was not, is worth more than the news that one more history stays in OCI's list. */
async function remove(oci: Oci, instanceConsoleHistoryId: string): Promise<void> {
  const request = { instanceConsoleHistoryId }
  const limit = AbortSignal.timeout(DELETE_LIMIT_MS)
  await oci.compute('DeleteConsoleHistory', (client) => client.deleteConsoleHistory(request), limit).catch(() => {})
}
