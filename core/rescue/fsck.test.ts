/** A damaged file system, from gate 1 to the login prompt: what may lose data has a gate of its own, after another boot. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const IMAGE = '/var/data.img'
const log = useLog()

/** What it mends stands in memory, for the root file system is read-only meanwhile. With `-p` it gives up. */
const E2FSCK = `#!/bin/sh
echo "$*" >>/run/e2fsck
case "$*" in
  -fn*) [ -e /run/mended ] && exit 0; echo "Clone multiply-claimed blocks? no"; exit 4;;
  *-p*) echo "UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY."; exit 4;;
  *-y*) : >/run/mended; echo "FILE SYSTEM WAS MODIFIED"; exit 1;;
esac
`
const BLKID = `#!/bin/sh\necho DEVNAME=${IMAGE}\necho UUID=bb\necho TYPE=ext4\n`

const DISK = `: >${IMAGE}
cat >/usr/sbin/e2fsck <<'END'\n${E2FSCK}END
cat >/usr/sbin/blkid <<'END'\n${BLKID}END
chmod +x /usr/sbin/e2fsck /usr/sbin/blkid`

async function damaged(): Promise<SimulatedRescue> {
  return await SimulatedRescue.requested(log(), { playbook: { name: 'fsck', only: [IMAGE] }, disk: DISK })
}

describe.runIf(canHaveSandbox)('a damaged file system', () => {
  it('is mended in two rounds, each approved, with a boot after each', async () => {
    await using own = await damaged()
    const worker = own.startWorker()
    await own.approve(1)
    await own.approve(2)
    const first = (await own.state()).gates[2]?.planHash
    const second = await own.until(({ gates, ended }) => (gates[2]?.planHash === first ? ended : gates[2]))
    await own.approve(2)
    await worker.done

    expect(second).toMatchObject({ plan: { changes: [{ command: [expect.anything(), '-f', '-y', IMAGE] }] } })
    expect(await own.ended()).toMatchObject({ outcome: 'recovered', code: 'repaired', machine: 'up' })
    expect(await own.machine.disk.given('cat /run/e2fsck')).toBe(
      [`-fn ${IMAGE}`, `-f -p ${IMAGE}`, `-fn ${IMAGE}`, `-f -y ${IMAGE}`, `-fn ${IMAGE}`, ''].join('\n'),
    )
    expect(own.machine.resets).toBe(3)
    // A check in the initramfs would not let a damaged root file system pass.
    const skips = own.machine.kernelLines.map((line) => line.includes('init=/bin/bash fsck.mode=skip'))
    expect(skips).toEqual([true, true, true, false])
    expect(await own.leftovers()).toEqual([])
  })

  it('stays as it is when what may lose data is denied', async () => {
    await using own = await damaged()
    const worker = own.startWorker()
    await own.approve(1)
    await own.approve(2)
    const first = (await own.state()).gates[2]?.planHash
    await own.until(({ gates, ended }) => (gates[2]?.planHash === first ? ended : gates[2]))
    await own.decide(2, 'denied')
    await worker.done

    expect(await own.ended()).toMatchObject({ outcome: 'denied', machine: 'up' })
    expect(await own.machine.disk.given('cat /run/e2fsck')).not.toContain('-y')
    expect(await own.leftovers()).toEqual([])
  })
})
