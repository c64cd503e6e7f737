/** GRUB over a line that loses, doubles, delays and splits bytes: the right edit is booted, or nothing that was edited. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Faults, FaultyChannel } from '../../test/helpers/faulty-channel.ts'
import { Grub } from '../../test/helpers/grub.ts'
import { RescueError } from '../base/errors.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { grub2 } from './grub2.ts'

const TOKENS = ['init=/bin/bash']
const ARGUMENTS = 'root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro crash_kexec_post_notifiers console=ttyS0,115200'
/** As long as Oracle's, so that it wraps six times. */
const KERNEL_LINE = `\tlinux\t/boot/vmlinuz-6.1.0 ${ARGUMENTS} netroot=iscsi:169.254.0.2:::1:iqn.2015-02.oracle.boot:uefi ${ARGUMENTS} ${ARGUMENTS}`

const badLine: fc.Arbitrary<Faults> = fc.record({
  seed: fc.nat(),
  typed: fc.record({ lost: chance(0.03), doubled: chance(0.02), split: chance(0.02), delayed: chance(0.01) }),
  // GRUB draws 600 bytes for a key: more faults than this, and no screen is ever whole.
  said: fc.record({ lost: chance(0.0003), doubled: chance(0.0003), split: chance(0.01), delayed: chance(0.0005) }),
})
const drops: fc.Arbitrary<Faults> = fc
  .integer({ min: 500, max: 30_000 })
  .map((dropsAfter) => ({ seed: dropsAfter, dropsAfter }))

it.concurrent.each([
  ['grub-serial', 'a bad line', badLine, 12],
  ['bios-console', 'a bad line', badLine, 6],
  ['uefi-console', 'a bad line', badLine, 6],
  ['grub-serial', 'a line that drops', drops, 12],
] as const)(
  'boots what it has read back, or nothing that was edited: %s over %s',
  async (terminal, _, bad, count) => {
    const runs = fc.sample(bad, count).map(async (line) => ({ line, ...(await bootOver(line, terminal)) }))
    const ended = await Promise.all(runs)

    const right = ended.filter(({ error, kernelLine }) => error === undefined && kernelLine === edited())
    const honest = ended.filter(
      ({ error, kernelLine }) => error !== undefined && [undefined, KERNEL_LINE, edited()].includes(kernelLine),
    )
    expect(ended.filter((one) => !right.includes(one) && !honest.includes(one))).toEqual([])
    // A driver that always gives up would be honest too.
    if (bad === badLine) expect(right.length).toBeGreaterThan(0)
  },
  300_000,
)

function edited(): string {
  return `${KERNEL_LINE} ${TOKENS.join(' ')}`
}

async function bootOver(bad: Faults, terminal: 'grub-serial' | 'bios-console' | 'uefi-console') {
  const lines = ['\tload_video', '\tinsmod gzio', KERNEL_LINE, '\tinitrd\t/boot/initrd.img']
  const grub = new Grub({ entries: [{ title: 'Debian GNU/Linux', lines }], timeout: 10, tickMs: 1000, terminal })
  const signal = AbortSignal.timeout(200_000)
  await using console = new Console(new FaultyChannel(grub, bad))
  let error: RescueError | undefined
  try {
    const caught = catchBootLoader(console, { appearMs: 15_000 }, signal)
    grub.powerOn()
    await caught
    await grub2.bootWithArguments(console, { tokens: TOKENS, entry: { kind: 'default' } }, signal)
  } catch (thrown) {
    if (!(thrown instanceof RescueError)) throw thrown
    error = thrown
  }
  return { error, kernelLine: grub.booted?.find((line) => line.includes('vmlinuz')) }
}

function chance(most: number): fc.Arbitrary<number> {
  return fc.double({ min: 0, max: most, noNaN: true })
}
