import { createSecretKey, randomBytes } from 'node:crypto'
import { beforeEach, expect, it } from 'vitest'
import { useRedis } from '../../test/helpers/use-redis.ts'
import { newRescueId, newTicket } from '../base/ids.ts'
import type { HandOver } from '../record/hand-over.ts'
import { sealedKey } from './keys.ts'
import { sealText } from './sealed.ts'
import { type SealedAnswers, sealedAnswers } from './sealed-hand-overs.ts'

const key = createSecretKey(randomBytes(32))
const credentials = { username: 'grubadmin', password: randomBytes(12).toString('base64') }

const redis = useRedis()
let answers: SealedAnswers
beforeEach(() => {
  answers = sealedAnswers(redis(), key)
})

function somewhere(): HandOver {
  return { rescue: newRescueId(), about: newTicket(), handOver: newTicket() }
}

it('is read once, and gone', async () => {
  const place = somewhere()
  await answers.put(place, credentials)

  const [one, other] = await Promise.all([answers.take(place), answers.take(place)])

  expect([one, other].filter((taken) => taken !== undefined)).toEqual([credentials])
  expect(await redis().exists(sealedKey(place))).toBe(0)
})

it('lives five minutes at most, and is not legible meanwhile', async () => {
  const place = somewhere()
  await answers.put(place, credentials)

  const life = await redis().pttl(sealedKey(place))
  expect(life).toBeGreaterThan(200_000)
  expect(life).toBeLessThanOrEqual(300_000)
  const stored = Buffer.from((await redis().get(sealedKey(place))) ?? '', 'base64').toString('latin1')
  expect(stored).not.toContain(credentials.username)
  expect(stored).not.toContain(credentials.password)
})

it('is not there any more when its time is over, or it was taken back', async () => {
  const [late, dropped] = [somewhere(), somewhere()]
  await sealedAnswers(redis(), key, 1).put(late, credentials)
  await answers.put(dropped, credentials)
  await answers.drop(dropped)

  await expect.poll(() => redis().exists(sealedKey(late))).toBe(0)
  expect(await answers.take(late)).toBeUndefined()
  expect(await answers.take(dropped)).toBeUndefined()
})

it('does not open for another rescue or question, with another key, or when it was altered; and is gone then, too', async () => {
  const place = somewhere()
  const stranger = sealedAnswers(redis(), createSecretKey(randomBytes(32)))
  const sealed = sealText(key, `${place.rescue} ${place.about}`, JSON.stringify(credentials))
  const cases: [HandOver, string, SealedAnswers][] = [
    [{ ...place, rescue: newRescueId() }, sealed, answers],
    [{ ...place, about: newTicket() }, sealed, answers],
    [place, sealed, stranger],
    [place, `${sealed.slice(0, 40)}${sealed[40] === 'A' ? 'B' : 'A'}${sealed.slice(41)}`, answers],
    [place, sealText(key, `${place.rescue} ${place.about}`, '{"username":"a"}'), answers],
    [place, sealText(key, `${place.rescue} ${place.about}`, `no JSON ${credentials.password}`), answers],
  ]
  for (const [where, stored, reader] of cases) {
    await redis().set(sealedKey(where), stored)

    const refused: unknown = await reader.take(where).catch((thrown: unknown) => thrown)

    expect(refused).toMatchObject({ code: 'password-unreadable' })
    expect(`${refused} ${JSON.stringify(refused)}`).not.toContain(credentials.password)
    expect(await redis().exists(sealedKey(where))).toBe(0)
  }
})
