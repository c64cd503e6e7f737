/** What `sshd -t` says against starting: text in, values out. The words are those of OpenSSH 6 to 9 (sshd.c, servconf.c, authfile.c). */

export type SshdComplaint =
  /** Counted from 1. */
  | { readonly kind: 'line'; readonly path: string; readonly line: number; readonly problem: string }
  | { readonly kind: 'no-config'; readonly path: string }
  | { readonly kind: 'no-host-keys' }
  /** A host key that others can read: sshd does as if it were not there. */
  | { readonly kind: 'open-host-key'; readonly path: string }
  /** Where sshd shuts itself in before anybody has logged in. */
  | { readonly kind: 'no-directory'; readonly path: string }
  | { readonly kind: 'loose-directory'; readonly path: string }
  | { readonly kind: 'no-user'; readonly user: string }

type Reader = readonly [pattern: RegExp, read: (found: Readonly<Record<string, string>>) => SshdComplaint]

const READERS: readonly Reader[] = [
  [
    /^(?<path>\/.+?):? line (?<line>\d+): (?<problem>.+)$/,
    ({ path = '', line, problem = '' }) => ({ kind: 'line', path, line: Number(line), problem }),
  ],
  [/^(?<path>\/.+): No such file or directory$/, ({ path = '' }) => ({ kind: 'no-config', path })],
  [/no hostkeys available/, () => ({ kind: 'no-host-keys' })],
  [/^Permissions 0\d+ for '(?<path>.+)' are too open/, ({ path = '' }) => ({ kind: 'open-host-key', path })],
  [/^Missing privilege separation directory: (?<path>\/.+)$/, ({ path = '' }) => ({ kind: 'no-directory', path })],
  [
    /^(?:.*: )?(?<path>\/\S+) must be owned by root and not group or world-writable/,
    ({ path = '' }) => ({ kind: 'loose-directory', path }),
  ],
  [/^Privilege separation user (?<user>\S+) does not exist/, ({ user = '' }) => ({ kind: 'no-user', user })],
]

/** It goes on after these. With a capital letter: an option that this sshd was built without. */
const WARNING = /^(?:Deprecated option|Unsupported option|Could not load host key|Unable to load host key)/

export function readSshdComplaints(output: string): readonly SshdComplaint[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const said = line.trim()
    for (const [pattern, read] of READERS) {
      const found = pattern.exec(said)
      if (found === null) continue
      const { groups = {} } = found
      if (groups.problem !== undefined && WARNING.test(groups.problem)) return []
      return [read(groups)]
    }
    return []
  })
}
