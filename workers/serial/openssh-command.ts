/**
 * The words of OpenSSH's command line, as OCI's connection string has them and as new
 * clients need them for it. OCI's own string never gets here, only what was read out of it.
 */
import type { HopName, OpensshDirectory } from './openssh-directory.ts'
import { CONSOLE_PORT, SCREEN_PORT, type SerialTarget } from './serial-target.ts'
import { KEEPALIVE_MS, KEEPALIVES_MISSED } from './ssh-connection.ts'

/**
 * What a hop's host key must be: `learn` takes any and writes it down, `known` takes the one that was written down,
 * `any` is for the hop that need not prove itself because the other one does.
 */
export type HostKeyRule = 'learn' | 'known' | 'any'

export type HostKeyRules = Readonly<Record<HopName, HostKeyRule>>

/** For TCP and handshake of one hop; OCI's gateway needs about a second. */
const CONNECT_LIMIT_SECONDS = 20

/** A terminal on the serial line. What both clients say is read (openssh-log.ts), so they say enough. */
export function lineCommand(target: SerialTarget, directory: OpensshDirectory, rules: HostKeyRules): string[] {
  return ['-tt', ...withKey(directory), ...options({ LogLevel: 'DEBUG2' }), ...throughGateway(target, directory, rules)]
}

/** The screen's port, on standard input and output. */
export function screenCommand(target: SerialTarget, directory: OpensshDirectory, rules: HostKeyRules): string[] {
  const forward = ['-W', `${target.instance}:${SCREEN_PORT}`]
  return [
    ...forward,
    ...withKey(directory),
    ...options({ LogLevel: 'INFO' }),
    ...throughGateway(target, directory, rules),
  ]
}

/** Asks a hop for its host key and goes away. The gateway must let us in before we see what stands behind it. */
export function askCommand(hop: HopName, target: SerialTarget, directory: OpensshDirectory): string[] {
  const asking = options({ PreferredAuthentications: 'none', IdentityFile: 'none', LogLevel: 'INFO' })
  const way = hop === 'gateway' ? toGateway(target, directory, 'learn') : throughGateway(target, directory, BOTH_NEW)
  // A server that lets everybody in is told to hang up.
  return ['-T', ...asking, ...way, 'exit']
}

const BOTH_NEW: HostKeyRules = { gateway: 'any', console: 'learn' }

function throughGateway(target: SerialTarget, directory: OpensshDirectory, rules: HostKeyRules): string[] {
  const { instance } = target
  const forward = ['-W', `${instance}:${CONSOLE_PORT}`, ...options({ LogLevel: 'DEBUG1' })]
  // The outer client hangs up on this one as it ends; without `nohup` its own goodbye would not get through any more.
  const inner = ['nohup', 'ssh', ...withKey(directory), ...forward, ...toGateway(target, directory, rules.gateway)]
  // OpenSSH gives this one string to a shell, after it has filled in what begins with a percent sign.
  const proxy = options({ ProxyCommand: inner.map(quote).join(' ').replaceAll('%', '%%') })
  return [...proxy, ...common('console', directory, rules.console), '-l', instance, '--', instance]
}

function toGateway({ gateway, user }: SerialTarget, directory: OpensshDirectory, rule: HostKeyRule): string[] {
  return [...common('gateway', directory, rule), '-p', String(gateway.port), '-l', user, '--', gateway.host]
}

/** Nothing of the computer's or the user's own settings, keys or agents; nothing is asked, nothing is forwarded. */
function common(hop: HopName, directory: OpensshDirectory, rule: HostKeyRule): string[] {
  return [
    ...['-F', 'none', '-a', '-x'],
    ...options({
      BatchMode: 'yes',
      IdentitiesOnly: 'yes',
      IdentityAgent: 'none',
      ControlPath: 'none',
      EscapeChar: 'none',
      // The console offers nothing newer, and some take no newer signature either.
      HostKeyAlgorithms: '+ssh-rsa',
      PubkeyAcceptedAlgorithms: '+ssh-rsa',
      HostKeyAlias: hop,
      CheckHostIP: 'no',
      HashKnownHosts: 'no',
      UpdateHostKeys: 'no',
      GlobalKnownHostsFile: '/dev/null',
      ...hostKeyOptions(hop, directory, rule),
      ConnectTimeout: String(CONNECT_LIMIT_SECONDS),
      ServerAliveInterval: String(KEEPALIVE_MS / 1000),
      ServerAliveCountMax: String(KEEPALIVES_MISSED),
    }),
  ]
}

function withKey(directory: OpensshDirectory): string[] {
  return ['-i', directory.key, ...options({ PreferredAuthentications: 'publickey' })]
}

function hostKeyOptions(hop: HopName, directory: OpensshDirectory, rule: HostKeyRule): Record<string, string> {
  if (rule === 'any') return { StrictHostKeyChecking: 'no', UserKnownHostsFile: '/dev/null' }
  const UserKnownHostsFile = directory.knownHosts(hop)
  return { StrictHostKeyChecking: rule === 'learn' ? 'accept-new' : 'yes', UserKnownHostsFile }
}

function options(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** One word for any shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}
