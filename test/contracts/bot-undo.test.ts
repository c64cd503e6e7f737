/** Undo from the result's button and from the command: the bot as production runs it, Slack's rules, a real Redis. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message } from '../../deploy/local/slack/server/messages.ts'
import { askFor, askForKey, newRescue, takeUp, untilWhispered } from '../helpers/asking.ts'
import { APPROVER, CHANNEL, type Office, OUTSIDER, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import { INSTANCE } from '../helpers/scripted-rescue.ts'

let office: Office
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  parts.use(await startBot(office.environment))
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue that has put a key in place, and its result message. */
async function recovered(instance: string, isChanged = true) {
  const { card, rescue } = await askForKey(office, instance)
  const worker = await takeUp(office, rescue, instance)
  const plan = worker.changePlan('ssh-ed25519 AAAA old\n')
  if (isChanged) await worker.apply(plan)
  const end = { type: 'ended', outcome: 'recovered', code: 'recovered', details: {}, machine: 'up' } as const
  const finish = () => worker.append({ ...end, changed: [] })
  return { card, rescue, plan, finish, id: `${INSTANCE.id}-${instance}` }
}

function resultOf(card: Message): Promise<Message> {
  return person(APPROVER).until(
    'the result',
    (sight) => sight.thread(CHANNEL, card.ts).find(({ metadata }) => metadata?.event_payload.key === 'result'),
    soon(),
  )
}

const whispered = (user: string, words: string) => untilWhispered(office, user, words)

it('begins a rescue of the same instance that takes the changes back, asked for by whoever pressed', async () => {
  const { card, rescue, plan, finish, id } = await recovered('undo-1')
  await finish()
  const result = await resultOf(card)
  expect(JSON.stringify(result.blocks)).toContain('Undo these changes?')

  const press = () => person(REQUESTER).click(CHANNEL, result.ts, 'undo')
  const { rescue: undo, card: next } = await newRescue(office, press)

  const { entries } = await office.log.read(undo, 0)
  expect(entries[0]).toMatchObject({
    actor: { user: REQUESTER },
    from: { channel: CHANNEL, message: result.ts },
    event: { target: id, channel: CHANNEL, playbook: { name: 'undo', of: rescue, changes: plan.changes } },
  })
  expect(JSON.stringify(next.blocks)).toContain(`Undo the changes of ${rescue}`)
  await whispered(REQUESTER, `is being undone by rescue ${undo}`)
  // A second one at the same time would only meet the first one's lock.
  await press()
  await whispered(REQUESTER, `has begun to undo ${rescue}: that is rescue ${undo}`)
})

it('is there as a command, too', async () => {
  const { rescue, finish } = await recovered('undo-2')
  await person(REQUESTER).command(CHANNEL, `/oci-rescue undo ${rescue}`)
  await whispered(REQUESTER, 'It can be undone once it has.')
  await finish()

  const { card, rescue: undo } = await askFor(office, `undo ${rescue.toLowerCase()} -- it was the wrong user`)

  expect(JSON.stringify(card.blocks)).toContain(`Undo the changes of ${rescue}`)
  expect((await office.log.read(undo, 0)).entries[0]?.event).toMatchObject({ why: 'it was the wrong user' })
})

it('is there in the form, too', async () => {
  const { rescue, finish } = await recovered('undo-5')
  await finish()
  const riya = person(REQUESTER)
  const formWith = (words: string) =>
    riya.until(
      `the form with ${words}`,
      (sight) => sight.views().find((view) => JSON.stringify(view).includes(words)),
      soon(),
    )
  await riya.command(CHANNEL, '/oci-rescue undo')
  const form = await formWith('"callback_id":"undo"')

  const { card } = await newRescue(office, async () => {
    const answer = await riya.submit(form.id, { of: rescue })
    expect(JSON.stringify(answer)).toContain(`${rescue} is being undone by rescue`)
    await riya.closeView(form.id)
  })

  expect(JSON.stringify(card.blocks)).toContain(`Undo the changes of ${rescue}`)
})

it('tells those who may not, and those who name nothing that can be undone, privately', async () => {
  const { card, finish } = await recovered('undo-3')
  await finish()
  const result = await resultOf(card)

  await person(OUTSIDER).click(CHANNEL, result.ts, 'undo')
  await whispered(OUTSIDER, 'not on the list of people who may start')
  await person(OUTSIDER).command(CHANNEL, '/oci-rescue undo')
  await whispered(OUTSIDER, 'not on the list of people who may start')
  await person(REQUESTER).command(CHANNEL, '/oci-rescue undo R-000000 R-111111')
  await whispered(REQUESTER, 'I do not understand `R-111111` here')
  await person(REQUESTER).command(CHANNEL, '/oci-rescue undo R-000000')
  await whispered(REQUESTER, 'There is no rescue `R-000000`')
})

it('is not offered where nothing was changed', async () => {
  const { card, rescue, finish } = await recovered('undo-4', false)
  await finish()

  expect(JSON.stringify((await resultOf(card)).blocks)).not.toContain('"undo"')
  await person(REQUESTER).command(CHANNEL, `/oci-rescue undo ${rescue}`)
  await whispered(REQUESTER, 'changed nothing that could be taken back')
})
