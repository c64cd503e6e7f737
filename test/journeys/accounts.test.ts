/** Machines that boot and let nobody in: what is wrong with an account shows at no boot, and people say what they see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LEAVE } from '../../core/record/console-commands.ts'
import { type BrokenJourney, diagnoseInVain, expectRepaired, startBroken } from './broken-journey.ts'
import { answerAt, editFile, privateWords, takeConsole, wake } from './people.ts'

const PASSWORD = /[a-z2-9]{5}(?:-[a-z2-9]{5}){3}/

describe('an account that is locked', () => {
  let journey: BrokenJourney

  beforeAll(async () => {
    journey = await startBroken('account-locked')
  })
  afterAll(() => journey[Symbol.asyncDispose]())

  it('is unlocked', async () => {
    await diagnoseInVain(journey)
    await expect(journey.logIn()).rejects.toThrow('Permission denied')

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
    await expect(journey.logIn()).rejects.toThrow('Permission denied')

    const { events } = await journey.command('edit web-1 /etc/ssh/sshd_config.d/20-access.conf', (played) =>
      editFile(journey.running, played, (text) => text.replace('deploy', 'deploy opc')),
    )

    expectRepaired(journey, events)
    await journey.logIn()
  })
})

/** The password must be changed at once, and then is. */
async function logInAtConsole({ running }: BrokenJourney, password: string, next: string): Promise<void> {
  await using taken = await takeConsole(running)
  const { terminal } = taken
  await wake(terminal, /web-1 login: $/)
  let at = await answerAt(terminal, /web-1 login: $/, 'opc')
  at = await answerAt(terminal, /Password: $/, password, at)
  at = await answerAt(terminal, /Current password: $/, password, at)
  at = await answerAt(terminal, /New password: $/, next, at)
  at = await answerAt(terminal, /Retype new password: $/, next, at)
  at = await answerAt(terminal, /opc@web-1:~\$ $/, "echo I am $(id -un), aw''ake", at)
  at = await answerAt(terminal, /I am opc, awake[\s\S]*\$ $/, 'exit', at)
  await answerAt(terminal, /web-1 login: $/, LEAVE, at)
  await terminal.exited
  await taken.giveBack()
  expect(running.oci.consoleConnections()).toEqual([])
}
