/** What must be known of a machine's sshd before it can be repaired: what it says itself, its configuration, its keys, its units. */
import { posix } from 'node:path'
import { RescueError } from '../base/errors.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { type Found, inspect, onTheWay } from './inspect.ts'
import { lookAtSystem } from './look-at-system.ts'
import { mountFor } from './mounts.ts'
import { readText, type TextFile } from './read-text.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'
import type { Login } from './sshd-access.ts'
import { readSshdComplaints, type SshdComplaint } from './sshd-complaints.ts'
import { type ConfigFiles, isBelow, MAIN_CONFIG, readSettings } from './sshd-config.ts'

const SSHD = '/usr/sbin/sshd'
/** While it is there, Debian's units do not start sshd. */
export const NOT_TO_BE_RUN = '/etc/ssh/sshd_not_to_be_run'
export const TOOLS = {
  keygen: '/usr/bin/ssh-keygen',
  systemctl: '/usr/bin/systemctl',
  restorecon: '/usr/sbin/restorecon',
  useradd: '/usr/sbin/useradd',
  userdel: '/usr/sbin/userdel',
} as const

export interface SshdUnit {
  readonly name: string
  readonly isMasked: boolean
  /** Something wants it at boot. */
  readonly isEnabled: boolean
}

export interface SshdFacts {
  readonly complaints: readonly SshdComplaint[]
  /** Whether it would start. */
  readonly starts: boolean
  /** The end of what `sshd -t` said. */
  readonly said: string
  /** Every file that is read, whole, in the order of their names in the configuration. */
  readonly files: ReadonlyMap<string, TextFile>
  readonly config: ConfigFiles
  /** Null when nobody was named who shall be let in. */
  readonly login: (Login & { readonly uid: number }) | null
  /** What lies on the way to the user's keys, from the home on, outermost first. */
  readonly way: readonly { readonly path: string; readonly found: Found }[]
  readonly hostKeys: readonly { readonly path: string; readonly found: Found }[]
  /** Empty where systemd does not start sshd. */
  readonly units: readonly SshdUnit[]
  readonly notToBeRun: Found
  /** Whether something makes sshd's directory in /run at each boot; a drop-in may have taken that back from the unit. */
  readonly makesRunDirectory: boolean
  /** A configuration as the package had it, where it is kept. */
  readonly template: string | null
  readonly tools: ReadonlySet<string>
  readonly found: (path: string) => Found
  readonly selinux: boolean
}

/** Debian's package keeps its configuration there; others keep none. */
const TEMPLATE = '/usr/share/openssh/sshd_config'

const UNIT_FOLDERS = '/usr/lib/systemd/system /lib/systemd/system /etc/systemd/system'

/** `sshd -t` ends before it would need the network or its directory in /run. Units are those of a package, not links. */
const SCRIPT = [
  'export LC_ALL=C; u=$1; shift',
  `[ -x ${SSHD} ] && { o=$(${SSHD} -t 2>&1 </dev/null); echo "sshd $?"; printf "%s\\n" "$o" | sed "s/^/says /"; }`,
  'for k in /etc/ssh/ssh_host_*_key; do [ -e "$k" ] && echo "key $k"; done',
  'for n in ssh.service sshd.service ssh.socket sshd.socket; do for d in ' +
    `${UNIT_FOLDERS}; do if [ -f "$d/$n" ] && [ ! -L "$d/$n" ]; then echo "unit $n"; ` +
    'grep -q "^RuntimeDirectory=.*sshd" "$d/$n" && echo unit-makes-run-directory; fi; ' +
    'grep -qs "^RuntimeDirectory=$" "$d/$n".d/*.conf && echo unit-makes-none; done; ' +
    '[ "$(readlink "/etc/systemd/system/$n")" = /dev/null ] && echo "masked $n"; ' +
    'for w in /etc/systemd/system/*.wants/$n /etc/systemd/system/*.requires/$n /usr/lib/systemd/system/*.wants/$n; do ' +
    '[ -L "$w" ] && echo "enabled $n"; done; done',
  'grep -ls "^d.* /\\(var/\\)\\?run/sshd" /etc/tmpfiles.d/*.conf /usr/lib/tmpfiles.d/*.conf | sed "s/.*/made-at-boot/"',
  `[ -f ${TEMPLATE} ] && echo template`,
  'case $(readlink -m /sbin/init) in */systemd) echo systemd;; esac',
  'if [ -n "$u" ]; then while IFS=: read -r n p i m || [ -n "$n" ]; do ' +
    'case ",$m," in *",$u,"*) echo "group $n";; esac; echo "gid $i $n"; done </etc/group; fi',
  'for t do [ -x "$t" ] && echo "tool $t"; done',
  ASK_SELINUX,
  'echo end',
].join('\n')

/** What an `Include` names, and the files it stands for. */
const EXPAND = 'IFS=; for p do echo "pattern $p"; for f in $p; do [ -f "$f" ] && echo "file $f"; done; done; echo end'

/** @throws RescueError `tool-missing`, `user-not-found`, `unsuitable-file`, `cannot-write`, `look-unreadable` */
export async function lookAtSshd(shell: Shell, user: string | null, signal: AbortSignal): Promise<SshdFacts> {
  const lines = await ask(shell, [SCRIPT, 'sh', user ?? '', ...Object.values(TOOLS)], signal)
  const [exitCode] = tagged(lines, 'sshd')
  if (exitCode === undefined)
    throw new RescueError('operator', 'tool-missing', 'there is no sshd', { details: { tool: SSHD } })
  const said = tagged(lines, 'says').join('\n')
  const complaints = readSshdComplaints(said)
  const { files, config } = await readConfig(shell, user, signal)
  const owner = user === null ? undefined : await lookAtSystem(shell, user, signal)
  if (owner !== undefined) await mountFor(shell, [owner.user.home, owner.keysFile], signal)
  const keys = tagged(lines, 'key')
  const way = owner === undefined ? [] : wayOf(owner.user.home, owner.keysFile)
  const named = complaints.flatMap((complaint) => ('path' in complaint ? onTheWay(complaint.path) : []))
  const found = await inspect(shell, [...new Set([...keys, ...way, ...named, NOT_TO_BE_RUN, TEMPLATE])], signal)
  const template = files.has(MAIN_CONFIG) || !lines.includes('template') ? undefined : found(TEMPLATE)
  return {
    ...{ complaints, starts: exitCode === '0', said: said.trim().slice(-500), files, config, found },
    login: owner === undefined ? null : { ...loginOf(lines, owner.user), uid: owner.user.uid },
    way: way.map((path) => ({ path, found: found(path) })),
    hostKeys: keys.map((path) => ({ path, found: found(path) })),
    units: lines.includes('systemd') ? readUnits(lines) : [],
    notToBeRun: found(NOT_TO_BE_RUN),
    makesRunDirectory:
      lines.includes('made-at-boot') ||
      (lines.includes('unit-makes-run-directory') && !lines.includes('unit-makes-none')),
    template: template === undefined ? null : (await readText(shell, TEMPLATE, template, signal)).text,
    tools: new Set(tagged(lines, 'tool')),
    selinux: saysSelinux(lines),
  }
}

/** sshd looks at all of it up to the home (misc.c, `safe_path`). */
function wayOf(home: string, keysFile: string): readonly string[] {
  return onTheWay(keysFile).filter((path) => path === home || isBelow(path, home))
}

function loginOf(lines: readonly string[], { name, gid }: { name: string; gid: number }): Login {
  const primary = tagged(lines, 'gid').flatMap((line) =>
    line.startsWith(`${gid} `) ? [line.slice(`${gid} `.length)] : [],
  )
  return { user: name, groups: [...new Set([...primary, ...tagged(lines, 'group')])] }
}

function readUnits(lines: readonly string[]): readonly SshdUnit[] {
  const names = [...new Set([...tagged(lines, 'unit'), ...tagged(lines, 'masked')])]
  return names.map((name) => ({
    name,
    isMasked: tagged(lines, 'masked').includes(name),
    isEnabled: tagged(lines, 'enabled').includes(name),
  }))
}

/** Round by round, as `Include` leads to them. */
async function readConfig(shell: Shell, user: string | null, signal: AbortSignal) {
  const files = new Map<string, TextFile>()
  const config = new Map<string, { path: string; lines: readonly string[] }[]>()
  for (;;) {
    const { missing } = readSettings(config, user ?? '')
    if (missing.length === 0) return { files, config }
    const lines = await ask(shell, [EXPAND, 'sh', ...missing], signal)
    const paths = tagged(lines, 'file').map((path) => posix.normalize(path))
    const found = await inspect(shell, paths, signal)
    for (const pattern of missing) config.set(pattern, [])
    let include = ''
    for (const line of lines) {
      if (line.startsWith('pattern ')) include = line.slice('pattern '.length)
      if (!line.startsWith('file ')) continue
      const path = posix.normalize(line.slice('file '.length))
      const file = files.get(path) ?? (await readText(shell, path, found(path), signal))
      files.set(path, file)
      config.get(include)?.push({ path, lines: file.text.split('\n') })
    }
  }
}
