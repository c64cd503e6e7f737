/** What OpenSSH's clients say about both hops, read: whether the line is up, and why it is not. */
import { SshError, type SshFailure } from './ssh-connection.ts'

/** The console's server has given us a shell: what comes from now on is the serial line. */
export function isUp(said: string): boolean {
  return /^debug2: shell request accepted on channel \d+\r?$/m.test(said)
}

/** The first hop has said goodbye for both. */
export function hasLeft(said: string): boolean {
  return /^debug1: stdio forwarding: done\r?$/m.test(said)
}

/** In the order in which they are looked for: a hop that fails takes the other one with it, which then complains too. */
const FAILURES: ReadonlyArray<readonly [pattern: RegExp, kind: SshFailure]> = [
  [/^.*Host key verification failed.*$/m, 'unknown-host-key'],
  [/^Unable to negotiate with .*$/m, 'not-negotiated'],
  [/^.*Permission denied \(.*$/m, 'not-authenticated'],
  [/open failed: (?<words>.*)$/m, 'channel-refused'],
]

export function failureIn(said: string): SshError {
  const told = said.split(/\r?\n/).filter((line) => !/^debug\d: /.test(line))
  for (const [pattern, kind] of FAILURES) {
    const found = pattern.exec(told.join('\n'))
    if (found !== null) return new SshError(kind, found.groups?.words ?? found[0])
  }
  const last = told.findLast((line) => line.trim() !== '')
  return new SshError('unreachable', last ?? 'the SSH client said nothing')
}
