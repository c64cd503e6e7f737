/**
 * KVM when it works here, else TCG, QEMU's emulation. That /dev/kvm can be opened
 * proves little: inside some virtual machines QEMU dies of it, or the guest runs a
 * hundred times slower than emulated. So a small program is booted on the very
 * machine our guests get; it has to wait for the timer, count, and then speak.
 */
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { runCommand } from '../commands.ts'
import { startProcess } from '../processes.ts'

export type Acceleration = 'kvm' | 'tcg'

/**
 * How long the probe may take, in ms. Emulation needs half a second for it, a KVM that
 * deserves the name less; one that takes longer than this would only slow the guest down.
 */
const PATIENCE_MS = 3000
const GREETING = 'the guest lives'

/**
 * The answer of the probe is kept in `cache` for as long as this machine runs with
 * this QEMU; a reboot or an upgrade asks again.
 */
export async function chooseAcceleration(cache: string, signal: AbortSignal): Promise<Acceleration> {
  if (!(await mayUseKvm())) return 'tcg'
  const file = join(cache, 'acceleration.json')
  const host = await hostFacts(signal)
  const known = await readAnswer(file)
  if (known?.host === host) return known.acceleration
  const acceleration = (await bootsUnder('kvm', signal)) ? 'kvm' : 'tcg'
  await writeAnswer(cache, file, { host, acceleration })
  return acceleration
}

/** Whether a guest under this accelerator gets as far as hearing its timer and using its serial line. */
export async function bootsUnder(acceleration: Acceleration, signal: AbortSignal): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-probe-'))
  try {
    const disk = join(folder, 'disk')
    await writeFile(disk, probeDisk())
    const heard = Promise.withResolvers<boolean>()
    await using guest = await startProcess({
      name: `probe of ${acceleration}`,
      command: 'qemu-system-x86_64',
      args: [
        ...['-nodefaults', '-no-user-config', ...accelerationArguments(acceleration), '-m', '16'],
        ...['-machine', 'pc', '-vga', 'std', '-display', 'none', '-serial', 'stdio'],
        ...['-drive', `file=${disk},format=raw,if=ide`],
      ],
      // It has nothing to say goodbye to.
      graceMs: 500,
      onLine: (line) => line.includes(GREETING) && heard.resolve(true),
    })
    const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])
    limit.addEventListener('abort', () => heard.resolve(false), { once: true })
    void guest.exited.then(() => heard.resolve(false))
    const lives = await heard.promise
    signal.throwIfAborted()
    return lives
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function accelerationArguments(acceleration: Acceleration): readonly string[] {
  return [
    ...['-accel', acceleration === 'kvm' ? 'kvm' : 'tcg,thread=multi'],
    ...['-cpu', acceleration === 'kvm' ? 'host' : 'max'],
    // Two processors: under TCG a boot takes a quarter less time than with one.
    ...['-smp', '2'],
  ]
}

/** A boot sector: five ticks of the timer, twenty million steps, the greeting on the first serial port, rest. */
function probeDisk(): Buffer {
  const program = [
    ...[0xfc, 0x31, 0xc0, 0x8e, 0xd8, 0xfb], // cld; xor ax,ax; mov ds,ax; sti
    ...[0xb9, 0x05, 0x00, 0xf4, 0xe2, 0xfd], // mov cx,5; tick: hlt; loop tick
    ...[0x66, 0xb9, 0x00, 0x2d, 0x31, 0x01], // mov ecx,20000000
    ...[0x66, 0x49, 0x75, 0xfc], // count: dec ecx; jnz count
    ...[0xbe, 0x27, 0x7c, 0xac, 0x84, 0xc0], // mov si,greeting; next: lodsb; test al,al
    ...[0x74, 0x06, 0xba, 0xf8, 0x03, 0xee], // jz rest; mov dx,0x3f8; out dx,al
    ...[0xeb, 0xf5, 0xf4, 0xeb, 0xfd], // jmp next; rest: hlt; jmp rest
  ]
  // 64 KiB: more than the sector, for firmware that refuses a disk smaller than one track.
  const disk = Buffer.alloc(64 << 10)
  disk.set(program, 0)
  disk.write(`${GREETING}\r\n\0`, program.length, 'latin1')
  disk.writeUInt16LE(0xaa55, 510)
  return disk
}

async function mayUseKvm(): Promise<boolean> {
  return access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  )
}

async function hostFacts(signal: AbortSignal): Promise<string> {
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
  const version = await runCommand('qemu-system-x86_64', ['--version'], {}, signal)
  return `${bootId.trim()} ${version.split('\n')[0]}`
}

const Answer = z.object({ host: z.string(), acceleration: z.enum(['kvm', 'tcg']) })
type Answer = z.infer<typeof Answer>

/** Undefined when there is none, or none that can be read: then the probe is made again. */
async function readAnswer(file: string): Promise<Answer | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return Answer.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

async function writeAnswer(cache: string, file: string, answer: Answer): Promise<void> {
  await mkdir(cache, { recursive: true })
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, JSON.stringify(answer))
  await rename(fresh, file)
}
