/**
 * Boot loaders over a line that loses, doubles, delays and splits bytes: the right edit is booted, or nothing that was
 * edited.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Faults, FaultyChannel } from '../../test/helpers/faulty-channel.ts'
import { Grub } from '../../test/helpers/grub.ts'
import { LegacyGrub } from '../../test/helpers/grub-legacy.ts'
import { SystemdBoot } from '../../test/helpers/systemd-boot.ts'
import { RescueError } from '../base/errors.ts'
import type { Channel } from '../console/channel.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { driverFor } from './driver-for.ts'

const TOKENS = ['init=/bin/bash']
const ARGUMENTS = 'root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro crash_kexec_post_notifiers console=ttyS0,115200'
/** As long as Oracle's, so that it wraps six times. */
const KERNEL_LINE = `\tlinux\t/boot/vmlinuz-6.1.0 ${ARGUMENTS} netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi ${ARGUMENTS} ${ARGUMENTS}`
/** GRUB legacy has room for 255 columns of arguments. */
const LEGACY_LINE = `kernel /boot/vmlinuz-2.6.32 ${ARGUMENTS}`

interface Loader {
  readonly channel: Channel
  powerOn(): void
  /** What the kernel got, if one was booted. */
  booted(): string | undefined
}

interface Case {
  readonly start: () => Loader & AsyncDisposable
  readonly unedited: string
}

const CASES: Readonly<Record<string, Case>> = {
  'grub-serial': { start: () => grub('grub-serial'), unedited: KERNEL_LINE },
  'bios-console': { start: () => grub('bios-console'), unedited: KERNEL_LINE },
  'uefi-console': { start: () => grub('uefi-console'), unedited: KERNEL_LINE },
  'grub-legacy': { start: legacy, unedited: LEGACY_LINE },
  'systemd-boot': { start: systemdBoot, unedited: ARGUMENTS },
}

/** GRUB draws 600 bytes for a key: more faults of the screen than these, and none is ever whole. */
const said = fc.record({ lost: chance(0.0003), doubled: chance(0.0003), split: chance(0.01), delayed: chance(0.0005) })
const badLine: fc.Arbitrary<Faults> = fc.record({
  seed: fc.nat(),
  typed: fc.record({ lost: chance(0.03), doubled: chance(0.02), split: chance(0.02), delayed: chance(0.01) }),
  said,
})
/** An arrow is three keys, and systemd-boot’s line is walked with a hundred of them. */
const arrowsGetThrough: fc.Arbitrary<Faults> = fc.record({
  seed: fc.nat(),
  typed: fc.record({ lost: chance(0.002), doubled: chance(0.002), split: chance(0.02), delayed: chance(0.01) }),
  said,
})
const drops: fc.Arbitrary<Faults> = fc
  .integer({ min: 500, max: 30_000 })
  .map((dropsAfter) => ({ seed: dropsAfter, dropsAfter }))

it.concurrent.each([
  ['grub-serial', 'a bad line', badLine, 12],
  ['bios-console', 'a bad line', badLine, 6],
  ['uefi-console', 'a bad line', badLine, 6],
  ['grub-legacy', 'a bad line', badLine, 12],
  ['systemd-boot', 'a line that is bad for arrows', badLine, 6],
  ['systemd-boot', 'a bad line', arrowsGetThrough, 12],
  ['grub-serial', 'a line that drops', drops, 12],
  ['grub-legacy', 'a line that drops', drops, 12],
  ['systemd-boot', 'a line that drops', drops, 12],
] as const)(
  'boots what it has read back, or nothing that was edited: %s over %s',
  async (loader, line, faults, count) => {
    const { start, unedited } = CASES[loader] ?? expect.unreachable()
    const edited = `${unedited} ${TOKENS.join(' ')}`
    const runs = fc.sample(faults, count).map(async (bad) => ({ bad, ...(await bootOver(bad, start)) }))
    const ended = await Promise.all(runs)

    const right = ended.filter(({ error, booted }) => error === undefined && booted === edited)
    const honest = ended.filter(
      ({ error, booted }) => error !== undefined && [undefined, unedited, edited].includes(booted),
    )
    expect(ended.filter((one) => !right.includes(one) && !honest.includes(one))).toEqual([])
    // A driver that always gives up would be honest too.
    if (line === 'a bad line') expect(right.length).toBeGreaterThan(0)
  },
  300_000,
)

async function bootOver(bad: Faults, start: Case['start']) {
  await using loader = start()
  const signal = AbortSignal.timeout(200_000)
  await using console = new Console(new FaultyChannel(loader.channel, bad))
  let error: RescueError | undefined
  try {
    const catching = catchBootLoader(console, { appearMs: 15_000 }, signal)
    loader.powerOn()
    await driverFor(await catching).bootWithArguments(console, { tokens: TOKENS, entry: { kind: 'default' } }, signal)
  } catch (thrown) {
    if (!(thrown instanceof RescueError)) throw thrown
    error = thrown
  }
  return { error, booted: loader.booted() }
}

function grub(terminal: 'grub-serial' | 'bios-console' | 'uefi-console'): Loader & AsyncDisposable {
  const lines = ['\tload_video', '\tinsmod gzio', KERNEL_LINE, '\tinitrd\t/boot/initrd.img']
  const machine = new Grub({ entries: [{ title: 'Debian GNU/Linux', lines }], timeout: 10, tickMs: 1000, terminal })
  return {
    channel: machine,
    powerOn: () => machine.powerOn(),
    booted: () => machine.booted?.find((line) => line.includes('vmlinuz')),
    [Symbol.asyncDispose]: () => machine.close(),
  }
}

function legacy(): Loader & AsyncDisposable {
  const commands = ['root (hd0,0)', LEGACY_LINE, 'initrd /boot/initramfs-2.6.32.img']
  const entries = [
    { title: 'Oracle Linux Server (2.6.32)', commands },
    { title: 'Other', commands: ['rootnoverify (hd0)', 'chainloader +1'] },
  ]
  const machine = new LegacyGrub({ entries, timeout: 10 })
  return {
    channel: machine.line,
    powerOn: () => machine.powerOn(),
    booted: () => machine.booted?.[1],
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  }
}

function systemdBoot(): Loader & AsyncDisposable {
  const entries = [
    { title: 'Oracle Linux Server 9.4', options: ARGUMENTS },
    { title: 'Reboot Into Firmware Interface', options: '', noEditor: true },
  ]
  const machine = new SystemdBoot({ entries, timeout: 10 })
  return {
    channel: machine.line,
    powerOn: () => machine.powerOn(),
    booted: () => machine.booted?.options,
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  }
}

function chance(most: number): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: most, noNaN: true })
}
