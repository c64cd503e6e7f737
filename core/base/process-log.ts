/**
 * The log of a process, as JSON lines on standard error. Of an error only what was meant to be read is written: libraries
 * hang onto theirs what they were doing, as ioredis does with the command that was refused, which may be the one with the password.
 */
import { type Logger, pino } from 'pino'
import { RescueError } from './errors.ts'

/** Standard output carries the one line that says it is ready; everything else goes to standard error. */
const STDERR = 2

/** `destination` is for tests. */
export function processLog(
  name: string,
  level: string,
  destination: pino.DestinationStream = pino.destination(STDERR),
): Logger {
  const serializers = { err: readable, error: readable, cause: readable }
  return pino({ level, name, serializers }, destination)
}

/** An error's message, code and stack, and those of what caused it; anything else as it is. */
function readable(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const { name, message, stack, cause } = thrown
  return {
    ...{ type: name, message, stack },
    ...('code' in thrown ? { code: thrown.code } : {}),
    ...(thrown instanceof RescueError ? { details: thrown.details } : {}),
    ...(cause === undefined ? {} : { cause: readable(cause) }),
  }
}
