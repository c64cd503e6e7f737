/** What a console connection's servers say when they do not let us in: what it means, and when to ask once more. */
import { sleep } from '../../core/base/deadline.ts'
import { assertNever, RescueError } from '../../core/base/errors.ts'
import type { SerialTarget } from './serial-target.ts'
import { SshError } from './ssh-connection.ts'

/** What is behind the two hops: each has a code of its own for not being opened. */
export type Place = 'console' | 'screen'

/** A console connection that is ACTIVE for the API can be unknown to the gateway for a moment. */
const PAUSES_MS = [1000, 2000]

/** @throws RescueError `host-key-mismatch`, `console-busy`, `console-refused`, `screen-refused`, `gateway-unreachable` */
export async function untilLetIn<T>(
  place: Place,
  target: SerialTarget,
  open: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (const pause of [...PAUSES_MS, undefined]) {
    try {
      return await open()
    } catch (thrown) {
      if (!(thrown instanceof SshError)) throw thrown
      const error = meaning(place, thrown, target)
      if (error.code !== 'console-refused' || pause === undefined) throw error
      await sleep(pause, signal)
    }
  }
  throw new RescueError('us', 'unhandled-case', 'the last try neither opened the console nor failed')
}

function meaning(place: Place, error: SshError, { gateway: { host }, instance }: SerialTarget): RescueError {
  const options = { cause: error, details: { host, instance, reason: error.message } }
  switch (error.kind) {
    case 'unknown-host-key':
      return new RescueError('cloud', 'host-key-mismatch', `${host} did not show the host key that OCI names`, options)
    case 'not-authenticated':
      return new RescueError('cloud', 'console-refused', `${host} did not take the console connection's key`, options)
    case 'channel-refused':
      // OCI's words: "console access is limited to one connection at a time".
      if (/one connection at a time/i.test(error.message))
        return new RescueError('operator', 'console-busy', 'somebody else is at this console', options)
      if (place === 'screen')
        return new RescueError('cloud', 'screen-refused', `${host} did not open the screen: ${error.message}`, options)
      return new RescueError('cloud', 'console-refused', `${host} did not open the console: ${error.message}`, options)
    case 'not-negotiated':
    case 'unreachable':
      return new RescueError('cloud', 'gateway-unreachable', `${host} can not be reached: ${error.message}`, options)
    default:
      return assertNever(error.kind)
  }
}
