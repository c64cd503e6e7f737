/**
 * Payloads that no button of ours has sent: replayed, altered, from elsewhere, for another plan. The bot as production runs
 * it gets them over its own socket, as it gets the good ones; each is refused, changes nothing, and is recorded.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { APPROVER, CHANNEL, OUTSIDER, REQUESTER } from '../helpers/bot.ts'
import { type AtGate, GateOffice, planOf } from '../helpers/gate-office.ts'

const HARUKA = 'U0HARUKA'
const OTHER = { id: 'C0OTHER', name: 'other', members: [APPROVER, HARUKA, REQUESTER], botIsMember: true }

const POLICY = `
rules:
  - name: two
    playbooks: all
    channels: [${CHANNEL}, ${OTHER.id}]
    request: { users: [${REQUESTER}] }
    approve: { by: { users: [${APPROVER}, ${HARUKA}] }, count: 2 }
`

let own: GateOffice
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  own = parts.use(await GateOffice.open(POLICY, [OTHER]))
})
afterAll(() => parts.disposeAsync())

interface Payload {
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

  it('does not count a second time when it is delivered again', async () => {
    const gate = await halfApproved()

    await own.office.slack.deliver(gate.replay)

    await expect.poll(() => refusals(gate)).toEqual(['already-approved'])
    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [{}], decision: undefined })
    await own.office.slack.deliver(gate.click)
    expect(await gate.passed).toBe('approved')
    await own.office.slack.deliver(gate.click)
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
    await own.office.slack.deliver(gate.click)
    await own.office.slack.deliver(gate.replay)

    await expect.poll(() => refusals(gate)).toEqual(['already-decided', 'already-decided'])
    expect(gate.worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })
    await gate.worker.append({ type: 'decided', gate: 1, planHash, decision: 'expired' })
    expect(await again).toBe('expired')
  })
})

describe('a form', () => {
  it('is refused and recorded when it names another plan or comes from elsewhere, and taken when it does not', async () => {
    const gate = await own.atGate('fsck web-1')
    const form = await own.form(APPROVER, gate.message.ts, 'deny')
    await own.person(APPROVER).submit(form.id, { reason: ' ' })
    const blank = lastPayload()
    const state = { values: { reason: { reason: { type: 'plain_text_input', value: 'Not now.' } } } }
    const filled = { ...blank, view: { ...blank.view, state } }
    const metadata = (from: string | RegExp, to: string) => {
      const changed = filled.view.private_metadata.replace(from, to)
      return { ...filled, view: { ...filled.view, private_metadata: changed } }
    }
    const forgeries = [
      [metadata(/[0-9a-f]{64}/, '0'.repeat(64)), 'forged'],
      [metadata(CHANNEL, OTHER.id), 'forged'],
      [{ ...filled, team: { id: 'T0OTHER' } }, 'forged'],
      [{ ...filled, user: { ...filled.user, id: OUTSIDER } }, 'not-an-approver'],
    ] as const
    for (const [index, [forged]] of forgeries.entries()) {
      await own.office.slack.deliver(forged)
      await expect.poll(() => refusals(gate)).toEqual(forgeries.slice(0, index + 1).map(([, why]) => why))
    }

    const before = (await own.stray()).length
    await own.office.slack.deliver(metadata(/^.*$/s, '{}'))
    const unreadable = { actor: { user: APPROVER }, rescue: null, click: { wish: 'denied', why: 'forged' } }
    await expect.poll(async () => (await own.stray()).slice(before)).toMatchObject([unreadable])

    expect(gate.worker.state.gates[1]?.decision).toBeUndefined()
    await own.office.slack.deliver(filled)
    expect(await gate.passed).toBe('denied')
    await own.person(APPROVER).closeView(form.id)
  })
})
