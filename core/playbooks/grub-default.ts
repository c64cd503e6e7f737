/**
 * Which entry GRUB boots by itself, and the texts that make it another one: grub.cfg with its default, the environment
 * block with `saved_entry`, /etc/default/grub for the next time that grub.cfg is made. Text in, text out.
 */

/** An entry of grub.cfg that loads a kernel. */
export interface KernelEntry {
  /** As GRUB's `default` names it: ids from the outermost submenu inwards, with `>` between them. */
  readonly id: string
  readonly title: string
  /** The kernel's path as the entry has it, e.g. `/boot/vmlinuz-6.1.0-13-amd64`. */
  readonly kernel: string
}

/** What of grub.cfg is a menu: titles in quotes, then options, of which one gives the id (grub-mkconfig). */
const OPENS = /^\s*(?<kind>menuentry|submenu)\s+(?:'(?<single>[^']*)'|"(?<double>[^"]*)")(?<options>.*)\{\s*$/
const ID = /(?:\$menuentry_id_option|--id)\s+(?:'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<word>[^\s{]+))/
const KERNEL = /^\s*linux(?:16|efi)?\s+(?:\([^)]*\)|\$\{?root\}?)?(?<kernel>\/\S+)/
/** The default that grub.cfg sets when nothing is asked for: not the lines that take it from the environment. */
const DEFAULT = /^(?<before>\s*set\s+default=)(?<value>"(?!\$)[^"]*"|'[^']*'|[^\s"'$]+)\s*$/gm

export function kernelEntries(grubConfig: string): readonly KernelEntry[] {
  const entries: KernelEntry[] = []
  const open: { readonly kind: string; readonly id: string; readonly title: string }[] = []
  for (const line of grubConfig.split('\n')) {
    const opens = OPENS.exec(line)?.groups
    if (opens !== undefined) {
      const title = opens.single ?? opens.double ?? ''
      open.push({ kind: opens.kind ?? '', title, id: idIn(opens.options ?? '') ?? title })
      continue
    }
    const kernel = KERNEL.exec(line)?.groups?.kernel
    const innermost = open.at(-1)
    if (kernel !== undefined && innermost?.kind === 'menuentry')
      entries.push({ id: open.map(({ id }) => id).join('>'), title: innermost.title, kernel })
    // A brace alone on its line closes what was opened last; those of `if` and functions open and close in one.
    if (/^\s*\}\s*$/.test(line)) open.pop()
  }
  return entries
}

/** Whether grub.cfg asks its environment block which entry was saved. */
export function usesSavedEntry(grubConfig: string): boolean {
  return /^\s*set\s+default="\$\{?saved_entry\}?"/m.test(grubConfig)
}

/** grub.cfg with another default; undefined when it sets none in words that we know. */
export function withDefault(grubConfig: string, id: string): string | undefined {
  let hits = 0
  const text = grubConfig.replaceAll(DEFAULT, (_, before: string) => {
    hits += 1
    return `${before}"${id}"`
  })
  return hits === 0 ? undefined : text
}

/** /etc/default/grub with GRUB_DEFAULT as this; one is added when there is none. */
export function withGrubDefault(defaults: string, id: string): string {
  const line = `GRUB_DEFAULT="${id}"`
  if (/^GRUB_DEFAULT=/m.test(defaults)) return defaults.replaceAll(/^GRUB_DEFAULT=.*$/gm, line)
  return `${defaults === '' || defaults.endsWith('\n') ? defaults : `${defaults}\n`}${line}\n`
}

const BLOCK_HEAD = '# GRUB Environment Block\n'
/** GRUB reads and writes the block in its place, so its length is fixed (grub-editenv(1), GRUB manual 17.4). */
const BLOCK_LENGTH = 1024

/** The environment block with `saved_entry` as this; undefined when it is no such block, or has no room. */
export function withSavedEntry(block: string, id: string): string | undefined {
  if (!block.startsWith(BLOCK_HEAD) || block.length !== BLOCK_LENGTH) return undefined
  const kept = block
    .split('\n')
    .filter((line) => !/^#*$/.test(line) && !line.startsWith('saved_entry='))
    .map((line) => `${line}\n`)
  const [head = BLOCK_HEAD, ...settings] = kept
  // A backslash or a newline is written behind a backslash.
  const text = [head, `saved_entry=${id.replaceAll(/[\\\n]/g, '\\$&')}\n`, ...settings].join('')
  return text.length > BLOCK_LENGTH ? undefined : text.padEnd(BLOCK_LENGTH, '#')
}

function idIn(options: string): string | undefined {
  const { single, double, word } = ID.exec(options)?.groups ?? {}
  return single ?? double ?? word
}
