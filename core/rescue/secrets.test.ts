/** What stands on a console and must not stand in any event, however the lines are broken and whenever they are read. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canHaveSandbox } from '../../test/helpers/sandbox.ts'
import { useLog } from '../../test/helpers/simulated-log.ts'
import { SimulatedRescue } from '../../test/helpers/simulated-rescue.ts'

const log = useLog()

const WORDS = Array.from({ length: 5 }, () => randomBytes(15).toString('base64url'))
const PRIVATE_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey

/** Any piece of a secret this long in an event is a leak. */
const PIECE = 6

const CHATTER = [
  `cloud-init[412]: password=${WORDS[0]} user=opc`,
  // The terminal breaks this line in the middle of the word.
  `${'x'.repeat(60)} token=${WORDS[1]}`,
  "cloud-init[412]: Set the following 'random' passwords",
  `opc:${WORDS[2]}`,
  `${'y'.repeat(55)} Authorization: Bearer ${WORDS[3]}`,
  ...PRIVATE_KEY.trim().split('\n'),
  '',
].join('\r\n')

function pieces(): string[] {
  const body = PRIVATE_KEY.split('\n').filter((line) => !line.startsWith('-----'))
  return [...WORDS, ...body].flatMap((secret) =>
    Array.from({ length: Math.max(0, secret.length - PIECE + 1) }, (_, at) => secret.slice(at, at + PIECE)),
  )
}

async function leaks(own: SimulatedRescue): Promise<string[]> {
  const events = (await own.entries()).map(({ event }) => ({ type: event.type, text: JSON.stringify(event) }))
  return pieces().flatMap((piece) =>
    events.filter(({ text }) => text.includes(piece)).map(({ type }) => `${piece} in ${type}`),
  )
}

describe.runIf(canHaveSandbox).concurrent('secrets on the console', () => {
  it('stand in no event of a rescue that goes well', async () => {
    await using own = await SimulatedRescue.requested(log(), { temper: { chatter: CHATTER } })

    expect(await own.run()).toMatchObject({ outcome: 'recovered' })

    const consoles = await own.events('console')
    expect(consoles.some(({ scrolled, rows }) => [...scrolled, ...rows].join('\n').includes('cloud-init[412]'))).toBe(
      true,
    )
    expect(await leaks(own)).toEqual([])
  })

  it('stand in no event of one that fails, with the screen in its ending', async () => {
    const panic = `bad argument token=${WORDS[0]}`
    const temper = { chatter: CHATTER, edited: 'panic' as const, panic }
    await using own = await SimulatedRescue.requested(log(), { temper })

    const ended = await own.run()

    expect(ended.details.reason).toContain('bad argument')
    expect(ended.screen?.join('\n')).toContain('Kernel panic')
    expect(await leaks(own)).toEqual([])
  })

  it.each([46, 49, 52, 55, 58, 61, 64, 67, 70, 73])(
    'stand in no picture of GRUB’s editor, which breaks lines itself (%i columns before)',
    async (columns) => {
      const line = `\tlinux\t/vmlinuz ${'a'.repeat(150 + columns - 40)} rd.password=${WORDS[4]} ro`
      await using own = await SimulatedRescue.requested(log(), { temper: { kernelLine: line } })
      own.startWorker()
      await own.approve(1)
      await own.until(({ gates }) => gates[2])

      expect(own.machine.kernelLines[0]).toBe(`${line} init=/bin/bash`)
      const saw = await own.events('saw')
      expect(saw.map(({ picture }) => picture !== undefined)).toEqual([true, true])
      expect(await leaks(own)).toEqual([])
    },
  )
})
