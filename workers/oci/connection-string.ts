/**
 * Reads the `connectionString` of a console connection. It is a line for a shell,
 * which never gets to see one here: we take the host, the port and the two OCIDs
 * out of it and believe none of them that is not what it must be.
 */
import { Realm } from 'oci-common'
import { RescueError } from '../../core/base/errors.ts'
import { isLoopback } from './oci.ts'

export interface ConsoleAddress {
  readonly gateway: { readonly host: string; readonly port: number }
  /** The console connection's OCID: the user of hop 1. */
  readonly user: string
  /** The instance's OCID: the host that hop 1 leads to, and the user of hop 2. */
  readonly instance: string
}

export interface Expected {
  readonly connectionId: string
  readonly instanceId: string
  /** True: the API itself is on this machine. */
  readonly loopback: boolean
}

/** OCI's form, as far as the last byte. Roving Edge and Compute Cloud@Customer have others, which we do not speak. */
const FORM =
  /^ssh -o ProxyCommand='ssh -W %h:%p -p (?<port>[1-9]\d{0,4}) (?<user>ocid1\.instanceconsoleconnection\.[\w.-]+)@(?<host>[a-z0-9.-]{1,253})' (?<instance>ocid1\.instance\.[\w.-]+)$/

const OCI_PORT = 443

/** @throws RescueError `connection-string-unknown` (details.why) */
export function readConnectionString(text: string, expected: Expected): ConsoleAddress {
  const { port, user, host, instance } = FORM.exec(text)?.groups ?? {}
  if (port === undefined || user === undefined || host === undefined || instance === undefined)
    throw unknown('it has not the form that OCI documents')
  if (user !== expected.connectionId) throw unknown('it names another console connection')
  if (instance !== expected.instanceId) throw unknown('it names another instance')
  const gateway = { host, port: Number(port) }
  if (!isGateway(gateway, expected.loopback)) throw unknown('its host is not a console gateway of OCI')
  return { gateway, user, instance }
}

/** `instance-console.<region>[.oci].<domain of a realm>:443`; on loopback, whatever the API there says. */
function isGateway({ host, port }: ConsoleAddress['gateway'], loopback: boolean): boolean {
  if (loopback && isLoopback(host)) return port > 0 && port < 65_536
  const { domain } = /^instance-console\.[a-z0-9-]+\.(?:oci\.)?(?<domain>[a-z0-9.-]+)$/.exec(host)?.groups ?? {}
  return port === OCI_PORT && Realm.values().some(({ secondLevelDomain }) => secondLevelDomain === domain)
}

/** Never quotes the string: what is wrong with it is for whoever reads the cloud's answers, not for a chat. */
function unknown(why: string): RescueError {
  return new RescueError('cloud', 'connection-string-unknown', `OCI's connection string can not be used: ${why}`, {
    details: { why },
  })
}
