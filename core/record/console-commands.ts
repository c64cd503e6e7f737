/**
 * What a person types to open a console that was made for their key: the serial line
 * and the screen, on the systems and with the programs that people have. OCI's own
 * strings are not passed on: they lack what newer clients need, and are for one of them only.
 *
 * Each command goes over two SSH servers, so the key and what goes with it stand in it twice.
 */
import { type ConsoleRoute, isSameRoute, readConnectionString, readVncConnectionString } from './console-strings.ts'

/** As OCI gives them for a console connection. */
export interface ConsoleStrings {
  readonly connectionString: string
  /** Empty when the instance has no screen. */
  readonly vncConnectionString: string
  readonly hostKeyFingerprint: string
}

/** OpenSSH in any shell of Linux and macOS; OpenSSH in PowerShell; PuTTY in PowerShell. */
export const CONSOLE_CLIENTS = ['openssh', 'windows-openssh', 'plink'] as const
export type ConsoleClient = (typeof CONSOLE_CLIENTS)[number]

export interface ConsoleCommands {
  readonly serial: Readonly<Record<ConsoleClient, string>>
  /** They only carry what a VNC viewer says to `VIEWER_ADDRESS`. Undefined when the instance has no screen. */
  readonly screen: Readonly<Record<ConsoleClient, string>> | undefined
  /** One of the two servers must show it; OCI does not say which. */
  readonly fingerprint: string
}

/** Where the commands look for the person's private key. */
export const KEY_FILES: Readonly<Record<ConsoleClient, string>> = {
  openssh: '~/.ssh/oci-console',
  'windows-openssh': '~/.ssh/oci-console',
  plink: '$HOME\\.ssh\\oci-console.ppk',
}

/** Not 5900, which is taken where people share their screen; and not `localhost`, which has two addresses. */
export const VIEWER_ADDRESS = '127.0.0.1:5901'

/** At the beginning of a line, it makes OpenSSH hang up. */
export const LEAVE = '~.'

/** On the way to the console's server, on the person's computer. */
const PLINK_TUNNEL_PORT = 22_000
const CONSOLE_PORT = 22
const SCREEN_PORT = 5900

const FINGERPRINT = /^(?:SHA256:[A-Za-z0-9+/]{43}=?|(?:MD5:)?[0-9a-f]{2}(?::[0-9a-f]{2}){15})$/

/** Undefined for strings that have not the form that OCI documents: nothing of them is handed to a shell then. */
export function consoleCommands(strings: ConsoleStrings): ConsoleCommands | undefined {
  const route = readConnectionString(strings.connectionString)
  const { hostKeyFingerprint: fingerprint } = strings
  if (route === undefined || !FINGERPRINT.test(fingerprint)) return undefined
  const vnc = readVncConnectionString(strings.vncConnectionString)
  const hasScreen = vnc !== undefined && isSameRoute(vnc, route)
  return {
    serial: commandsFor('serial', route),
    screen: hasScreen ? commandsFor('screen', route) : undefined,
    fingerprint,
  }
}

type What = 'serial' | 'screen'

function commandsFor(what: What, route: ConsoleRoute): Record<ConsoleClient, string> {
  return {
    openssh: openssh(what, route, 'ssh'),
    // Without its suffix, older versions for Windows do not find the program that they run themselves.
    'windows-openssh': openssh(what, route, 'ssh.exe'),
    plink: plink(what, route),
  }
}

/** Single quotes mean the same to sh and to PowerShell, and nothing in them means anything to either. */
function openssh(what: What, { gateway, user, instance }: ConsoleRoute, ssh: string): string {
  const options = opensshOptions(user)
  const proxy = `${ssh} ${options} -W %h:%p -p ${gateway.port} ${user}@${gateway.host}`
  const forward = `-N -o ExitOnForwardFailure=yes -L ${VIEWER_ADDRESS}:${instance}:${SCREEN_PORT}`
  const wanted = what === 'screen' ? ` ${forward}` : ''
  // A line that nobody speaks on is closed on the way; a dead one keeps others out for minutes.
  return `ssh ${options} -o ServerAliveInterval=30 -o 'ProxyCommand=${proxy}'${wanted} -l ${instance} ${instance}`
}

function opensshOptions(user: string): string {
  return [
    // Nothing of the person's own settings: a proxy, a shared connection or another key there would be in the way.
    '-F none',
    `-i ${KEY_FILES.openssh}`,
    '-o IdentitiesOnly=yes',
    // The console's server has nothing newer to show, and may take no newer signature.
    '-o HostKeyAlgorithms=+ssh-rsa',
    // Before 8.5 (Windows 10 has 8.1) it has another name, and need not be said.
    '-o IgnoreUnknown=PubkeyAcceptedAlgorithms',
    '-o PubkeyAcceptedAlgorithms=+ssh-rsa',
    // OCI changes its host keys; those of this console connection are asked about once.
    `-o UserKnownHostsFile=~/.ssh/oci-console.${user.slice(-8)}`,
  ].join(' ')
}

/**
 * OCI's own form: the way through the gateway in the background, which `N` tells to go on and to remember no host key;
 * then the console's server, whose host key PuTTY shows to the person.
 */
function plink(what: What, { gateway, user, instance }: ConsoleRoute): string {
  const program = `plink.exe -ssh -i ${KEY_FILES.plink}`
  const way = `-N -P ${gateway.port} -l ${user} -L ${PLINK_TUNNEL_PORT}:${instance}:${CONSOLE_PORT} ${gateway.host}`
  const wanted = what === 'screen' ? `-N -L ${VIEWER_ADDRESS}:${instance}:${SCREEN_PORT} ` : ''
  const console = `${wanted}-P ${PLINK_TUNNEL_PORT} -l ${instance} localhost`
  return `Start-Job { Echo N | ${program} ${way} }; sleep 5; ${program} ${console}`
}
