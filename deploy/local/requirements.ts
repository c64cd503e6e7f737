/**
 * The system packages we need, why, and how we know that one is there: the only
 * place that knows. Missing ones are installed with apt-get where that can be done
 * without asking for a password; elsewhere the person gets the command to type.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { findCommand, requireCommand, runCommand } from './commands.ts'

/** Each needs what those before it need. */
export const PURPOSES = ['demo', 'tests', 'pictures'] as const
export type Purpose = (typeof PURPOSES)[number]

export interface Requirement {
  readonly package: string
  readonly why: string
  /** What it brings: commands by name, other files by path. All there: the package is not looked for. */
  readonly brings: readonly string[]
  readonly for: Purpose
}

const DEMO: readonly Requirement[] = [
  { package: 'redis-server', why: 'keeps the event log and the queue', brings: ['redis-server'], for: 'demo' },
  { package: 'qemu-system-x86', why: 'runs the machines to rescue', brings: ['qemu-system-x86_64'], for: 'demo' },
  { package: 'qemu-utils', why: 'makes the overlays of their disks', brings: ['qemu-img'], for: 'demo' },
  { package: 'ovmf', why: 'UEFI firmware for machines', brings: ['/usr/share/OVMF/OVMF_CODE_4M.fd'], for: 'demo' },
  { package: 'mmdebstrap', why: 'builds the guest image', brings: ['mmdebstrap'], for: 'demo' },
  {
    package: 'debian-archive-keyring',
    why: 'checks the packages of the guest image',
    brings: ['/usr/share/keyrings/debian-archive-keyring.gpg'],
    for: 'demo',
  },
  { package: 'e2fsprogs', why: "makes the guest's file system", brings: ['mke2fs', 'debugfs'], for: 'demo' },
  { package: 'grub-common', why: "makes the guest's boot loader", brings: ['grub-mkimage'], for: 'demo' },
  {
    package: 'grub-pc-bin',
    why: "is the guest's boot loader",
    brings: ['/usr/lib/grub/i386-pc/boot.img'],
    for: 'demo',
  },
  { package: 'openssh-client', why: 'proves the login at the end', brings: ['ssh', 'ssh-keygen'], for: 'demo' },
]

const TESTS: readonly Requirement[] = [
  { package: 'chromium', why: 'opens the chat page', brings: ['chromium'], for: 'tests' },
  {
    package: 'fonts-dejavu-core',
    why: 'letters for that page',
    brings: ['/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
    for: 'tests',
  },
  { package: 'mtools', why: 'makes the disks of the boot loaders that are tried', brings: ['mformat'], for: 'tests' },
  {
    package: 'grub-efi-amd64-bin',
    why: 'is one of those boot loaders',
    brings: ['/usr/lib/grub/x86_64-efi/kernel.img'],
    for: 'tests',
  },
  {
    package: 'qemu-system-arm',
    why: 'runs a boot loader for arm64',
    brings: ['qemu-system-aarch64'],
    for: 'tests',
  },
  {
    package: 'qemu-efi-aarch64',
    why: 'UEFI firmware for arm64',
    brings: ['/usr/share/AAVMF/AAVMF_CODE.fd'],
    for: 'tests',
  },
  { package: 'busybox-static', why: 'is a small shell to be typed to', brings: ['busybox'], for: 'tests' },
  {
    package: 'expect',
    why: 'types by a script, beside what we do, in the benchmark',
    brings: ['expect'],
    for: 'tests',
  },
]

/** Letters that the chat page needs, and that a person's own system has. */
const PICTURES: readonly Requirement[] = [
  {
    package: 'fonts-morisawa-bizud-gothic',
    why: 'Japanese letters for pictures of the chat page',
    brings: ['/usr/share/fonts/truetype/bizud-gothic/BIZUDPGothic-Regular.ttf'],
    for: 'pictures',
  },
  {
    package: 'fonts-noto-color-emoji',
    why: 'emoji for them',
    brings: ['/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'],
    for: 'pictures',
  },
]

/** Without root, mmdebstrap builds in a user namespace. */
const WITHOUT_ROOT: readonly Requirement[] = [
  { package: 'uidmap', why: 'builds the guest image without root', brings: ['newuidmap'], for: 'demo' },
]

export function requirements(purpose: Purpose, isRoot: boolean): readonly Requirement[] {
  const all = [...DEMO, ...(isRoot ? [] : WITHOUT_ROOT), ...TESTS, ...PICTURES]
  return all.filter((one) => PURPOSES.indexOf(one.for) <= PURPOSES.indexOf(purpose))
}

export function missing(wanted: readonly Requirement[], env: NodeJS.ProcessEnv): readonly Requirement[] {
  const isThere = (thing: string) => (thing.startsWith('/') ? existsSync(thing) : findCommand(thing, env) !== undefined)
  return wanted.filter(({ brings }) => !brings.every(isThere))
}

/** Packages are missing and we cannot, or may not, install them. The message says what the person can do. */
export class RequirementsMissing extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RequirementsMissing'
  }
}

/** Installs what is missing, or throws a `RequirementsMissing`. Does nothing when nothing is. */
export async function meetRequirements(
  purpose: Purpose,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const isRoot = process.getuid?.() === 0
  const absent = missing(requirements(purpose, isRoot), process.env)
  if (absent.length === 0) return
  for (const one of absent) report(`missing: ${one.package} (${one.why})`)
  const names = absent.map((one) => one.package)
  if (findCommand('apt-get', process.env) === undefined) {
    throw new RequirementsMissing(
      `This is not a Debian system, so please install what these are called here: ${names.join(' ')}`,
    )
  }
  const prefix = isRoot ? [] : await passwordlessSudo(signal)
  if (prefix === undefined)
    throw new RequirementsMissing(`Please install the missing packages:\n\n  ${byHand(names)}\n`)
  await install(prefix, names, report, signal)
  const still = missing(absent, process.env)
  if (still.length > 0) {
    throw new RequirementsMissing(
      `apt-get installed ${still.map((one) => one.package).join(' ')}, but not what was expected of it`,
    )
  }
}

/** What a person types who has a password. */
export function byHand(packages: readonly string[]): string {
  return `sudo apt-get update && sudo apt-get install --no-install-recommends ${packages.join(' ')}`
}

async function passwordlessSudo(signal: AbortSignal): Promise<readonly string[] | undefined> {
  if (findCommand('sudo', process.env) === undefined) return undefined
  return runCommand('sudo', ['-n', 'true'], {}, signal).then(
    () => ['sudo', '-n'],
    () => undefined,
  )
}

async function install(
  prefix: readonly string[],
  names: readonly string[],
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const apt = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  try {
    for (const step of [['update'], ['install', '--yes', '--no-install-recommends', ...names]]) {
      report([...apt, ...step].join(' '))
      await runInSight([...apt, ...step], signal)
    }
  } catch (cause) {
    signal.throwIfAborted()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new RequirementsMissing(`${why}. Please try it by hand:\n\n  ${byHand(names)}\n`, { cause })
  }
}

/** The person sees apt's own words while it works. */
function runInSight(commandLine: readonly string[], signal: AbortSignal): Promise<void> {
  const [command = '', ...args] = commandLine
  const child = spawn(requireCommand(command, process.env), args, { stdio: ['ignore', 'inherit', 'inherit'], signal })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, by) => {
      if (code === 0) resolve()
      else reject(new Error(`${commandLine.join(' ')} ended with ${by ?? `code ${code}`}`))
    })
  })
}
