/** The commands of a simulated GRUB's command line: it looks at disks that are maps of files, and loads kernels from them. */
import type { GrubPrompt } from './grub-prompt.ts'

export interface GrubDisk {
  /** As GRUB calls it, without its brackets, e.g. `hd0,gpt2`. */
  readonly device: string
  /** Undefined for one without a file system that GRUB knows. */
  readonly type?: string
  readonly uuid?: string
  /** Texts by their paths. */
  readonly files?: Readonly<Record<string, string>>
}

export interface GrubCommandOptions {
  readonly disks: readonly GrubDisk[]
  /** The processor that GRUB was built for. */
  readonly cpu?: string
  /** GRUB has only its smallest `ls`, which knows no UUIDs, as the signed images of Red Hat's have. */
  readonly smallLs?: boolean
  readonly prefix?: string
  /** What `linux` says instead of loading a kernel. */
  readonly refuses?: string
}

export class GrubCommands {
  /** What `linux` and `initrd` have loaded: the commands. */
  readonly loaded: string[] = []
  readonly #options: GrubCommandOptions
  readonly #variables: Map<string, string>
  readonly #prompt: () => GrubPrompt | undefined

  constructor(options: GrubCommandOptions, prompt: () => GrubPrompt | undefined) {
    this.#options = options
    this.#prompt = prompt
    const { cpu = 'x86_64', prefix = '(hd0,gpt1)/EFI/redhat' } = options
    this.#variables = new Map([
      ['grub_cpu', cpu],
      ['prefix', prefix],
      ['root', 'hd0,gpt1'],
    ])
  }

  /** Whether the command is one of these. */
  run(command: string): boolean {
    const [name = '', argument = '', ...more] = this.#expanded(command).split(' ')
    if (name === 'ls') this.#print(argument === '' ? this.#devices() : this.#list(argument))
    else if (name === 'cat') this.#cat(argument)
    else if (name === 'echo') this.#print([argument, ...more].join(' '))
    else if (name === 'set') this.#set(argument)
    else if (name === 'clear') this.#prompt()?.clear()
    else if (name === 'terminfo') this.#prompt()?.widen(Number.parseInt(more[0] ?? '80', 10))
    else if (/^(?:linux|initrd)(?:16|efi)?$/.test(name)) this.#load(command, argument)
    else return false
    return true
  }

  /** The text of a file, or undefined when there is none: then it has said so. */
  file(path: string): string | undefined {
    const { device, inside } = parted(path)
    const text = this.#disk(device)?.files?.[inside]
    if (text === undefined) this.#print(`error: file \`${inside}' not found.`)
    return text
  }

  #expanded(command: string): string {
    return command.replaceAll(/\$(\w+)/g, (_, name: string) => this.#variables.get(name) ?? '')
  }

  #set(assignment: string): void {
    const [name = '', value = ''] = assignment.split('=')
    this.#variables.set(name, value)
  }

  #disk(device: string): GrubDisk | undefined {
    return this.#options.disks.find((disk) => disk.device === device)
  }

  #devices(): string {
    return ['proc', 'hd0', ...this.#options.disks.map(({ device }) => device)].map((name) => `(${name}) `).join('')
  }

  #list(path: string): string {
    const { device, inside } = parted(path)
    const disk = this.#disk(device)
    if (disk === undefined) return `error: disk \`${device}' not found.`
    if (inside === '') return this.#about(disk)
    const files = Object.keys(disk.files ?? {}).filter((file) => file.startsWith(inside))
    if (files.length === 0) return `error: file \`${inside}' not found.`
    const names = new Set(files.map((file) => file.slice(inside.length).replace(/\/.*/, '/')))
    return [...names].map((name) => `${name} `).join('')
  }

  #about({ device, type, uuid }: GrubDisk): string {
    if (this.#options.smallLs) return `(${device}): Filesystem is ${type ?? 'unknown'}.`
    const what = type === undefined ? 'No known filesystem detected' : `Filesystem type ${type}, UUID ${uuid}`
    return `        Partition ${device}: ${what} - Partition start at 1024KiB - Total size 65536KiB`
  }

  #cat(path: string): void {
    const text = this.file(path)
    if (text !== undefined) this.#prompt()?.print(text, 'anywhere')
  }

  #load(command: string, path: string): void {
    const { refuses } = this.#options
    if (refuses !== undefined) this.#print(`error: ${refuses}`)
    else if (this.file(path) !== undefined) this.loaded.push(command)
  }

  #print(text: string): void {
    this.#prompt()?.print(text)
  }
}

function parted(path: string): { readonly device: string; readonly inside: string } {
  const { device = '', inside = '' } = /^\((?<device>[^)]*)\)(?<inside>.*)$/.exec(path)?.groups ?? {}
  return { device, inside }
}
