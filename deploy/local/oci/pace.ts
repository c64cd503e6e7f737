/**
 * How long OCI takes for what it does, shortened: everything that has a state in
 * between is seen in that state at least once by a client that polls each second
 * or faster, and no test waits longer than it must.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** All in milliseconds. */
export interface Pace {
  /** Console connection CREATING to ACTIVE: seconds in OCI; above one second, so that a poller must wait at least once. */
  readonly connectionCreating: number
  /** Console connection DELETING to DELETED: about 4 s in OCI. */
  readonly connectionDeleting: number
  /** How long a DELETED console connection is still listed. OCI does so "for a while". */
  readonly connectionDeletedKept: number
  /** Instance STOPPING to STOPPED (or on to STARTING), counted from when the machine is off or was reset. */
  readonly instanceStopping: number
  /** Instance STARTING to RUNNING. */
  readonly instanceStarting: number
  /** How long SOFTSTOP and SOFTRESET wait for the guest before they use force: 15 minutes in OCI. */
  readonly guestShutdown: number
  /** Console history REQUESTED to GETTING-HISTORY, and from there to SUCCEEDED. */
  readonly historyStep: number
}

export const DEFAULT_PACE: Pace = {
  connectionCreating: 1_500,
  connectionDeleting: 500,
  connectionDeletedKept: 60_000,
  instanceStopping: 300,
  instanceStarting: 300,
  // A guest under emulation needs up to half a minute to shut down; twice that.
  guestShutdown: 60_000,
  historyStep: 200,
}

/** Waits, without keeping the process alive for it. Rejects when `signal` says so. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false })
}

/** Lets `work` go on by itself: it ends with the stand-in, and a failure of it is shown, not thrown. */
export function inBackground(work: Promise<void>, signal: AbortSignal): void {
  work.catch((error: unknown) => {
    if (!signal.aborted) process.emitWarning(error instanceof Error ? error : String(error))
  })
}
