/** Approvals by a policy file: the bot as production runs it, against Slack's rules and a real Redis. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { says } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, OUTSIDER, REQUESTER } from '../helpers/bot.ts'
import { GateOffice, planOf } from '../helpers/gate-office.ts'
import { INSTANCE, ScriptedWorker } from '../helpers/scripted-rescue.ts'

const HARUKA = 'U0HARUKA'
const GROUP = 'S0APPROVERS'

const AUDIT = { id: 'C0AUDIT', name: 'audit', members: [HARUKA], botIsMember: true }

const POLICY = `
audit: { channel: ${AUDIT.id}, mention: ${HARUKA} }
reminders: [50%]
rules:
  - name: two leads
    playbooks: [fsck]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { groups: [${GROUP}] }, count: 2 }
  - name: in an emergency
    playbooks: [unlock]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve:
      by: { users: [${APPROVER}, ${HARUKA}] }
      count: 2
      break-glass: { requester: true, groups: [S0GONE], reason: 30 }
  - name: soon over
    playbooks: [sshd]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { users: [${APPROVER}, ${HARUKA}] }, count: 2, expires: 14s }
  - name: not theirs
    playbooks: [history, fstab]
    channels: [${CHANNEL}]
    tags: { env: prod }
    request: { users: [${OUTSIDER}] }
    approve: { by: { users: [${APPROVER}] } }
  - name: one of us
    playbooks: [fstab, history, sudoers]
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { members-of: [${CHANNEL}] } }
`

let own: GateOffice
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  own = parts.use(await GateOffice.open(POLICY, [AUDIT]))
})
afterAll(() => parts.disposeAsync())

const office = () => own.office
const click = (user: string, ts: string, action = 'approve') => own.person(user).click(CHANNEL, ts, action)

describe('a gate that two have to approve', () => {
  it('takes two people of the group, each once, and shows who and when', async () => {
    const { card, message, passed, worker } = await own.atGate('fsck web-1 — it hangs since the power cut')
    expect(says(message, '“it hangs since the power cut”')).toBe(true)
    expect(says(message, '*2 people* must approve.')).toBe(true)
    expect(says(message, `<!subteam^${GROUP}>`)).toBe(true)

    await click(APPROVER, message.ts)
    await own.reply(card, `Approved so far: <@${APPROVER}>`)
    await own.reply(card, `<@${APPROVER}> approved it: 1 of 2.`)
    await click(APPROVER, message.ts)
    await own.whispered(APPROVER, 'You have approved this already')
    await click(REQUESTER, message.ts)
    await own.whispered(REQUESTER, 'not on the list of people who may approve')
    await click(OUTSIDER, message.ts)
    await own.whispered(OUTSIDER, 'not on the list of people who may approve')
    expect(worker.state.gates[1]?.decision).toBeUndefined()
    await click(HARUKA, message.ts)

    expect(await passed).toBe('approved')
    await own.reply(card, new RegExp(`Approved by <@${APPROVER}> .*, <@${HARUKA}> `))
    expect(worker.state.gates[1]).toMatchObject({ terms: { rule: 'two leads', count: 2 } })
  })

  it('asks who is in the group at the click, not when the message was posted', async () => {
    const { message, passed, worker } = await own.atGate('fsck web-1')
    own.office.slack.regroup(GROUP, [OUTSIDER])
    try {
      // An answer of Slack's is good for seconds.
      await own.restart()
      await click(APPROVER, message.ts)
      await click(OUTSIDER, message.ts)
      expect((await worker.until(({ gates }) => gates[1]?.approvals[0])).by).toMatchObject({ user: OUTSIDER })
      expect(worker.state.gates[1]?.approvals).toHaveLength(1)
    } finally {
      own.office.slack.regroup(GROUP, [APPROVER, HARUKA])
    }
    await own.restart()
    const form = await own.form(HARUKA, message.ts, 'deny')
    await own.person(HARUKA).submit(form.id, { reason: 'Not now.' })
    expect(await passed).toBe('denied')
  })

  it('changes nothing while Slack does not say who is in the group, and says so', async () => {
    const { message, worker, passed } = await own.atGate('fsck web-1')
    await own.restart()
    own.office.slack.failing('usergroups.users.list', 'internal_error')
    await click(APPROVER, message.ts)
    await own.whispered(APPROVER, 'Slack did not tell in time who is in the groups')
    expect(worker.state.gates[1]).toMatchObject({ approvals: [], decision: undefined })

    // Whoever asked can always deny and end it.
    const form = await own.form(REQUESTER, message.ts, 'deny')
    await own.person(REQUESTER).submit(form.id, { reason: 'It came up by itself.' })
    expect(await passed).toBe('denied')
    await own.person(REQUESTER).command(CHANNEL, `/oci-rescue stop ${worker.rescue}`)
    await worker.until(({ stopRequested }) => stopRequested)
    own.office.slack.failing('usergroups.users.list', undefined)
  })

  it('begins anew when the plan changes: what was said about the old one is void, and says so', async () => {
    const { card, message, worker, passed } = await own.atGate('fsck web-1')
    await click(APPROVER, message.ts)
    await own.reply(card, 'Approved so far')

    const changed = { ...planOf(worker), request: { name: 'fsck' as const, only: ['/dev/sdb'] } }
    const again = worker.gate(changed)
    const old = expect(passed).rejects.toMatchObject({ code: 'plan-changed' })
    const second = await own.reply(card, '/dev/sdb')
    await own.reply(card, `*the approval by <@${APPROVER}>`)
    await click(HARUKA, second.ts)
    expect((await worker.until(({ gates }) => gates[1]?.approvals[0])).by).toMatchObject({ user: HARUKA })
    await click(APPROVER, second.ts)

    expect(await again).toBe('approved')
    await old
  })
})

describe('a click that is refused', () => {
  it('is answered privately, changes nothing, and stands in the log: late, double, without leave, of one’s own', async () => {
    const { card, rescue, message, passed, worker } = await own.atGate('fsck web-1')
    await click(OUTSIDER, message.ts)
    await own.reply(card, '"action_id":"approve"')
    await click(APPROVER, message.ts)
    await own.reply(card, 'Approved so far')
    await click(APPROVER, message.ts)
    await click(HARUKA, message.ts)
    expect(await passed).toBe('approved')
    await worker.append({ type: 'phase-began', phase: 'connect' })

    const { ts } = message
    const refused = async () =>
      (await office().log.read(rescue, 0)).entries.filter(({ event }) => event.type === 'refused-click')
    await expect.poll(async () => (await refused()).length).toBe(2)
    expect(await refused()).toMatchObject([
      {
        actor: { user: OUTSIDER, team: office().slack.teamId },
        from: { team: office().slack.teamId, channel: CHANNEL, message: ts },
        event: {
          click: { wish: 'approved', why: 'not-an-approver', gate: 1, planHash: worker.state.gates[1]?.planHash },
        },
      },
      { actor: { user: APPROVER }, event: { click: { why: 'already-approved' } } },
    ])
    expect(worker.state.gates[1]?.approvals).toHaveLength(1)
    // Nobody else reads of it.
    expect(
      office()
        .slack.thread(CHANNEL, card.ts)
        .some((one) => says(one, OUTSIDER)),
    ).toBe(false)
  })

  it('is recorded so often for one person, and never keeps the others from deciding', async () => {
    const { rescue, message, passed } = await own.atGate('sudoers web-1')
    for (let count = 0; count < 12; count += 1) await click(REQUESTER, message.ts)
    const refused = async () =>
      (await office().log.read(rescue, 0)).entries.flatMap(({ event }) =>
        event.type === 'refused-click' ? event.click : [],
      )
    await expect.poll(async () => (await refused()).length).toBe(10)
    expect((await refused()).at(-1)).toMatchObject({ why: 'own-request', isLast: true })

    await click(APPROVER, message.ts)
    expect(await passed).toBe('approved')
  })

  it('is recorded beside the logs when its rescue has ended', async () => {
    const { rescue, message, passed, worker } = await own.atGate('sudoers web-1')
    await click(APPROVER, message.ts)
    expect(await passed).toBe('approved')
    const end = { outcome: 'stopped', code: 'stopped', details: {}, machine: 'untouched' } as const
    // Another press: the button is gone by then.
    const payload = { ...Object(office().slack.lastInteraction()), trigger_id: 'pressed-later' }
    await worker.append({ type: 'ended', ...end, changed: [] })
    await office().slack.deliver(payload)

    await own.whispered(APPROVER, 'This was approved by')
    expect((await own.stray()).filter((one) => one.rescue === rescue)).toMatchObject([
      { actor: { user: APPROVER }, click: { wish: 'approved', why: 'already-decided', gate: 1 } },
    ])
  })
})

describe('an emergency', () => {
  const reason = 'Payments are down, and nobody else answers the phone.'

  it('lets whoever asked open a gate alone, with a reason that everybody reads', async () => {
    const { card, rescue, message, passed } = await own.atGate('unlock web-1')
    const form = await own.form(REQUESTER, message.ts, 'break-glass')
    expect(await own.person(REQUESTER).submit(form.id, { reason: 'Nobody is here.' })).toMatchObject({ kind: 'errors' })

    expect(await own.person(REQUESTER).submit(form.id, { reason })).toMatchObject({ kind: 'closed' })

    expect(await passed).toBe('approved')
    const loud = await own.reply(card, '*The glass was broken.*')
    expect(says(loud, reason) && says(loud, `<@${APPROVER}>`) && says(loud, `<@${HARUKA}>`)).toBe(true)
    const alarm = await own
      .person(HARUKA)
      .until(
        'the alarm',
        (sight) => sight.messages(AUDIT.id).find((one) => says(one, rescue)),
        AbortSignal.timeout(30_000),
      )
    expect(says(alarm, `<@${HARUKA}>`) && says(alarm, `<@${REQUESTER}>`) && says(alarm, reason)).toBe(true)
    const { entries } = await office().log.read(rescue, 0)
    expect(entries.find(({ event }) => event.type === 'decided')).toMatchObject({
      actor: { user: REQUESTER },
      from: { channel: CHANNEL, message: message.ts },
      event: { decision: 'approved', brokeGlass: true, reason },
    })
  })

  it('is not for those whom the rule does not name, and not for anybody whom Slack does not know to be among them', async () => {
    const { message, passed, worker } = await own.atGate('unlock web-1')

    // The group is none of this workspace's: Slack cannot say who is in it.
    await click(APPROVER, message.ts, 'break-glass')
    await own.whispered(APPROVER, 'Slack did not tell in time who is in the groups')
    expect(own.person(APPROVER).views()).toEqual([])
    expect(worker.state.gates[1]?.decision).toBeUndefined()
    const form = await own.form(REQUESTER, message.ts, 'deny')
    await own.person(REQUESTER).submit(form.id, { reason: 'Found the key.' })
    expect(await passed).toBe('denied')
  })
})

describe('a gate that nobody decides', () => {
  it('is called to mind once, expires as the policy says, and takes no click afterwards', async () => {
    const { card, passed, rescue } = await own.atGate('sshd web-1', {}, 600_000)
    const reminder = await own.reply(card, 'still waits for approval')
    expect(says(reminder, `<@${APPROVER}>`) && says(reminder, 'Approvals missing: 2.')).toBe(true)

    expect(await passed).toBe('expired')

    await own.reply(card, 'It was not approved in time.')
    await own.reply(card, /Expired .*; it was not approved in time/)
    const thread = office().slack.thread(CHANNEL, card.ts)
    expect(thread.filter((one) => says(one, 'still waits for approval'))).toHaveLength(1)
    expect(thread.some((one) => says(one, '"action_id":"approve"'))).toBe(false)
    expect((await office().log.read(rescue, 0)).entries.at(-1)).toMatchObject({
      event: { type: 'decided', decision: 'expired' },
    })
  })
})

describe('who may ask', () => {
  it('is decided by the instance where the rules say so: nothing is read of one that is not theirs', async () => {
    const { rescue, card } = await own.asked('history web-1')
    const worker = await ScriptedWorker.claim(own.office.log, rescue, AbortSignal.timeout(30_000))
    expect(worker.state.request?.conditional).toBe(true)
    await worker.append({
      type: 'resolved',
      instance: { ...INSTANCE, id: `${INSTANCE.id}-prod`, freeformTags: { env: 'prod' } },
    })

    expect(await worker.until(({ admission }) => admission)).toEqual({ type: 'turned-away', why: 'not-a-requester' })
    const end = { outcome: 'denied', code: 'policy-not-a-requester', details: {}, machine: 'untouched' } as const
    await worker.append({ type: 'ended', ...end, changed: [] })
    await own.reply(card, 'The policy does not let whoever asked ask for this')
  })

  it('goes on for one that is', async () => {
    const { passed, message, worker } = await own.atGate('fstab web-1', { freeformTags: { env: 'dev' } })
    expect(worker.state.admission).toEqual({ type: 'admitted', rule: 'one of us' })

    await click(OUTSIDER, message.ts)

    expect(await passed).toBe('approved')
  })

  it('is nobody where no rule says so', async () => {
    await own.person(REQUESTER).command(CHANNEL, '/oci-rescue reboot web-1')
    await own.whispered(REQUESTER, 'The policy has no rule for this')
  })
})
