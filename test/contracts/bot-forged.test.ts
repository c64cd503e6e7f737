/**
 * Payloads that no button of ours has sent: replayed, altered, from elsewhere, for another plan. The bot as production runs
 * it gets them over its own socket, as it gets the good ones; each is refused, changes nothing, and is recorded. What is
 * the same in every part, as Slack delivers it again, changes nothing either, and nothing is made of it.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APPROVER, CHANNEL, OUTSIDER, REQUESTER } from '../helpers/bot.ts'
import { type AtGate, GateOffice, planOf } from '../helpers/gate-office.ts'

const HARUKA = 'U0HARUKA'
const LEAST_REASON = 30
const OTHER = { id: 'C0OTHER', name: 'other', members: [APPROVER, HARUKA, REQUESTER], botIsMember: true }

const POLICY = `
rules:
  - name: two
    playbooks: all
    channels: [${CHANNEL}, ${OTHER.id}]
    request: { users: [${REQUESTER}] }
    approve:
      by: { users: [${APPROVER}, ${HARUKA}] }
      count: 2
      break-glass: { users: [${OUTSIDER}], reason: ${LEAST_REASON} }
`

let own: GateOffice
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  own = parts.use(await GateOffice.open(POLICY, [OTHER]))
})
afterAll(() => parts.disposeAsync())

interface Payload {
  trigger_id: string
  user: { id: string; team_id: string }
  team: { id: string }
  channel: { id: string }
  container: { channel_id: string; message_ts: string }
  message: { ts: string }
  actions: { action_id: string; value: string }[]
  view: { private_metadata: string }
}

/** As the app got it last, to be altered. */
function lastPayload(): Payload {
  return structuredClone(own.office.slack.lastInteraction()) as Payload
}

/** A gate that one has approved, and that click as if it came of the other who may. */
async function halfApproved(): Promise<AtGate & { readonly replay: Payload; readonly click: Payload }> {
  const gate = await own.atGate('fsck web-1')
  await own.person(HARUKA).click(CHANNEL, gate.message.ts, 'approve')
  await gate.worker.until(({ gates }) => gates[1]?.approvals[0])
  const replay = lastPayload()
  return { ...gate, replay, click: { ...replay, user: { ...replay.user, id: APPROVER } } }
}

async function refusals({ rescue }: { readonly rescue: string }): Promise<readonly string[]> {
  const { entries } = await own.office.log.read(rescue, 0)
  return entries.flatMap(({ event }) => (event.type === 'refused-click' ? event.click.why : []))
}

const value = (click: Payload) => click.actions[0]?.value ?? ''

function altered(click: Payload, change: (parts: string[]) => readonly string[]): Payload {
  const [action] = click.actions
  if (action === undefined) throw new Error('no action')
  return { ...click, actions: [{ ...action, value: change(value(click).split(':')).join(':') }] }
}

/** The same once more, as if it had been pressed or sent again. */
function resent(click: Payload): Payload {
  return { ...click, trigger_id: `${click.trigger_id.slice(0, -12)}${randomUUID().slice(-12)}` }
}

describe('a click', () => {
  it('counts when nothing about it was altered: the others below differ from it in one thing each', async () => {
    const { click, passed } = await halfApproved()

    await own.office.slack.deliver(click)

    expect(await passed).toBe('approved')
  })

  it('is refused and recorded when anything about it is another: plan, gate, opening, channel, workspace', async () => {
    const gate = await halfApproved()
    const forgeries: readonly ((click: Payload) => Payload)[] = [
      (click) => altered(click, ([rescue = '', number = '', , seq = '']) => [rescue, number, 'f'.repeat(64), seq]),
      (click) => altered(click, ([rescue = '', , hash = '', seq = '']) => [rescue, '2', hash, seq]),
      (click) => altered(click, ([rescue = '', number = '', hash = '']) => [rescue, number, hash, '1']),
      (click) => ({ ...click, channel: { id: OTHER.id } }),
      (click) => ({ ...click, team: { id: 'T0OTHER' } }),
      // Somebody of a connected workspace whose user id is the same.
      (click) => ({ ...click, user: { ...click.user, team_id: 'T0OTHER' } }),
    ]
    for (const [index, forge] of forgeries.entries()) {
      await own.office.slack.deliver(forge(gate.click))
      await expect.poll(() => refusals(gate), { message: `forgery ${index}` }).toEqual(Array(index + 1).fill('forged'))
    }

    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [{ by: { user: HARUKA } }], decision: undefined })
    // The gate still takes the real one.
    await own.person(APPROVER).click(CHANNEL, gate.message.ts, 'approve')
    expect(await gate.passed).toBe('approved')
  })

  it('is refused and recorded beside the logs when its value names nothing of ours', async () => {
    const gate = await halfApproved()
    const before = (await own.stray()).length
    const forgeries: readonly ((parts: string[]) => readonly string[])[] = [
      () => [],
      (all) => [...all, 'x'],
      ([rescue = '', number = '', , seq = '']) => [rescue, number, 'x', seq],
      ([, ...rest]) => ['R-000000', ...rest],
    ]
    for (const forge of forgeries) await own.office.slack.deliver(altered(gate.click, forge))

    const forged = { actor: { user: APPROVER }, from: { channel: CHANNEL }, click: { wish: 'approved', why: 'forged' } }
    await expect.poll(async () => (await own.stray()).slice(before)).toMatchObject(Array(4).fill(forged))
    expect(gate.worker.state.gates[1]?.approvals).toHaveLength(1)
    expect((await own.office.log.read('R-000000', 0)).entries).toEqual([])
    await own.office.slack.deliver(gate.click)
    expect(await gate.passed).toBe('approved')
  })

  it('has no effect when it is delivered again, and is refused and recorded when it comes as another one', async () => {
    const gate = await halfApproved()

    await own.office.slack.deliver(gate.replay)
    await own.office.slack.deliver(resent(gate.replay))

    await expect.poll(() => refusals(gate)).toEqual(['already-approved'])
    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [{}], decision: undefined })
    await own.office.slack.deliver(gate.click)
    expect(await gate.passed).toBe('approved')
    await own.office.slack.deliver(gate.click)
    await own.office.slack.deliver(resent(gate.click))
    await expect.poll(() => refusals(gate)).toEqual(['already-approved', 'already-decided'])
  })

  it('does not count for another rescue, nor for the same plan when that is shown again', async () => {
    const gate = await halfApproved()
    const other = await own.atGate('fsck web-1')
    await own.office.slack.deliver(altered(gate.click, ([, ...rest]) => [other.rescue, ...rest]))
    await expect.poll(() => refusals(other)).toEqual(['forged'])
    await other.worker.append({
      type: 'decided',
      gate: 1,
      planHash: other.worker.state.gates[1]?.planHash ?? '',
      decision: 'expired',
    })
    expect(await other.passed).toBe('expired')
    await own.office.slack.deliver(gate.click)
    expect(await gate.passed).toBe('approved')

    const again = gate.worker.gate(planOf(gate.worker))
    const { planHash } = await gate.worker.until(({ gates }) =>
      gates[1]?.terms && !gates[1].decision ? gates[1] : undefined,
    )
    expect(value(gate.click)).toContain(planHash)
    for (const click of [gate.click, gate.replay]) {
      await own.office.slack.deliver(click)
      await own.office.slack.deliver(resent(click))
    }

    await expect.poll(() => refusals(gate)).toEqual(['already-decided', 'already-decided'])
    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })
    await gate.worker.append({ type: 'decided', gate: 1, planHash, decision: 'expired' })
    expect(await again).toBe('expired')
  })
})

interface Filled {
  /** Nothing about it was altered. */
  readonly good: Payload
  readonly withMetadata: (from: string | RegExp, to: string) => Payload
  readonly close: () => Promise<void>
}

/** A form that was opened and not taken yet, with a reason as good as any. */
async function filled({ message }: AtGate, user: string, action: string): Promise<Filled> {
  const form = await own.form(user, message.ts, action)
  await own.person(user).submit(form.id, { reason: ' '.repeat(LEAST_REASON) })
  const blank = lastPayload()
  const value = 'Payments are down, and nobody else answers.'
  const state = { values: { reason: { reason: { type: 'plain_text_input', value } } } }
  const good = { ...blank, view: { ...blank.view, state } }
  return {
    good,
    withMetadata: (from, to) => {
      const metadata = good.view.private_metadata.replace(from, to)
      if (metadata === good.view.private_metadata) throw new Error(`${from} is not in it`)
      return { ...good, view: { ...good.view, private_metadata: metadata } }
    },
    close: () => own.person(user).closeView(form.id),
  }
}

/** `other`: whom the policy gives no such form. */
const FORMS = [
  {
    form: 'to deny',
    user: APPROVER,
    action: 'deny',
    wish: 'denied',
    decided: 'denied',
    other: [OUTSIDER, 'not-an-approver'],
  },
  {
    form: 'to break the glass',
    user: OUTSIDER,
    action: 'break-glass',
    wish: 'broke-glass',
    decided: 'approved',
    other: [APPROVER, 'may-not-break-glass'],
  },
] as const

describe.each(FORMS)('a form $form', ({ user, action, wish, decided, other: [otherUser, otherWhy] }) => {
  it('is refused and recorded when anything about it is another, and taken when nothing is', async () => {
    const gate = await own.atGate('fsck web-1')
    const { good, withMetadata, close } = await filled(gate, user, action)
    const forgeries = [
      [withMetadata(/[0-9a-f]{64}/, '0'.repeat(64)), 'forged'],
      [withMetadata(/:1:/, ':2:'), 'forged'],
      [withMetadata(/:\d+ /, ':1 '), 'forged'],
      [withMetadata(CHANNEL, OTHER.id), 'forged'],
      [{ ...good, team: { id: 'T0OTHER' } }, 'forged'],
      [{ ...good, user: { ...good.user, team_id: 'T0OTHER' } }, 'forged'],
      [{ ...good, user: { ...good.user, id: otherUser } }, otherWhy],
    ] as const
    for (const [index, [forged]] of forgeries.entries()) {
      await own.office.slack.deliver(forged)
      await expect.poll(() => refusals(gate)).toEqual(forgeries.slice(0, index + 1).map(([, why]) => why))
    }

    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })
    await own.office.slack.deliver(good)
    expect(await gate.passed).toBe(decided)
    await close()
  })

  it('is refused and recorded beside the logs when it names nothing of ours', async () => {
    const gate = await own.atGate('fsck web-1')
    const { good, withMetadata, close } = await filled(gate, user, action)
    const before = (await own.stray()).length
    const forgeries = [
      withMetadata(/^.*$/s, '{}'),
      withMetadata(/$/, ' more'),
      withMetadata(CHANNEL, 'C'.repeat(2000)),
      withMetadata(/[\d.]+$/, 'x'),
      withMetadata(gate.rescue, 'R-000000'),
    ]
    for (const forged of forgeries) await own.office.slack.deliver(forged)

    const forged = { actor: { user }, click: { wish, why: 'forged' } }
    await expect.poll(async () => (await own.stray()).slice(before)).toMatchObject(Array(5).fill(forged))
    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })
    expect((await own.office.log.read('R-000000', 0)).entries).toEqual([])
    await own.office.slack.deliver(good)
    expect(await gate.passed).toBe(decided)
    await close()
  })

  it('counts for its own gate alone, and once', async () => {
    const gate = await own.atGate('fsck web-1')
    const { good, withMetadata, close } = await filled(gate, user, action)
    const other = await own.atGate('fsck web-1')
    await own.office.slack.deliver(withMetadata(gate.rescue, other.rescue))
    await expect.poll(() => refusals(other)).toEqual(['forged'])
    expect(other.worker.state.gates[1]?.decision).toBeUndefined()

    await own.office.slack.deliver(good)
    expect(await gate.passed).toBe(decided)
    const again = gate.worker.gate(planOf(gate.worker))
    const { planHash } = await gate.worker.until(({ gates }) =>
      gates[1]?.terms && !gates[1].decision ? gates[1] : undefined,
    )
    expect(good.view.private_metadata).toContain(planHash)
    await own.office.slack.deliver(good)
    await own.office.slack.deliver(resent(good))

    await expect.poll(() => refusals(gate)).toEqual(['already-decided'])
    expect(gate.worker.state.gates[1]?.decision).toBeUndefined()
    for (const { worker } of [gate, other])
      await worker.append({
        type: 'decided',
        gate: 1,
        planHash: worker.state.gates[1]?.planHash ?? '',
        decision: 'expired',
      })
    expect(await Promise.all([again, other.passed])).toEqual(['expired', 'expired'])
    await close()
  })
})

it('does not let whoever may only deny break the glass with that form', async () => {
  const gate = await own.atGate('fsck web-1')
  const { good, close } = await filled(gate, APPROVER, 'deny')
  await own.office.slack.deliver({ ...good, view: { ...good.view, callback_id: 'break-glass' } })

  await expect.poll(() => refusals(gate)).toEqual(['may-not-break-glass'])
  expect(gate.worker.state.gates[1]?.decision).toBeUndefined()
  await own.office.slack.deliver(good)
  expect(await gate.passed).toBe('denied')
  await close()
})
