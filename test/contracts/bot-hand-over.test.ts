/** A one-time password from the worker to the person: the bot as production runs it, Slack's rules, a real Redis. */
import { createSecretKey } from 'node:crypto'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { streamingClient } from '../../bot/app.ts'
import { Poster } from '../../bot/slack/poster.ts'
import { newTicket } from '../../core/base/ids.ts'
import { newOneTimePassword } from '../../core/playbooks/index.ts'
import { PASSWORD } from '../../core/record/one-time-password.ts'
import { type SealedPasswords, sealedPasswords } from '../../core/store/sealed-hand-overs.ts'
import { askForKey, takeUp } from '../helpers/asking.ts'
import { APPROVER, type BotProcess, CHANNEL, type Office, openOffice, REQUESTER, startBot } from '../helpers/bot.ts'
import type { ScriptedWorker } from '../helpers/scripted-rescue.ts'

let office: Office
let bot: BotProcess
let passwords: SealedPasswords
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  office = parts.use(await openOffice())
  bot = parts.use(await startBot({ ...office.environment, LOG_LEVEL: 'trace' }))
  passwords = sealedPasswords(
    office.redis,
    createSecretKey(Buffer.from(office.environment.SEALING_KEY ?? '', 'base64')),
  )
})
afterAll(() => parts.disposeAsync())

const soon = () => AbortSignal.timeout(30_000)
const person = (id: string) => office.slack.person(id)

/** A rescue that Riya has asked for, in a worker's hands. */
async function claimed(instance: string) {
  const { card, rescue } = await askForKey(office, instance)
  const worker = await takeUp(office, rescue, instance)
  return { card, worker }
}

async function handOver(worker: ScriptedWorker, password: string): Promise<void> {
  const place = { rescue: worker.rescue, about: PASSWORD, handOver: newTicket() }
  await passwords.put(place, { password })
  const expiresAt = new Date(Date.now() + passwords.lifeMs).toISOString()
  await worker.append({ type: 'handed-over', what: PASSWORD, user: 'opc', handOver: place.handOver, expiresAt })
}

function says(ts: string, words: string) {
  return person(APPROVER).until(
    words,
    (sight) => sight.thread(CHANNEL, ts).find(({ blocks }) => JSON.stringify(blocks).includes(words)),
    soon(),
  )
}

function read(password: string) {
  return person(REQUESTER).until(
    'the private message',
    (sight) => sight.messages(sight.direct).find(({ blocks }) => JSON.stringify(blocks).includes(password)),
    soon(),
  )
}

function end(worker: ScriptedWorker): Promise<void> {
  return worker.append({ type: 'ended', outcome: 'stopped', code: 'stopped', details: {}, machine: 'up', changed: [] })
}

it('comes to whoever asked and to nobody else, and stands in no thread, no log and no note', async () => {
  const { card, worker } = await claimed('hand-1')
  const password = newOneTimePassword()

  await handOver(worker, password)

  await read(password)
  await says(card.ts, `<@${REQUESTER}> has got the new password of opc`)
  expect(person(APPROVER).messages(person(REQUESTER).direct)).toEqual([])
  expect(person(APPROVER).messages(person(APPROVER).direct)).toEqual([])
  expect(await office.redis.keys('*:sealed:*')).toEqual([])
  const everything = [
    JSON.stringify(office.slack.messages(CHANNEL)),
    JSON.stringify((await office.log.read(worker.rescue, 0)).entries),
    JSON.stringify(await office.redis.hgetall(`{oci-rescue}:posts:${worker.rescue}`)),
    bot.log(),
  ].join('\n')
  expect(everything).not.toContain(password.slice(0, 11))
  await end(worker)
})

it('is found in their conversation by its mark, with the scopes of the manifest: a lost answer does not repeat it', async () => {
  const { card, worker } = await claimed('hand-4')
  const password = newOneTimePassword()
  await handOver(worker, password)
  await says(card.ts, 'has got the new password of opc')
  const { ts, metadata } = await read(password)
  const access = { apiUrl: office.slack.apiUrl, botToken: office.slack.botToken, appToken: office.slack.appToken }
  const poster = new Poster(streamingClient(access, pino({ level: 'silent' })))
  const find = (key: string) =>
    poster.find({ channel: person(REQUESTER).direct, thread: undefined }, { rescue: worker.rescue, key })

  expect(await find(String(metadata?.event_payload.key))).toEqual({ kind: 'done', value: ts })
  expect(await find('private-other')).toEqual({ kind: 'done', value: 'absent' })
  await end(worker)
})

it('is picked up by a bot that was away, also when the rescue has ended meanwhile', async () => {
  const { card, worker } = await claimed('hand-2')
  await bot.stop()
  const password = newOneTimePassword()
  await handOver(worker, password)
  await end(worker)

  bot = parts.use(await startBot({ ...office.environment, LOG_LEVEL: 'trace' }))

  await read(password)
  await says(card.ts, 'has got the new password of opc')
  const all = person(REQUESTER).messages(person(REQUESTER).direct)
  expect(all.filter(({ blocks }) => JSON.stringify(blocks).includes(password))).toHaveLength(1)
})

it('is said to be gone when it was not there any more', async () => {
  const { card, worker } = await claimed('hand-3')
  const expiresAt = new Date().toISOString()

  await worker.append({ type: 'handed-over', what: PASSWORD, user: 'opc', handOver: newTicket(), expiresAt })

  await says(card.ts, 'was not fetched in time, and is gone')
  await end(worker)
  expect(office.slack.statistics()).toMatchObject({ refusals: {}, unacknowledged: 0 })
})
