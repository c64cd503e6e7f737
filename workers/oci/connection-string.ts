/**
 * Believes what stands in a console connection's strings, or does not: they name a
 * host, a port and two OCIDs, and none of them may be another than it must be.
 */
import { Realm, Region } from 'oci-common'
import { RescueError } from '../../core/base/errors.ts'
import {
  type ConsoleRoute,
  isSameRoute,
  readConnectionString,
  readVncConnectionString,
} from '../../core/record/console-strings.ts'
import { isLoopback } from './oci.ts'

export interface Expected {
  readonly connectionId: string
  readonly instanceId: string
  /** True: the API itself is on this machine. */
  readonly loopback: boolean
}

const OCI_PORT = 443

/** @throws RescueError `connection-string-unknown` (details.why) */
export function believedRoute(text: string, expected: Expected): ConsoleRoute {
  const route = readConnectionString(text)
  if (route === undefined) throw unknown('odd-form')
  if (route.user !== expected.connectionId) throw unknown('another-connection')
  if (route.instance !== expected.instanceId) throw unknown('another-instance')
  if (!isGateway(route.gateway, expected.loopback)) throw unknown('no-gateway')
  return route
}

/** True: the string for VNC has the form that OCI documents, and leads the same way. */
export function isWayToScreen(vncText: string, route: ConsoleRoute): boolean {
  const vnc = readVncConnectionString(vncText)
  return vnc !== undefined && isSameRoute(vnc, route)
}

/** Where a region's gateway is, as `isGateway` believes it. A region that the SDK does not know is taken for one of the first realm. */
export function gatewayOf(regionId: string): ConsoleRoute['gateway'] {
  const known: Region | undefined = Region.fromRegionId(regionId)
  const { secondLevelDomain } = known?.realm ?? Realm.OC1
  return { host: `instance-console.${regionId}.oci.${secondLevelDomain}`, port: OCI_PORT }
}

/** `instance-console.<region>[.oci].<domain of a realm>:443`; on loopback, whatever the API there says. */
function isGateway({ host, port }: ConsoleRoute['gateway'], loopback: boolean): boolean {
  if (loopback && isLoopback(host)) return true
  const { domain } = /^instance-console\.[a-z0-9-]+\.(?:oci\.)?(?<domain>[a-z0-9.-]+)$/.exec(host)?.groups ?? {}
  return port === OCI_PORT && Realm.values().some(({ secondLevelDomain }) => secondLevelDomain === domain)
}

/** Never quotes the string: what is wrong with it is for whoever reads the cloud's answers, not for a chat. */
function unknown(why: string): RescueError {
  return new RescueError('cloud', 'connection-string-unknown', `OCI's connection string can not be used: ${why}`, {
    details: { why },
  })
}
