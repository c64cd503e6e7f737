import { describe, expect, it } from 'vitest'
import type { RequestVerdict, Wish } from '../core/approvals/verdicts.ts'
import { PlaybookRequest } from '../core/record/playbooks.ts'
import { offerTo } from './offer.ts'

const RIYA = { kind: 'person', enterprise: null, team: 'T1', user: 'U0RIYA' } as const

function offered(channels: readonly string[], verdict: (wish: Wish) => RequestVerdict) {
  return offerTo({ mayStart: async (_, wish) => verdict(wish) }, RIYA, channels)
}

describe('what is offered', () => {
  it('is what may be asked for, by channel', async () => {
    const mayStart = ({ playbooks, channel }: Wish): RequestVerdict =>
      playbooks.every((name) => name === 'reboot' || (name === 'shell' && channel === 'C0OPS')) ? 'allowed' : 'no-rule'

    expect(await offered(['C0SANDBOX', 'C0OPS'], mayStart)).toEqual({
      kind: 'offered',
      offer: { C0SANDBOX: ['reboot', 'reboot-hard'], C0OPS: ['shell', 'reboot', 'reboot-hard'] },
    })
  })

  it('has no channel in which nothing may be asked for', async () => {
    const mayStart = ({ channel }: Wish): RequestVerdict => (channel === 'C0OPS' ? 'allowed' : 'not-a-requester')
    const { offer = {} } = { offer: undefined, ...(await offered(['C0SANDBOX', 'C0OPS'], mayStart)) }
    expect(Object.keys(offer)).toEqual(['C0OPS'])
  })

  it('is never nothing for whoever may ask for anything', async () => {
    // The two are parts of others, and are not asked for.
    const askable = PlaybookRequest.options
      .map(({ shape }) => shape.name.value)
      .filter((name) => name !== 'repair' && name !== 'default-kernel')
    for (const name of askable) {
      const mayStart = ({ playbooks }: Wish): RequestVerdict => (playbooks.includes(name) ? 'allowed' : 'no-rule')
      expect(await offered(['C0OPS'], mayStart), name).toMatchObject({ kind: 'offered' })
    }
  })

  it('is nothing for a reason that speaks of the person, if there is one', async () => {
    const mayStart = ({ playbooks }: Wish): RequestVerdict =>
      playbooks.includes('history') ? 'not-a-requester' : 'no-rule'
    expect(await offered(['C0OPS'], mayStart)).toEqual({ kind: 'refused', verdict: 'not-a-requester' })
    expect(await offered(['C0OPS'], () => 'no-rule')).toEqual({ kind: 'refused', verdict: 'no-rule' })
    expect(await offered(['C0OPS'], () => 'wrong-channel')).toEqual({ kind: 'refused', verdict: 'wrong-channel' })
    expect(await offered([], () => 'allowed')).toEqual({ kind: 'refused', verdict: 'wrong-channel' })
  })
})
