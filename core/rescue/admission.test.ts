/** The policy is asked again once the instance is known. No machine is needed for it. */
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'
import type { RescueEvent } from '../record/events.ts'
import { RescueLog } from '../record/rescue-log.ts'

const log = useLog()

/** Answers as the bot does, once the instance is known. */
async function answer(own: SimulatedRescue, event: RescueEvent): Promise<void> {
  await own.until(({ instance }) => instance)
  const bot = new RescueLog(log(), own.id, () => new Date())
  await bot.record({ actor: { kind: 'policy' }, epoch: null }, () => event)
}

describe.runIf(canHaveSandbox).concurrent('a request that the policy judges by its instance', () => {
  it('waits for that, and goes on when it is admitted', async () => {
    await using own = await SimulatedRescue.requested(log(), { conditional: true })
    own.startWorker()
    await own.until(({ instance }) => instance)
    expect((await own.state()).gates[1]).toBeUndefined()

    await answer(own, { type: 'admitted', rule: 'prod' })

    expect((await own.until(({ gates }) => gates[1])).plan.instance.id).toBe(own.instance.id)
  })

  it.each(['no-rule', 'several-rules', 'not-a-requester'] as const)(
    'ends untouched when it is not: %s',
    async (why) => {
      await using own = await SimulatedRescue.requested(log(), { conditional: true })
      const { done } = own.startWorker()

      await answer(own, { type: 'turned-away', why })
      await done

      expect(await own.ended()).toMatchObject({ outcome: 'denied', code: `policy-${why}`, machine: 'untouched' })
      expect(own.cloud.asked).toEqual(['findInstances'])
      expect(await log().lockedBy(own.instance.id)).toBeUndefined()
    },
  )

  it('holds back what has no gate, too: nothing is read of an instance that is not theirs', async () => {
    await using own = await SimulatedRescue.requested(log(), { conditional: true, playbook: { name: 'history' } })
    const { done } = own.startWorker()

    await answer(own, { type: 'turned-away', why: 'not-a-requester' })
    await done

    expect(own.cloud.asked).toEqual(['findInstances'])
  })

  it('ends when nobody answers', async () => {
    await using own = await SimulatedRescue.requested(log(), { conditional: true, settings: { gate1ExpiryMs: 50 } })

    await own.startWorker().done

    expect(await own.ended()).toMatchObject({ outcome: 'failed', code: 'not-admitted', machine: 'untouched' })
  })
})
