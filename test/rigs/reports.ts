/** Listens on a serial line for a kernel's report of the command line it was started with. */
import type { SerialLine } from '../../deploy/local/machines/machine.ts'
import { REPORT } from './stub-kernel.ts'

export interface Reports {
  /** The first report since the last `forget`, when it has come or as soon as it comes. */
  next(signal: AbortSignal): Promise<string>
  forget(): void
}

/** More than a report can have: 2048 characters of command line. What came before it is not kept. */
const KEPT_CHARACTERS = 8192

export function hearReports(line: SerialLine): Reports {
  let tail = ''
  let report = Promise.withResolvers<string>()
  line.listen((bytes) => {
    // A menu with long lines is drawn in pieces of any length; only what may be the start of a report matters.
    tail = (tail + Buffer.from(bytes).toString('latin1')).slice(-KEPT_CHARACTERS)
    const found = new RegExp(`${REPORT}(?<commandLine>[^\\r\\n]*)[\\r\\n]`).exec(tail)?.groups?.commandLine
    if (found !== undefined) report.resolve(found)
  })
  return {
    next: async (signal) => {
      signal.throwIfAborted()
      const { promise, reject } = Promise.withResolvers<never>()
      const stop = () => reject(signal.reason)
      signal.addEventListener('abort', stop, { once: true })
      try {
        return await Promise.race([report.promise, promise])
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    forget: () => {
      tail = ''
      report = Promise.withResolvers<string>()
    },
  }
}
