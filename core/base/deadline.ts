/**
 * Time limits as signals: a wait gets one signal that ends it, whoever wants the
 * end, and the reason on that signal says which of them it was.
 */
import { RescueError } from './errors.ts'

/** Thrown as the signal's reason when a limit set with `within` has passed. */
export class TimeLimit extends RescueError {
  readonly milliseconds: number

  constructor(milliseconds: number) {
    super('machine', 'time-limit', `nothing happened for ${milliseconds} ms`)
    this.name = 'TimeLimit'
    this.milliseconds = milliseconds
  }
}

/** A signal that ends with `signal`, or after `milliseconds` with a `TimeLimit`. Dispose it to free its timer. */
export function within(signal: AbortSignal, milliseconds: number): Limit {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new TimeLimit(milliseconds)), milliseconds)
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal.removeEventListener('abort', follow)
    },
  }
}

export interface Limit extends Disposable {
  readonly signal: AbortSignal
}

/** Waits; ends early by throwing the signal's own reason. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = () => reject(signal.reason)
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

/** `promise`, or the signal's reason if that comes first. What `promise` still does afterwards is its owner's business. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T>()
  const stop = () => reject(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  // Also when nobody waits any more: a rejection that nobody looks at ends the process.
  promise.then(resolve, reject)
  try {
    return await first
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
