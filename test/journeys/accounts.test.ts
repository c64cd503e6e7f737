/** Machines that boot and let nobody in: what is wrong with an account shows at no boot, and people say what they see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAVE } from '../../core/record/console-commands.ts'
import { newConsoleKey } from '../../deploy/local/oci/oci-fixture.ts'
import { ask, press, untilEnded } from '../../deploy/local/unattended.ts'
import { confirmBoth, personAtConsole } from '../helpers/person-at-console.ts'
import { type BrokenJourney, diagnoseInVain, expectRepaired, startBroken } from './broken-journey.ts'
import { answerAt, editFile, privateWords, wake } from './people.ts'

const never = new AbortController().signal
const PASSWORD = /[a-z2-9]{5}(?:-[a-z2-9]{5}){3}/
const FINGERPRINT = /SHA256:[A-Za-z0-9+/]{43}=?|(?:[0-9a-f]{2}:){15}[0-9a-f]{2}/

describe('an account that is locked', () => {
  let journey: BrokenJourney

  beforeAll(async () => {
    journey = await startBroken('account-locked')
  })
  afterAll(() => journey[Symbol.asyncDispose]())

  it('is unlocked', async () => {
    await diagnoseInVain(journey)

    const { events } = await journey.command('unlock web-1')

    expectRepaired(journey, events)
    await journey.logIn()
  })

  it('gets a password that stands in no log, for one login at the console', async () => {
    const { events, played } = await journey.command('reset-password web-1')

    expectRepaired(journey, events)
    const [password = ''] = PASSWORD.exec(await privateWords(journey.running, played)) ?? []
    expect(password).toMatch(PASSWORD)
    const { slack, channel, worker, bot } = journey.running
    const seen = [events, slack.thread(channel, played.card), worker.lastLines(), bot.lastLines()]
    expect(JSON.stringify(seen)).not.toContain(password)
    await logInAtConsole(journey, password, `${password.slice(0, 11)}-Mine`)
    await journey.logIn()
  })
})

describe('an sshd that lets in others', () => {
  it('lets opc in after its configuration was edited', async () => {
    await using journey = await startBroken('sshd-allow-users')
    await diagnoseInVain(journey)

    const { events } = await journey.command('edit web-1 /etc/ssh/sshd_config.d/20-access.conf', (played) =>
      editFile(journey.running, played, (text) => text.replace('deploy', 'deploy opc')),
    )

    expectRepaired(journey, events)
    await journey.logIn()
  })
})

/** A console of one's own, with the commands as they were given; the password must be changed at once, and then is. */
async function logInAtConsole({ running }: BrokenJourney, password: string, next: string): Promise<void> {
  const key = newConsoleKey()
  const script = { say: '/oci-rescue connect web-1', publicKey: key.publicLine, approval: { kind: 'approve' } } as const
  const played = await ask(running, script, never)
  await press(running, played, 1, 'approve', never)
  const words = await privateWords(running, played)
  const command = words.split('\n').find((line) => line.startsWith('ssh -F none')) ?? ''
  await using person = await personAtConsole(key.privatePem)
  await using terminal = person.paste(command)
  await confirmBoth(terminal, FINGERPRINT.exec(words)?.[0] ?? '')
  await wake(terminal, /web-1 login: $/)
  let at = await answerAt(terminal, /web-1 login: $/, 'opc')
  at = await answerAt(terminal, /Password: $/, password, at)
  at = await answerAt(terminal, /Current password: $/, password, at)
  at = await answerAt(terminal, /New password: $/, next, at)
  at = await answerAt(terminal, /Retype new password: $/, next, at)
  at = await answerAt(terminal, /opc@web-1:~\$ $/, "echo I am $(id -un), aw''ake", at)
  at = await answerAt(terminal, /I am opc, awake[\s\S]*\$ $/, 'exit', at)
  await answerAt(terminal, /web-1 login: $/, `${LEAVE}`, at)
  await terminal.exited
  await running.slack.person(running.people.requester).command(running.channel, `/oci-rescue stop ${played.rescue}`)
  await untilEnded(running, played, never)
  expect(running.oci.consoleConnections()).toEqual([])
}
