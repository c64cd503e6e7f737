/** OCI's switch on the chat page: what the OCI stand-in is made to do wrong until somebody mends it. */
import type { Faults } from './oci/faults.ts'
import type { Switch } from './slack/server/switches.ts'

interface Weather {
  readonly id: string
  readonly words: string
  begin(faults: Faults): void
}

const EVERY_CALL = Number.POSITIVE_INFINITY

const WEATHERS: readonly Weather[] = [
  { id: 'fair', words: 'Works', begin: () => undefined },
  {
    id: 'rate-limited',
    words: '429 to every call',
    begin: (faults) => faults.next({}, { kind: 'answer', status: 429 }, EVERY_CALL),
  },
  {
    id: 'failing',
    words: '500 to every call',
    begin: (faults) => faults.next({}, { kind: 'answer', status: 500 }, EVERY_CALL),
  },
  { id: 'hanging', words: 'No answers', begin: (faults) => faults.next({}, { kind: 'hang' }, EVERY_CALL) },
  {
    id: 'no-console',
    words: 'Console connections fail',
    begin: (faults) => {
      faults.consoleConnections = 'failed'
    },
  },
  {
    id: 'console-taken',
    words: 'Somebody else at the console',
    begin: (faults) => {
      faults.gatewayBusy = true
    },
  },
  {
    id: 'wrong-host-key',
    words: 'Wrong host key at the gateway',
    begin: (faults) => {
      faults.wrongHostKey = true
    },
  },
]

export function ociSwitch(faults: Faults): Switch {
  let current = 'fair'
  return {
    id: 'oci',
    name: 'OCI',
    states: WEATHERS.map(({ id, words }) => ({ id, words })),
    current: () => current,
    choose: (state) => {
      faults.clear()
      WEATHERS.find(({ id }) => id === state)?.begin(faults)
      current = state
    },
  }
}
