/** A system from before /bin became a part of /usr: that is a file system of its own, which the initramfs did not mount. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox, Sandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

describe.runIf(canHaveSandbox)('a /usr of its own', () => {
  it('is mounted as fstab says, and then the shell has all its tools', async () => {
    await using own = await SimulatedRescue.requested(log(), { sandbox: new Sandbox('apart') })

    expect(await own.run()).toMatchObject({ outcome: 'recovered', machine: 'up' })

    expect(await own.keys()).toBe(`${own.newKey}\n`)
    expect((await own.events('noticed')).filter(({ code }) => code.startsWith('lacks-'))).toEqual([])
    expect(await own.leftovers()).toEqual([])
  })

  it('that cannot be mounted is named, and nothing is changed', async () => {
    const disk = 'sed -i "s|^/opt/usr|/opt/gone|" /etc/fstab'
    await using own = await SimulatedRescue.requested(log(), { sandbox: new Sandbox('apart'), disk })
    const before = await own.home()

    expect(await own.run()).toMatchObject({
      outcome: 'failed',
      code: 'not-mounted',
      details: { mountPoint: '/usr', said: expect.stringContaining('/opt/gone') },
      changed: [],
    })
    expect(await own.home()).toBe(before)
  })
})
