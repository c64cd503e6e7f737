/**
 * What a disk's files say about how its kernels are booted: GRUB's configuration, the entries of the Boot Loader
 * Specification, GRUB's environment, fstab. Text in, values out. Only what can be told without running it is taken.
 */

/** One way to boot a kernel, as a file has it. */
export interface BootOffer {
  readonly title: string
  /** What `default` and `saved_entry` may call it: its id, its place or its title, through the menus around it. */
  readonly names: readonly string[]
  /** `linux`, or what the entry has instead. */
  readonly keyword: string
  /** Path, perhaps with a device before it. */
  readonly kernel: string
  readonly initrds: readonly string[]
  readonly arguments: string
  /** The file system that its paths are on, if it says so. */
  readonly uuid: string | undefined
}

/** Values of GRUB's variables. */
export type Environment = ReadonlyMap<string, string>

export interface GrubConfig {
  readonly offers: readonly BootOffer[]
  readonly environment: Environment
  /** Whether its menu waits for a key: one without a timeout boots at once. */
  readonly waits: boolean
  /** Whether it is there to show a menu, its own or another file's. */
  readonly hasMenu: boolean
}

/** Stands where a row of the screen ended and nobody can tell whether a blank did, too. */
export const UNSURE = '\ufffd'

const KERNEL_LINE = /^\s*(?<keyword>linux(?:16|efi)?)\s+(?<kernel>\S+)(?:\s+(?<rest>.*))?$/
const INITRD_LINE = /^\s*initrd(?:16|efi)?\s+(?<files>.+)$/
const MENU_LINE = /^\s*(?<kind>menuentry|submenu)\s+(?:'(?<single>[^']*)'|"(?<double>[^"]*)")(?<options>.*)\{\s*$/
const ENTRY_ID = /(?:\$\{?menuentry_id_option\}?|--id)[ =]+(?:'(?<quoted>[^']*)'|"(?<double>[^"]*)"|(?<plain>\S+))/
const SEARCH_UUID = /^\s*search\s.*--fs-uuid\b.*--set=root\b.*?\s(?:'(?<quoted>[^']+)'|(?<plain>[^\s']+))\s*$/
const ASSIGNMENT = /^\s*(?:set\s+)?(?<name>\w+)=(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<plain>\S*))\s*$/
const NO_TIMEOUT = /^\s*(?:set\s+)?timeout=["']?0["']?\s*$/m
const SHOWS_MENU = /^\s*(?:menuentry|submenu|blscfg|configfile)\b/m

/** The entries that a grub.cfg spells out, those of its submenus among them. `outside`: what GRUB’s environment sets. */
export function readGrubConfig(text: string, outside: Environment = new Map()): GrubConfig {
  const environment = new Map(outside)
  const offers: BootOffer[] = []
  const menus: OpenMenu[] = [{ kind: 'menu', titles: [], places: [], count: 0 }]
  for (const line of text.split('\n')) {
    const here = menus.at(-1)
    const { kind, single, double, options = '' } = MENU_LINE.exec(line)?.groups ?? {}
    if (kind !== undefined && here !== undefined) menus.push(opened(here, kind, single ?? double ?? '', options))
    else if (/^\s*\}\s*$/.test(line) && menus.length > 1) offers.push(...closed(menus.pop(), environment))
    else if (here?.entry !== undefined) here.entry.push(line)
    else note(line, environment, outside)
  }
  return { offers, environment, waits: !NO_TIMEOUT.test(text), hasMenu: SHOWS_MENU.test(text) }
}

/** A menu, or an entry when it has lines, from its opening brace to its closing one. */
interface OpenMenu {
  readonly kind: string
  readonly titles: readonly string[]
  readonly places: readonly number[]
  readonly id?: string | undefined
  readonly entry?: string[]
  count: number
}

function opened(around: OpenMenu, kind: string, title: string, options: string): OpenMenu {
  const { quoted, double, plain } = ENTRY_ID.exec(options)?.groups ?? {}
  const menu = { kind, titles: [...around.titles, title], places: [...around.places, around.count], count: 0 }
  around.count += 1
  return kind === 'menuentry' ? { ...menu, id: quoted ?? double ?? plain, entry: [] } : menu
}

function closed(menu: OpenMenu | undefined, environment: Environment): readonly BootOffer[] {
  const lines = menu?.entry ?? []
  const found = lines.map((line) => KERNEL_LINE.exec(line)?.groups).find((groups) => groups !== undefined)
  if (menu === undefined || found?.kernel === undefined) return []
  const files = lines.flatMap((line) => INITRD_LINE.exec(line)?.groups?.files ?? []).at(0)
  const search = lines.map((line) => SEARCH_UUID.exec(line)?.groups).findLast((groups) => groups !== undefined)
  return [
    {
      title: menu.titles.at(-1) ?? '',
      names: [menu.titles.join('>'), menu.places.join('>'), ...(menu.id === undefined ? [] : [menu.id])],
      keyword: found.keyword ?? 'linux',
      kernel: pathIn(found.kernel, environment),
      initrds: words(expanded(files ?? '', environment)).map((file) => pathIn(file, environment)),
      arguments: words(expanded(found.rest ?? '', environment)).join(' '),
      uuid: search?.quoted ?? search?.plain,
    },
  ]
}

/** What is set already it only sets anew under conditions, which nobody here knows. */
function note(line: string, environment: Map<string, string>, outside: Environment): void {
  const { name, double, single, plain } = ASSIGNMENT.exec(line)?.groups ?? {}
  if (name !== undefined && !outside.has(name)) environment.set(name, double ?? single ?? plain ?? '')
}

/** One entry of the Boot Loader Specification; `id` is its file's name without the ending. (UAPI.1; GRUB's blscfg) */
export function readBlsEntry(id: string, text: string, environment: Environment): BootOffer | undefined {
  const fields = text.split('\n').flatMap((line) => {
    const { key, value } = /^(?<key>[a-z_-]+)\s+(?<value>.*\S)\s*$/.exec(line)?.groups ?? {}
    return key === undefined || value === undefined ? [] : [{ key, value }]
  })
  const all = (key: string) => fields.filter((field) => field.key === key).map(({ value }) => value)
  const [kernel] = all('linux')
  if (kernel === undefined) return undefined
  const title = all('title')[0] ?? id
  return {
    title,
    names: [id, title],
    keyword: 'linux',
    kernel: pathIn(kernel, environment),
    initrds: words(expanded(all('initrd').join(' '), environment)).map((file) => pathIn(file, environment)),
    arguments: words(expanded(all('options').join(' '), environment)).join(' '),
    uuid: undefined,
  }
}

/** GRUB's environment block: `name=value` lines between a comment and filling. */
export function readEnvironment(text: string): Environment {
  const pairs = text.split('\n').map((line) => /^(?<name>\w+)=(?<value>.*)$/.exec(line.trim())?.groups)
  return new Map(pairs.flatMap((groups) => (groups?.name === undefined ? [] : [[groups.name, groups.value ?? '']])))
}

/** What an fstab mounts as the root. A root that is a part of its file system is left to who knows how to find it. */
export function rootInFstab(text: string): string | undefined {
  for (const line of text.split('\n')) {
    const [device = '#', target, , options = ''] = words(line)
    if (device.startsWith('#') || target !== '/') continue
    return /\bsubvol(?:id)?=/.test(options) || device.includes(UNSURE) ? undefined : device
  }
  return undefined
}

/** What is not set is nothing, as in GRUB. */
function expanded(text: string, environment: Environment): string {
  return text.replaceAll(/\$\{?(\w+)\}?/g, (_, name: string) => environment.get(name) ?? '')
}

/** The root that an entry searches for is where its file lies, or is known by its UUID. */
function pathIn(path: string, environment: Environment): string {
  return expanded(path.replace(/^\(\$\{?root\}?\)/, ''), environment)
}

function words(text: string): string[] {
  return text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
}
