/**
 * Reads the two strings that OCI gives for a console connection. They are lines for a
 * shell, which never gets to see one of them here: what is in them is taken out, and
 * whoever needs a command puts together one of their own.
 */

/** The way to an instance's console, over two SSH servers. */
export interface ConsoleRoute {
  readonly gateway: { readonly host: string; readonly port: number }
  /** The console connection's OCID: the user of hop 1. */
  readonly user: string
  /** The instance's OCID: the host that hop 1 leads to, and the user of hop 2. */
  readonly instance: string
}

/**
 * OCI's forms, as far as the last byte. Roving Edge and Compute Cloud@Customer have others, which we do not speak.
 * Nothing in the groups means anything to sh or PowerShell, or is an option to ssh.
 */
const GATEWAY =
  "ssh -o ProxyCommand='ssh -W %h:%p -p (?<port>[1-9]\\d{0,4}) (?<user>ocid1\\.instanceconsoleconnection\\.[\\w.-]+)@(?<host>[a-z0-9][a-z0-9.-]{0,252})'"
const INSTANCE = '(?<instance>ocid1\\.instance\\.[\\w.-]+)'
const SERIAL = new RegExp(`^${GATEWAY} ${INSTANCE}$`)
const VNC = new RegExp(`^${GATEWAY} -N -L (?:localhost|127\\.0\\.0\\.1):5900:${INSTANCE}:5900 \\k<instance>$`)

/** `connectionString`; undefined when it has not the form that OCI documents. */
export function readConnectionString(text: string): ConsoleRoute | undefined {
  return routeIn(SERIAL, text)
}

/** `vncConnectionString`; undefined as above. */
export function readVncConnectionString(text: string): ConsoleRoute | undefined {
  return routeIn(VNC, text)
}

export function isSameRoute(one: ConsoleRoute, other: ConsoleRoute): boolean {
  const isSameGateway = one.gateway.host === other.gateway.host && one.gateway.port === other.gateway.port
  return isSameGateway && one.user === other.user && one.instance === other.instance
}

function routeIn(form: RegExp, text: string): ConsoleRoute | undefined {
  const { port, user, host, instance } = form.exec(text)?.groups ?? {}
  if (port === undefined || user === undefined || host === undefined || instance === undefined) return undefined
  return Number(port) > 65_535 ? undefined : { gateway: { host, port: Number(port) }, user, instance }
}
