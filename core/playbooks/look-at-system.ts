/**
 * What must be known about the system before a user's files can be found: the user, the file
 * systems, SELinux and sshd's settings. One command, since every round trip over a serial line
 * costs up to 200 ms; a second one only where sshd's configuration includes unusual files.
 * Needs neither /proc nor a writable file system.
 */
import { RescueError } from '../base/errors.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { unreadable } from './inspect.ts'
import { findUser, homeOf, type PasswdEntry } from './passwd.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'
import { chooseKeysFile, MAIN_CONFIG, readKeysSetting } from './sshd-config.ts'

interface SystemFacts {
  /** The home without symbolic links on its way. */
  readonly user: PasswdEntry
  /** The file that sshd reads the user's keys from. */
  readonly keysFile: string
  /** `Match` blocks that set AuthorizedKeysFile and could not be decided. */
  readonly passedOver: readonly string[]
  /** The lines of /etc/fstab. */
  readonly fstab: readonly string[]
  /** True when the next boot uses SELinux and its policy can be loaded here. */
  readonly selinux: boolean
}

interface ConfigFile {
  readonly path: string
  readonly lines: string[]
}

/** What distributions include; read in the first round trip, in the hope that it saves the second. */
const USUAL_PATTERNS = [MAIN_CONFIG, '/etc/ssh/sshd_config.d/*.conf']

/** The line is read even when the file does not end with a newline. */
const USER =
  'while IFS= read -r l || [ -n "$l" ]; do case $l in "$u":*) echo "passwd $l"; ' +
  'echo "home $(readlink -m -- "$(echo "$l" | cut -d: -f6)")"; break;; esac; done </etc/passwd'

const SYSTEM = [
  'export LC_ALL=C; u=$1; shift',
  USER,
  'grep "^[^#]" /etc/fstab 2>/dev/null | sed "s/^/fstab /"',
  ASK_SELINUX,
].join('; ')

/** Only the lines that matter: a whole sshd_config would be seconds at 9600 baud. */
const CONFIG = [
  'IFS=; for p do echo "pattern $p"',
  'for f in $p; do [ -f "$f" ] && echo "file $f" && ' +
    'grep -Ei "^[[:space:]]*\\"?(AuthorizedKeysFile|Include|Match)\\"?([[:space:]=]|\\$)" "$f" | sed "s/^/line /"',
  'done; done; echo end',
].join('; ')

/** @throws RescueError `user-not-found`, `user-without-home`, `keys-file-none`, `keys-file-unclear`, `look-unreadable` */
export async function lookAtSystem(shell: Shell, name: string, signal: AbortSignal): Promise<SystemFacts> {
  const lines = await ask(shell, [`${SYSTEM}; ${CONFIG}`, 'sh', name, ...USUAL_PATTERNS], signal)
  const entry = findUser(tagged(lines, 'passwd'), name)
  if (entry === undefined) {
    throw new RescueError('operator', 'user-not-found', `there is no user ${name}`, { details: { user: name } })
  }
  const user = { ...entry, home: realHome(entry, tagged(lines, 'home')[0]) }
  const { values, passedOver } = await readSetting(shell, readConfig(lines), name, signal)
  return {
    user,
    keysFile: chooseKeysFile(values, user),
    passedOver,
    fstab: tagged(lines, 'fstab'),
    selinux: saysSelinux(lines),
  }
}

/** A link as home, or above it, is the administrator's doing and is followed; it may lead to a place that is no home. */
function realHome(entry: PasswdEntry, resolved: string | undefined): string {
  const named = homeOf(entry)
  if (resolved === undefined || resolved === '') throw unreadable(named, resolved ?? '')
  return homeOf({ ...entry, home: resolved })
}

async function readSetting(shell: Shell, known: ReadonlyMap<string, ConfigFile[]>, user: string, signal: AbortSignal) {
  const files = new Map(known)
  for (;;) {
    const setting = readKeysSetting(files, user)
    if (setting.kind === 'known') return setting
    const more = readConfig(await ask(shell, [CONFIG, 'sh', ...setting.patterns], signal))
    // An answer for each pattern, be it "no files": otherwise this would ask for ever.
    for (const pattern of setting.patterns) files.set(pattern, more.get(pattern) ?? [])
  }
}

function readConfig(lines: readonly string[]): ReadonlyMap<string, ConfigFile[]> {
  const files = new Map<string, ConfigFile[]>()
  let pattern: ConfigFile[] = []
  for (const line of lines) {
    const [, tag, value = ''] = /^(pattern|file|line) (.*)$/.exec(line) ?? []
    if (tag === 'pattern') {
      pattern = []
      files.set(value, pattern)
    } else if (tag === 'file') pattern.push({ path: value, lines: [] })
    else if (tag === 'line') pattern.at(-1)?.lines.push(value)
  }
  return files
}
