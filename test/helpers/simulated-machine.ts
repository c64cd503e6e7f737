/**
 * A machine for tests without QEMU: goes from a reset through firmware and GRUB to a
 * login prompt, or to a real bash when its kernel line says so. It is at the other end
 * of a serial line, as fast as its sleeps are short, and breaks where it is told to.
 */
import { sleep } from '../../core/base/deadline.ts'
import { RescueError } from '../../core/base/errors.ts'
import { Grub } from './grub.ts'
import { GrubLock, type Superuser } from './grub-lock.ts'
import { PtyChannel } from './pty-channel.ts'
import { type DiskInInitramfs, Sandbox } from './sandbox.ts'
import { SimulatedLine } from './simulated-line.ts'

export type MachineState = 'off' | 'firmware' | 'grub' | 'kernel' | 'shell' | 'login' | 'emergency' | 'panic' | 'stuck'

/** A boot that ends in a shell nobody has asked for, or in a question before one. */
type ShellThere = 'emergency' | 'initramfs'

/** What this machine does in place of what it should do. */
export interface Temper {
  /** `absent`: boots at once, without a word; `mute`: nothing comes after a reset at all. */
  grub: 'menu' | 'hidden' | 'absent' | 'mute'
  /** What a kernel with `init=/bin/bash` comes to; `ignored`: it starts the system all the same; `stuck`: nothing. */
  edited: 'shell' | 'panic' | 'ignored' | 'stuck' | ShellThere
  /** What a boot without it comes to; `stuck`: the kernel's lines are the last. */
  normal: 'login' | 'panic' | 'stuck' | ShellThere
  /** What emergency mode asks for; `nothing`: root is locked; `enter-first`: for Enter, and then for the password. */
  sulogin: 'password' | 'enter' | 'enter-first' | 'nothing'
  root: DiskInInitramfs
  /** What the kernel says besides. */
  chatter: string
  kernelLine: string
  /** The reason that the edited kernel gives when it panics. */
  panic: string
  /** Whom GRUB asks for before it opens its editor; nobody when there is none. */
  superuser: Superuser | undefined
}

/** As long as Oracle's (over 400 columns), so that it wraps in GRUB's editor. */
const KERNEL_LINE = `\tlinux\t/boot/vmlinuz-6.1.0-18-amd64 root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro ${'rd.luks=0 rd.md=0 rd.dm=0 netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi '.repeat(4)}console=tty0 console=ttyS0,115200`

const PANIC = 'Attempted to kill init! exitcode=0x00007f00'

/** Many short ticks: a busy test machine delays one of them, and GRUB is still caught in the others. */
/** A hidden menu has to be opened within it, also on a busy machine. */
const COUNTDOWN = { menu: { timeout: 10, tickMs: 60 }, hidden: { timeout: 10, tickMs: 300 } }
const MOMENT_MS = 10

export class SimulatedMachine implements AsyncDisposable {
  readonly disk: Sandbox
  readonly temper: Temper = {
    grub: 'menu',
    edited: 'shell',
    normal: 'login',
    chatter: '',
    kernelLine: KERNEL_LINE,
    sulogin: 'password',
    root: 'mounted',
    panic: PANIC,
    superuser: undefined,
  }
  /** The resets from outside: a reboot typed in the shell is none. */
  resets = 0
  /** The `linux` lines that were booted. */
  readonly kernelLines: string[] = []
  /** Everything that was typed, and to whom. */
  readonly typed: { readonly to: MachineState; readonly keys: string }[] = []
  /** Told of each state as it begins. */
  onState: (state: MachineState) => void = () => undefined
  /** Told whenever keys have come. */
  onKeys: () => void = () => undefined
  readonly #watchers = new Set<() => void>()
  #state: MachineState = 'login'
  #power = new AbortController()
  #line: SimulatedLine | undefined
  #running: Promise<void> = Promise.resolve()
  #keyboard: (bytes: Uint8Array) => Promise<void> = async () => undefined

  constructor(disk = new Sandbox()) {
    this.disk = disk
  }

  get state(): MachineState {
    return this.#state
  }

  get isInUse(): boolean {
    return this.#line?.isOpen ?? false
  }

  /** The serial line, for one at a time. */
  plugIn(): SimulatedLine {
    this.#line = new SimulatedLine((bytes) => this.#type(bytes))
    return this.#line
  }

  /** The line drops; the machine does not notice. */
  pull(): void {
    this.#line?.drop()
  }

  /** Puts text on the line that no program of the machine has said. */
  say(text: string): void {
    this.#line?.say(Buffer.from(text))
  }

  reset(): void {
    this.resets += 1
    this.#powerCycle()
  }

  /** Resolves when it is, or comes, into `state`; for the next `times` times when it is asked for more than one. */
  async reaches(state: MachineState, times = 1): Promise<void> {
    if (times === 1 && this.#state === state) return
    await this.#happens(() => this.#state === state, times)
  }

  /** Resolves when keys like these are typed, before the machine gets them. */
  async hears(keys: RegExp): Promise<void> {
    await this.#happens(() => keys.test(this.typed.at(-1)?.keys ?? ''), 1)
  }

  /** Resolves when nothing of it runs any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#power.abort(new RescueError('us', 'switched-off', 'switched off'))
    this.pull()
    await this.#running
    this.disk[Symbol.dispose]()
  }

  #powerCycle(): void {
    this.#power.abort(new RescueError('us', 'power-cycle', 'the machine was reset'))
    this.#power = new AbortController()
    const { signal } = this.#power
    this.#enter('off')
    const before = this.#running
    this.#running = before.then(() => this.#boot(signal)).catch((thrown: unknown) => this.#died(thrown, signal))
  }

  async #boot(signal: AbortSignal): Promise<void> {
    if (this.temper.grub === 'mute') return
    await sleep(MOMENT_MS, signal)
    this.#enter('firmware')
    this.say('SeaBIOS (version 1.16.2-debian-1.16.2-1)\r\nBooting from Hard Disk...\r\n')
    await sleep(MOMENT_MS, signal)
    const lines =
      this.temper.grub === 'absent' ? [this.temper.kernelLine] : await this.#bootloader(this.temper.grub, signal)
    const kernelLine = lines.find((line) => line.includes('vmlinuz')) ?? ''
    this.kernelLines.push(kernelLine)
    await this.#kernel(signal)
    const edited = /\binit=\/bin\/bash\b/.test(kernelLine)
    if (edited && this.temper.edited !== 'ignored') return await this.#maintenance(this.temper.edited, signal)
    await this.#normal(signal)
  }

  /** The lines of the entry that was booted. */
  async #bootloader(style: 'menu' | 'hidden', signal: AbortSignal): Promise<readonly string[]> {
    const lines = ['\tload_video', '\tinsmod gzio', this.temper.kernelLine, '\tinitrd\t/boot/initrd.img-6.1.0-18-amd64']
    await using grub = new Grub({ entries: [{ title: 'Debian GNU/Linux', lines }], style, ...COUNTDOWN[style] })
    const lock = new GrubLock(grub, this.temper.superuser)
    this.#enter('grub', (bytes) => lock.write(bytes))
    grub.powerOn()
    let heard = ''
    while (!heard.includes('Loading Linux')) {
      const text = Buffer.from((await grub.read(signal)) ?? '').toString()
      heard = heard.slice(-100) + text
      this.say(text)
    }
    return grub.booted ?? []
  }

  async #kernel(signal: AbortSignal): Promise<void> {
    this.#enter('kernel')
    for (const line of KERNEL) {
      this.say(`${line}\r\n`)
      await sleep(MOMENT_MS, signal)
    }
    this.say(this.temper.chatter)
  }

  async #maintenance(kind: Exclude<Temper['edited'], 'ignored'>, signal: AbortSignal): Promise<void> {
    if (kind === 'stuck') return this.#enter('stuck')
    if (kind === 'panic') return this.#panic(this.temper.panic)
    if (kind === 'shell') return await this.#shell(this.disk.bash(), signal)
    await this.#there(kind, signal)
  }

  /** Until it ends, or reboots the machine. */
  async #shell(command: readonly [string, ...string[]], signal: AbortSignal): Promise<void> {
    await using bash = new PtyChannel(command, { env: this.disk.environment })
    this.#enter('shell', (bytes) => bash.write(bytes))
    for (let bytes = await bash.read(signal); bytes !== undefined; bytes = await bash.read(signal)) this.#say(bytes)
    const rebooting = await this.disk.isRebooting()
    signal.throwIfAborted()
    if (!rebooting) return this.#panic('Attempted to kill init! exitcode=0x00000000')
    this.say('[   12.345678] reboot: Restarting system\r\n')
    this.#enter('off')
    await this.#boot(signal)
  }

  async #there(kind: ShellThere, signal: AbortSignal): Promise<void> {
    if (kind === 'initramfs') return await this.#shell(this.disk.initramfs(this.temper.root), signal)
    const { sulogin } = this.temper
    const entered = Promise.withResolvers<void>()
    const keyboard = async (bytes: Uint8Array) => {
      if (Buffer.from(bytes).includes('\r')) entered.resolve()
    }
    this.#enter('emergency', keyboard)
    this.say([...EMERGENCY, ...SULOGIN[sulogin]].join('\r\n'))
    if (sulogin === 'password' || sulogin === 'nothing') return
    signal.addEventListener('abort', () => entered.reject(signal.reason), { once: true })
    await entered.promise
    // The line echoes it.
    this.say('\r\n')
    if (sulogin === 'enter') return await this.#shell(this.disk.bash(), signal)
    this.say(SULOGIN.password.join('\r\n'))
  }

  async #normal(signal: AbortSignal): Promise<void> {
    const { normal } = this.temper
    if (normal === 'panic') return this.#panic('VFS: Unable to mount root fs on unknown-block(0,0)')
    if (normal === 'emergency' || normal === 'initramfs') return await this.#there(normal, signal)
    this.#enter(normal)
    this.say(WORDS[normal])
  }

  #panic(reason: string): void {
    this.say(`[    1.234567] Kernel panic - not syncing: ${reason}\r\n[    1.234600] ---[ end Kernel panic ]---\r\n`)
    this.#enter('panic')
  }

  #enter(state: MachineState, keyboard: (bytes: Uint8Array) => Promise<void> = async () => undefined): void {
    this.#state = state
    this.#keyboard = keyboard
    this.onState(state)
    this.#look()
  }

  async #happens(look: () => boolean, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    let left = times
    const watcher = () => {
      if (look()) left -= 1
      if (left === 0) resolve()
    }
    this.#watchers.add(watcher)
    await promise
    this.#watchers.delete(watcher)
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher()
  }

  #say(bytes: Uint8Array): void {
    this.#line?.say(bytes)
  }

  #type(bytes: Uint8Array): void {
    this.typed.push({ to: this.#state, keys: Buffer.from(bytes).toString('latin1') })
    this.onKeys()
    this.#look()
    // A machine that was reset meanwhile does not hear it.
    this.#keyboard(bytes).catch(() => undefined)
  }

  #died(thrown: unknown, signal: AbortSignal): void {
    if (!signal.aborted) throw thrown
  }
}

const KERNEL = [
  '[    0.000000] Linux version 6.1.0-18-amd64 (debian-kernel@lists.debian.org)',
  '[    0.912345] sd 0:0:0:0: [sda] Attached SCSI disk',
  '[    1.101234] EXT4-fs (sda1): mounted filesystem with ordered data mode',
]
const LOGIN =
  '[  OK  ] Reached target multi-user.target - Multi-User System.\r\n\r\nDebian GNU/Linux 12 web-1 ttyS0\r\n\r\nweb-1 login: '
const EMERGENCY = [
  'You are in emergency mode. After logging in, type "journalctl -xb" to view',
  'system logs, "systemctl reboot" to reboot, "systemctl default" or "exit"',
  'to boot into default mode.',
]
/** (util-linux login-utils/sulogin.c) */
const SULOGIN = {
  password: ['Give root password for maintenance', '(or press Control-D to continue): '],
  enter: ['Press Enter for maintenance', '(or press Control-D to continue): '],
  'enter-first': ['Press Enter for maintenance', '(or press Control-D to continue): '],
  nothing: [
    '',
    'Cannot open access to console, the root account is locked.',
    'See sulogin(8) man page for more details.',
    '',
    'Press Enter to continue.',
    '',
  ],
}
const WORDS = { login: LOGIN, stuck: '' }
