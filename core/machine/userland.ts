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
  read(groups: Readonly<Record<string, string>>): MachineState
}

const PROMPTS: readonly Prompt[] = [
  { pattern: /^(?<host>(?!Last\b)\S+) login: /, read: ({ host = '' }) => ({ kind: 'login-prompt', host }) },
  { pattern: /^Password: /, read: () => ({ kind: 'password-prompt' }) },
  { pattern: /^\(initramfs\) /, read: () => ({ kind: 'initramfs-shell' }) },
  { pattern: /^(?:dracut|initqueue|pre-\w+|mount|switch_root):\S*# /, read: () => ({ kind: 'initramfs-shell' }) },
  { pattern: /^\(or press Control-D to continue\): /, read: () => ({ kind: 'emergency' }) },
  { pattern: /^(?:Give|Enter) root password for .*?: /, read: () => ({ kind: 'emergency' }) },
  {
    pattern: /^Press Enter (?:for (?:system )?maintenance|for login|to continue)\b.*?[:.] ?/,
    read: () => ({ kind: 'emergency' }),
  },
  { pattern: /^(?<prompt>(?:bash|sh)-\d+\.\d+# )/, read: ({ prompt = '' }) => ({ kind: 'maintenance-shell', prompt }) },
  // Our own, set by core/shell.
  { pattern: /^(?<prompt>@[A-Z]{6}# )/, read: ({ prompt = '' }) => ({ kind: 'maintenance-shell', prompt }) },
  { pattern: /^(?<prompt>root@[^\s:]+:\S*# )/, read: ({ prompt = '' }) => ({ kind: 'maintenance-shell', prompt }) },
  { pattern: /^(?<prompt>\[root@[^\]]+\]# )/, read: ({ prompt = '' }) => ({ kind: 'maintenance-shell', prompt }) },
]

export function seePrompt(view: ScreenView): Sighting | undefined {
  return seeWaitingPrompt(view.beforeCursor) ?? seeOverwrittenPrompt(view)
}

/** The prompt, with nothing typed behind it. */
function seeWaitingPrompt(line: string): Sighting | undefined {
  return seePromptIn(line, (rest) => rest === '')
}

function seeOverwrittenPrompt(view: ScreenView): Sighting | undefined {
  for (const { text } of view.lines.filter(({ first }) => first <= view.cursor.row).reverse()) {
    const sighting = seePromptIn(text, (rest) => rest !== '' && isNoise(rest))
    if (sighting !== undefined) return sighting
    if (!isNoise(text)) return undefined
  }
  return undefined
}

function seePromptIn(line: string, accepts: (rest: string) => boolean): Sighting | undefined {
  for (const { pattern, read } of PROMPTS) {
    const found = pattern.exec(line)
    if (found !== null && accepts(line.slice(found[0].length)))
      return { state: read(found.groups ?? {}), because: line }
  }
  return undefined
}
