/** A machine that enforces SELinux: what a rescue writes there has the label that the policy wants, or nobody could use it. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cacheFolder } from '../../../deploy/local/machines/cache.ts'
import { selinuxMachine } from '../../../deploy/local/machines/images.ts'
import { type BrokenJourney, diagnoseInVain, expectRepaired, startBroken } from '../broken-journey.ts'
import { editFile } from '../people.ts'

const never = new AbortController().signal
const KEYS = '/home/opc/.ssh/authorized_keys'
const MESSAGE = '/etc/motd'
let journey: BrokenJourney

beforeAll(async () => {
  const base = await selinuxMachine(cacheFolder(process.env), (line) => console.log(line), never)
  journey = await startBroken('lost-key', { hasKey: false, base })
})
afterAll(() => journey[Symbol.asyncDispose]())

/** The label that a file has, and the one that it should have. */
async function labelsOf(path: string): Promise<readonly string[]> {
  return (await journey.logIn(['stat', '-c', '%C', path, '&&', '/usr/sbin/matchpathcon', '-n', path]))
    .trim()
    .split('\n')
}

it('lets opc in with a new key', async () => {
  await diagnoseInVain(journey, 'se-1')
  await expect(journey.logIn()).rejects.toThrow('Permission denied')

  const { events } = await journey.command('replace-key se-1')

  expectRepaired(journey, events)
  expect((await journey.logIn(['cat', '/sys/fs/selinux/enforce'])).trim()).toBe('1')
  const [label, wanted] = await labelsOf(KEYS)
  expect(label).toMatch(/:ssh_home_t:/)
  expect(label).toBe(wanted)
})

it('keeps the label of a file that was edited', async () => {
  const { events } = await journey.command(`edit se-1 ${MESSAGE}`, (played) =>
    editFile(journey.running, played, (text) => `${text}\nSaved by a bot.`),
  )

  expectRepaired(journey, events)
  expect(await journey.logIn(['cat', MESSAGE])).toContain('Saved by a bot.')
  const [label, wanted] = await labelsOf(MESSAGE)
  expect(label).toMatch(/:etc_t:/)
  expect(label).toBe(wanted)
})
