/**
 * The console history of an instance: captured by OCI, awaited, read in pieces, and
 * later deleted there. It is what stood on the serial line up to the moment of the
 * order, as bytes: nobody has decided yet what encoding it has.
 */
import { z } from 'zod'
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import type { Instance } from '../../core/record/events.ts'
import type { Oci } from './oci.ts'
import { allPages } from './pages.ts'
import { patiently, pauses } from './patiently.ts'
import { deleteTagged, TAG } from './tagged.ts'

/** The fields we use of OCI's `ConsoleHistory`. */
const ConsoleHistory = z.object({
  id: z.string(),
  /** `REQUESTED`, `GETTING-HISTORY`, `SUCCEEDED`, `FAILED`; unknown ones are possible. */
  lifecycleState: z.string(),
  freeformTags: z.record(z.string(), z.string()).nullish(),
})
type ConsoleHistory = z.infer<typeof ConsoleHistory>

/** Whose it is, for those who see it in OCI's list. */
const DISPLAY_NAME = 'oci-rescue'
/** Without a length OCI cuts the text off. So much comes well within an answer's time limit, also on a slow line. */
const PIECE_BYTES = 256 * 1024
/** OCI keeps 1 MB; what goes on for longer is not a history. */
const MOST_BYTES = 2 * 1024 * 1024
const NOT_READ = { code: 'history-slow', what: 'console history was not there' }
const NOT_GONE = { code: 'history-not-deleted', what: 'console history was not gone' }

/**
 * See `World.captureHistory`.
 * @throws RescueError `history-failed`, `history-slow`, `oci-…`
 */
export async function captureHistory(
  oci: Oci,
  instance: Instance,
  rescue: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return patiently(NOT_READ, instance, signal, async (limit) => {
    const captured = await capture(oci, instance, rescue, limit)
    await untilSucceeded(oci, captured, limit)
    return await readContent(oci, captured.id, limit)
  })
}

/**
 * See `World.deleteConsoleHistories`.
 * @throws RescueError `history-not-deleted`, `oci-…`
 */
export async function deleteConsoleHistories(
  oci: Oci,
  instance: Instance,
  rescue: string,
  signal: AbortSignal,
): Promise<void> {
  const list = (limit: AbortSignal) => listOf(oci, instance, limit)
  const remove = (instanceConsoleHistoryId: string, limit: AbortSignal) =>
    oci.compute('DeleteConsoleHistory', (client) => client.deleteConsoleHistory({ instanceConsoleHistoryId }), limit)
  await deleteTagged(NOT_GONE, instance, rescue, { list, remove }, signal)
}

async function capture(
  oci: Oci,
  { id: instanceId }: Instance,
  rescue: string,
  signal: AbortSignal,
): Promise<ConsoleHistory> {
  const captureConsoleHistoryDetails = { instanceId, displayName: DISPLAY_NAME, freeformTags: { [TAG]: rescue } }
  const request = { captureConsoleHistoryDetails }
  const { consoleHistory } = await oci.compute(
    'CaptureConsoleHistory',
    (client) => client.captureConsoleHistory(request),
    signal,
  )
  return ConsoleHistory.parse(consoleHistory)
}

function listOf(
  oci: Oci,
  { id: instanceId, compartmentId }: Instance,
  signal: AbortSignal,
): Promise<readonly ConsoleHistory[]> {
  return allPages(
    (page) =>
      oci.compute(
        'ListConsoleHistories',
        (client) => client.listConsoleHistories({ compartmentId, instanceId, ...page }),
        signal,
      ),
    (item) => ConsoleHistory.parse(item),
  )
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
