/** OpenSSH's clients as processes: what they get of our environment, and how all of one ends. */

/**
 * A goodbye that takes longer is not waited for. Generous: a client that is killed before it said goodbye
 * leaves the console taken for five minutes, and two processes on a busy machine have taken seconds to say it.
 */
export const GOODBYE_LIMIT_MS = 10_000

export function opensshEnvironment(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    // It runs the command of the first hop.
    SHELL: '/bin/sh',
    // The words of their complaints are read.
    LC_ALL: 'C',
  }
}

/** Ends a client and its helper for the first hop, which share a process group of the client's number. */
export function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // They have ended by themselves.
  }
}
