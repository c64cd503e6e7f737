/** Forms and commands beside a Slack that answers slowly or refuses: nobody is told what is not so. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { replay } from '../../core/record/state.ts'
import { PRESENCE_MS } from '../../core/store/keepers.ts'
import type { OpenView } from '../../deploy/local/slack/server/views.ts'
import { APPROVER, CHANNEL, REQUESTER } from '../helpers/bot.ts'
import { GateOffice } from '../helpers/gate-office.ts'
import { makePublicKey } from '../helpers/public-keys.ts'

const POLICY = `
rules:
  - name: all
    playbooks: all
    channels: [${CHANNEL}]
    request: { users: [${REQUESTER}] }
    approve: { by: { groups: [S0APPROVERS] } }
`

let own: GateOffice
const parts = new AsyncDisposableStack()
beforeAll(async () => {
  own = parts.use(await GateOffice.open(POLICY))
})
afterAll(() => parts.disposeAsync())
afterEach(() => {
  own.office.slack.chooseSwitch('slack', 'fair')
  for (const method of ['chat.postMessage', 'chat.postEphemeral']) own.office.slack.failing(method, undefined)
})

const soon = () => AbortSignal.timeout(30_000)
const slowly = () => own.office.slack.chooseSwitch('slack', 'slow')

function untilShown(user: string, words: string): Promise<OpenView> {
  const isIt = (view: OpenView) => JSON.stringify(view.blocks).includes(words)
  return own.person(user).until(words, (sight) => sight.views().find(isIt), soon())
}

async function keyForm(instance: string): Promise<OpenView> {
  const riya = own.person(REQUESTER)
  await riya.command(CHANNEL, `/oci-rescue replace-key ${instance}`)
  const isIt = ({ callback_id }: OpenView) => callback_id === 'replace-key'
  return await riya.until('the form', (sight) => sight.views().find(isIt), soon())
}

function send(form: OpenView) {
  return own.person(REQUESTER).submit(form.id, { key: makePublicKey('riya@laptop').line })
}

/** The rescue of the requester that asks for this instance, once it is there. */
async function rescueOf(target: string) {
  const find = async () => {
    const all = await Promise.all(
      (await own.office.log.live()).map(async (rescue) => replay((await own.office.log.read(rescue, 0)).entries)),
    )
    return all.find(({ request }) => request?.target === target)
  }
  await expect.poll(find).toBeDefined()
  return { find }
}

it('a form that begins a rescue is acknowledged in time, and says afterwards that it begins', async () => {
  const form = await keyForm('slow-1')
  slowly()

  const sent = await send(form)

  expect(sent).toMatchObject({ kind: 'shown' })
  expect(JSON.stringify(sent)).toContain('takes longer than usual')
  expect(own.office.slack.statistics().ackMilliseconds.at(-1)).toBeLessThan(2800)
  await untilShown(REQUESTER, 'begins. Its thread is in')
})

it('a form that begins what nobody will see says that, and the rescue is taken back', async () => {
  const form = await keyForm('slow-2')
  own.office.slack.failing('chat.postMessage', 'not_in_channel')
  slowly()

  expect(JSON.stringify(await send(form))).toContain('takes longer than usual')

  await untilShown(REQUESTER, 'I am not in this channel')
  const { find } = await rescueOf('slow-2')
  expect(await find()).toMatchObject({ stopRequested: { by: { kind: 'policy' } } })
})

it('a command says it, too, whatever Slack has against the message', async () => {
  own.office.slack.failing('chat.postMessage', 'ekm_access_denied')

  await own.person(REQUESTER).command(CHANNEL, '/oci-rescue fsck slow-3')

  await own.whispered(REQUESTER, 'Nobody could see it, so nobody could approve it')
  const { find } = await rescueOf('slow-3')
  await expect.poll(find).toMatchObject({ stopRequested: { by: { kind: 'policy' } } })
})

it('a message that Slack has refused is not tried again by a bot that looks for threads without a keeper', async () => {
  own.office.slack.failing('chat.postMessage', 'not_in_channel')
  await own.person(REQUESTER).command(CHANNEL, '/oci-rescue fsck slow-5')
  const { find } = await rescueOf('slow-5')
  await expect.poll(find).toMatchObject({ stopRequested: { by: { kind: 'policy' } } })
  const posts = () => own.office.slack.statistics().calls['chat.postMessage']
  const before = posts()

  // A thread is picked up when it was seen without a keeper twice.
  await sleep(4 * PRESENCE_MS)

  expect(posts()).toBe(before)
})

it('a private answer that Slack does not take for now holds up no form', async () => {
  const { card } = await own.asked('fsck slow-6')
  const rateLimited = () => own.office.slack.statistics().refusals['chat.postEphemeral: ratelimited'] ?? 0
  own.office.slack.failing('chat.postEphemeral', 'ratelimited')
  await own.person(REQUESTER).say(CHANNEL, '!help', card.ts)
  await expect.poll(rateLimited).toBeGreaterThan(0)

  await keyForm('slow-7')
})

it('a form that decides is acknowledged in time, and says afterwards why nothing was decided', async () => {
  const { message, worker, passed } = await own.atGate('fsck slow-4')
  const form = await own.form(APPROVER, message.ts, 'deny')
  await own.restart()
  slowly()

  const sent = await own.person(APPROVER).submit(form.id, { reason: 'Not now.' })

  expect(JSON.stringify(sent)).toContain('takes longer than usual')
  await untilShown(APPROVER, 'Slack did not tell in time who is in the groups')
  expect(worker.state.gates[1]?.decision).toBeUndefined()
  expect(own.office.slack.statistics()).toMatchObject({ unacknowledged: 0 })
  own.office.slack.chooseSwitch('slack', 'fair')
  await own.person(APPROVER).click(CHANNEL, message.ts, 'approve')
  expect(await passed).toBe('approved')
})
