/** Whether serial consoles can be reached from here: OCI's gateway, and the SSH clients for it. */
import { type Check, type Seen, settled, whyOf } from '../../core/base/checks.ts'
import { gatewayOf } from '../oci/connection-string.ts'
import type { Oci } from '../oci/oci.ts'
import type { OciAccess } from '../oci/sign-in.ts'
import type { SshClient } from '../serial/open-console.ts'
import { LEAST_OPENSSH, opensshVersion } from '../serial/openssh-version.ts'
import { readGreeting } from '../serial/read-greeting.ts'

const GATEWAY = 'console gateway'

/** `region` is the setting, for where the API's place does not tell. */
export function gatewayCheck(oci: Oci, { place }: OciAccess, region: string | undefined): Check {
  if (oci.isLoopback)
    return settled(GATEWAY, { verdict: 'note', said: 'was not tried: the API is on this computer, and tells it later' })
  const regionId = 'regionId' in place ? place.regionId : region
  if (regionId === undefined)
    return settled(GATEWAY, { verdict: 'note', said: 'was not tried: no region is known', mend: ['set OCI_REGION'] })
  const gateway = gatewayOf(regionId)
  return { what: GATEWAY, look: (signal) => knock(gateway, signal) }
}

/** Connects, hears the greeting of SSH, and says nothing. */
export async function knock(
  gateway: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Seen> {
  const address = `${gateway.host}:${gateway.port}`
  const open = `open the way to it: outgoing TCP ${gateway.port} to ${gateway.host}; try: ssh -v -p ${gateway.port} ${gateway.host}`
  const inBetween = 'let SSH through there, too: a proxy or firewall that takes only TLS on this port is in between'
  try {
    const greeting = await readGreeting(gateway, signal)
    switch (greeting.kind) {
      case 'greeted':
        return { verdict: 'ok', said: `${address} greets with ${greeting.words}` }
      case 'silent':
        return { verdict: 'bad', said: `${address} takes the connection and says nothing`, mend: [inBetween] }
      case 'other':
        return {
          verdict: 'bad',
          said: `${address} does not speak SSH: ${greeting.words || 'it hung up'}`,
          mend: [inBetween],
        }
      case 'unreached':
        return { verdict: 'bad', said: `${address} does not answer`, mend: [open] }
    }
  } catch (thrown) {
    signal.throwIfAborted()
    return { verdict: 'bad', said: `${address} can not be reached: ${whyOf(thrown)}`, mend: [open] }
  }
}

/** None for a worker that does without OpenSSH. */
export function opensshChecks(client: SshClient): readonly Check[] {
  return client === 'ssh2' ? [] : [{ what: 'OpenSSH', look: (signal) => openssh(client, signal) }]
}

async function openssh(client: Exclude<SshClient, 'ssh2'>, signal: AbortSignal): Promise<Seen> {
  const found = await opensshVersion(signal)
  if (found?.isEnough) return { verdict: 'ok', said: found.words }
  const said = found === undefined ? 'is not on this computer' : `is too old: ${found.words}`
  const use = client === 'openssh' ? '' : '; it is used when ssh2 and OCI have no algorithm in common'
  return {
    verdict: client === 'openssh' ? 'bad' : 'warn',
    said: `${said}${use}`,
    mend: [
      `install ${LEAST_OPENSSH.join('.')} or newer: sudo apt-get install openssh-client   (or: sudo dnf install openssh-clients)`,
      'or do without it: SSH_CLIENT=ssh2',
    ],
  }
}
