/**
 * Prompts of a running system. One counts only where the cursor waits behind it:
 * an old one may still be on the screen. The exception is a prompt that the
 * kernel wrote over, with nothing but the kernel's lines below it.
 */
import type { ScreenView } from '../console/screen-view.ts'
import { isNoise } from './kernel.ts'
import type { MachineState, Sighting } from './state.ts'

interface Prompt {
  readonly pattern: RegExp
  /** Undefined where the rest of the screen does not bear it out. */
  read(groups: Readonly<Record<string, string>>, view: ScreenView): MachineState | undefined
}

const maintenance: Prompt['read'] = ({ prompt = '' }) => ({ kind: 'maintenance-shell', prompt })
const user: Prompt['read'] = ({ prompt = '' }) => ({ kind: 'user-shell', prompt })
const initramfs =
  (of: 'initramfs-tools' | 'dracut'): Prompt['read'] =>
  ({ prompt = '' }) => ({ kind: 'initramfs-shell', of, prompt })
const sulogin =
  (asks: 'password' | 'enter'): Prompt['read'] =>
  (_, view) => ({ kind: 'emergency', mode: emergencyMode(view), asks, rootLocked: false })

const PROMPTS: readonly Prompt[] = [
  { pattern: /^(?<host>(?!Last\b)\S+) login: /, read: ({ host = '' }) => ({ kind: 'login-prompt', host }) },
  { pattern: /^Password: /, read: () => ({ kind: 'password-prompt' }) },
  { pattern: /^(?<prompt>\(initramfs\) )/, read: initramfs('initramfs-tools') },
  // (dracut modules.d/80base/dracut-lib.sh: the name of the hook, or what `rd.break` stopped at, and the directory)
  {
    pattern: /^(?<prompt>(?:dracut|initqueue|cmdline|pre-\w+|mount|cleanup|switch_root|emergency)?:\/\S*# )/,
    read: initramfs('dracut'),
  },
  // (util-linux login-utils/sulogin.c; systemd and dracut start it)
  { pattern: /^\(or press Control-D to continue\): /, read: (_, view) => sulogin(askedAbove(view))({}, view) },
  { pattern: /^(?:Give|Enter) root password for .*?: /, read: sulogin('password') },
  { pattern: /^Press Enter (?:for (?:system )?maintenance|for login)\b.*?[:.] ?/, read: sulogin('enter') },
  { pattern: /^Press Enter for emergency shell or wait .*/, read: sulogin('enter') },
  { pattern: /^(?<prompt>(?:bash|sh)-\d+\.\d+# )/, read: maintenance },
  // Our own, set by core/shell.
  { pattern: /^(?<prompt>@[A-Z]{6}# )/, read: maintenance },
  { pattern: /^(?<prompt>root@[^\s:]+:\S*# )/, read: maintenance },
  { pattern: /^(?<prompt>\[root@[^\]]+\]# )/, read: maintenance },
  // SUSE's `host:~ # `, and busybox where nothing sets another: `/ # `, `~ # `.
  { pattern: /^(?<prompt>(?:[^\s:]+:)?[/~]\S* # )/, read: maintenance },
  { pattern: /^(?<prompt># )/, read: readBareShell },
  { pattern: /^(?<prompt>(?:bash|sh)-\d+\.\d+\$ )/, read: user },
  { pattern: /^(?<prompt>(?!root@)[^\s@:]+@[^\s:]+:\S*\$ )/, read: user },
  { pattern: /^(?<prompt>\[(?!root@)[^\s@]+@[^\]]+\]\$ )/, read: user },
]

export function seePrompt(view: ScreenView): Sighting | undefined {
  return seeWaitingPrompt(view) ?? seeOverwrittenPrompt(view) ?? seeLockedRoot(view)
}

/** The prompt, with nothing typed behind it. */
function seeWaitingPrompt(view: ScreenView): Sighting | undefined {
  return seePromptIn(view.beforeCursor, view, (rest) => rest === '')
}

function seeOverwrittenPrompt(view: ScreenView): Sighting | undefined {
  for (const { text } of view.lines.filter(({ first }) => first <= view.cursor.row).reverse()) {
    const sighting = seePromptIn(text, view, (rest) => rest !== '' && isNoise(rest))
    if (sighting !== undefined) return sighting
    if (!isNoise(text)) return undefined
  }
  return undefined
}

function seePromptIn(line: string, view: ScreenView, accepts: (rest: string) => boolean): Sighting | undefined {
  for (const { pattern, read } of PROMPTS) {
    const found = pattern.exec(line)
    if (found === null || !accepts(line.slice(found[0].length))) continue
    const state = read(found.groups ?? {}, view)
    if (state !== undefined) return { state, because: line }
  }
  return undefined
}

/** What sulogin says when root has no password that could be given: this one ends with a new line. */
function seeLockedRoot(view: ScreenView): Sighting | undefined {
  const said = linesAbove(view).filter((line) => !isNoise(line))
  if (said.at(-1) !== 'Press Enter to continue.') return undefined
  const because = said.findLast((line) => line.startsWith('Cannot open access to console, the root account is locked'))
  if (because === undefined) return undefined
  return { state: { kind: 'emergency', mode: emergencyMode(view), asks: 'enter', rootLocked: true }, because }
}

/** The first line of sulogin's question, whose second is the same for both. */
function askedAbove(view: ScreenView): 'password' | 'enter' {
  const asked = linesAbove(view).findLast((line) => /^(?:Press Enter|(?:Give|Enter) root password) for /.test(line))
  return asked?.startsWith('Press') ? 'enter' : 'password'
}

/** (systemd src/sulogin-shell, units/emergency.service; dracut says its own) */
function emergencyMode(view: ScreenView): 'emergency' | 'rescue' | undefined {
  const said = linesAbove(view).findLast((line) =>
    /You are in (?:rescue|emergency) mode|Entering emergency mode/.test(line),
  )
  if (said === undefined) return undefined
  return said.includes('rescue mode') ? 'rescue' : 'emergency'
}

/** A bare `# ` says root only below what a shell without a terminal says when it begins. */
function readBareShell({ prompt = '' }: Readonly<Record<string, string>>, view: ScreenView): MachineState | undefined {
  const above = linesAbove(view)
  if (!above.some((line) => /can't access tty; job control turned off/.test(line))) return undefined
  return above.some((line) => IN_INITRAMFS.test(line))
    ? { kind: 'initramfs-shell', of: 'klibc', prompt }
    : { kind: 'maintenance-shell', prompt }
}

/** (initramfs-tools scripts/functions and init, klibc usr/kinit/run-init) */
const IN_INITRAMFS =
  /^ALERT!|^Gave up waiting for |Dropping to a shell|^No init found|run-init: |^Target filesystem doesn't have/

function linesAbove(view: ScreenView): readonly string[] {
  return view.lines.filter(({ first }) => first <= view.cursor.row).map(({ text }) => text.trim())
}
