/** A line that dies and the gateway that holds its console: a worker's session against the stand-in for OCI, over real SSH. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Console } from '../../core/console/console.ts'
import type { Person } from '../../core/record/events.ts'
import { RescueLog } from '../../core/record/rescue-log.ts'
import { Journal } from '../../core/rescue/journal.ts'
import { patienceOf } from '../../core/rescue/patience.ts'
import { Session } from '../../core/rescue/session.ts'
import type { World } from '../../core/rescue/world.ts'
import { type Fixture, startFixture } from '../../deploy/local/oci/oci-fixture.ts'
import { signIn } from '../../workers/oci/sign-in.ts'
import { KeyStock } from '../../workers/serial/key-stock.ts'
import type { SshClient } from '../../workers/serial/open-console.ts'
import { worldFor } from '../../workers/world.ts'
import { makePublicKey } from '../helpers/public-keys.ts'
import { useLog } from '../helpers/simulated-log.ts'
import { requested } from '../helpers/thread-events.ts'

const RIYA: Person = { kind: 'person', enterprise: null, team: 'T1', user: 'U0RIYA' }

const log = useLog()
const limit = () => AbortSignal.timeout(40_000)
const now = () => new Date()

async function worldOf({ oci, user }: Fixture, sshClient: SshClient): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'held-console-'))
  const configFile = join(directory, 'config')
  const keyFile = join(directory, 'key.pem')
  await writeFile(keyFile, user.privateKeyPem)
  const names = [`user=${user.userId}`, `fingerprint=${user.fingerprint}`, `tenancy=${user.tenancyId}`]
  await writeFile(configFile, ['[DEFAULT]', ...names, 'region=ap-tokyo-1', `key_file=${keyFile}`, ''].join('\n'))
  const place = { region: 'ap-tokyo-1', endpoint: oci.endpoint }
  const access = await signIn({ auth: 'config', configFile, profile: 'DEFAULT', ...place })
  await rm(directory, { recursive: true })
  const answers = { take: async () => undefined }
  const passwords = { put: async () => undefined, lifeMs: 1 }
  const parts = {
    access,
    compartments: [oci.compartmentId],
    loginPort: 22,
    keys: new KeyStock(),
    answers,
    passwords,
    sshClient,
  }
  return worldFor(parts, async () => undefined)
}

async function journalOf(rescue: string): Promise<Journal> {
  const request = requested(makePublicKey('riya@laptop').line)
  await new RescueLog(log(), rescue, now).record({ actor: RIYA, epoch: null }, () => request)
  const claim = await Journal.claim(log(), rescue, 'worker-1', now)
  if (claim === undefined) throw new Error(`${rescue} can not be claimed`)
  return claim.journal
}

/** Types a word in two halves, and waits until the machine says it whole. */
async function hears(console: Console, word: string): Promise<void> {
  await console.type(`echo ${word.slice(0, 2)}''${word.slice(2)}\r`, limit())
  await console.until('shell-prompt', (view) => (view.text.includes(word) ? true : undefined), 20_000, limit())
}

it.each([
  ['ssh2', 'R-HE1D00'],
  ['openssh', 'R-HE1D01'],
] as const)('is had again over %s when the gateway has let go of it', async (client, rescue) => {
  await using fixture = await startFixture()
  fixture.oci.faults.slotHeldMs = 1500
  const world = await worldOf(fixture, client)
  const [instance] = await world.findInstances('web-1', limit())
  if (instance === undefined) throw new Error('no web-1')
  const patience = { ...patienceOf({}), lineTryMs: 200 }
  await using session = new Session(world, await journalOf(rescue), { now, patience })
  const console = await session.open(instance, limit())
  await hears(console, 'before')
  const [connection] = fixture.oci.consoleConnections()

  fixture.oci.dropLines()
  const waiting = console.until<never>('line-dropped', () => undefined, 20_000, limit())
  await expect(waiting).rejects.toMatchObject({ code: 'line-dropped' })
  await session.reattach(limit())

  expect(console.view().text).not.toContain('before')
  await hears(console, 'after')
  expect(fixture.oci.consoleConnections()).toEqual([connection])
  const { entries } = await log().read(rescue, 0)
  const held = entries.flatMap(({ event }) => (event.type === 'console-held' ? [event.now] : []))
  expect(held.slice(0, 1)).toEqual(['waiting'])
  expect(held.slice(-1)).toEqual(['free'])
  await session.close(instance, limit())
})
