/** `npm run doctor` for a worker, against the stand-in for OCI and a real Redis: each thing that is wrong, and how to mend it. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BashMachine } from '../../deploy/local/oci/bash-machine.ts'
import { type ApiUser, type Fixture, newApiUser, startFixture } from '../../deploy/local/oci/oci-fixture.ts'
import { knock, opensshChecks } from '../../workers/checks/way-to-console.ts'
import { type Environment, examineWith, findingOf, runDoctor, troubles } from '../helpers/doctor.ts'
import { writeConfig } from '../helpers/oci-world.ts'
import { startRedis } from '../helpers/redis.ts'

const DOCTOR = 'workers/doctor.ts'
/** What can not be found out here, or anywhere, without changing something. */
const NOT_TRIED = ['note: SEALING_KEY', 'note: the rest of', 'note: console gateway']

let redisUrl: string
let directory: string
const parts = new AsyncDisposableStack()

beforeAll(async () => {
  redisUrl = parts.use(await startRedis()).url
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-doctor-'))
  parts.defer(() => rm(directory, { recursive: true }))
})
afterAll(() => parts.disposeAsync())

async function environmentOf({ oci, user }: Fixture, as: ApiUser = user): Promise<Environment> {
  return {
    REDIS_URL: redisUrl,
    SEALING_KEY: randomBytes(32).toString('base64'),
    OCI_CONFIG_FILE: await writeConfig(await mkdtemp(join(directory, 'user-')), as),
    OCI_ENDPOINT: oci.endpoint,
    OCI_COMPARTMENTS: oci.compartmentId,
  }
}

/** Without the compartment's OCID behind it. */
function permission({ oci }: Fixture, what: string): string {
  return `${what} in ${oci.compartmentId}`
}

it('finds nothing wrong with a healthy installation, and changes nothing there', async () => {
  await using fixture = await startFixture()
  const { pid } = fixture.machine

  const { code, findings } = await examineWith(DOCTOR, await environmentOf(fixture))

  expect(code).toBe(0)
  expect(troubles(findings)).toEqual(NOT_TRIED.map((start) => expect.stringContaining(start)))
  expect(findings.every(({ side }) => side === 'worker')).toBe(true)
  for (const what of ['manage instance-console-connection', 'read instances', '{INSTANCE_POWER_ACTIONS}'])
    expect(findingOf(findings, permission(fixture, what)).verdict).toBe('ok')
  for (const what of ['read instance-images', 'manage console-histories', 'read vnic-attachments', 'read vnics'])
    expect(findingOf(findings, permission(fixture, what)).verdict).toBe('ok')
  expect(findings.find(({ what }) => what.startsWith('the rest of'))).toMatchObject({
    said: expect.stringContaining('not tried'),
    mend: [
      'Allow group GROUP-OF-THIS-USER to manage instance-console-connection in tenancy',
      'Allow group GROUP-OF-THIS-USER to manage console-histories in tenancy',
    ],
  })
  expect(fixture.oci.consoleConnections()).toEqual([])
  expect(fixture.oci.consoleHistories()).toBe(0)
  expect(fixture.machine.pid).toBe(pid)
})

it('says how to set right an API key that OCI does not know', async () => {
  await using fixture = await startFixture()
  const stranger = { ...fixture.user, privateKeyPem: newApiUser().privateKeyPem }

  const { code, findings, out } = await examineWith(DOCTOR, await environmentOf(fixture, stranger))

  expect(code).toBe(1)
  expect(findingOf(findings, 'OCI sign-in')).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('401 NotAuthenticated'),
    mend: expect.arrayContaining([expect.stringContaining('openssl rsa -in KEY_FILE')]),
  })
  expect(findings.some(({ what }) => what.startsWith('read instances'))).toBe(false)
  expect(out).not.toContain('PRIVATE KEY')
})

it('says so when there is no config file, and quotes no line of one that is none', async () => {
  await using fixture = await startFixture()
  const environment = await environmentOf(fixture)
  const broken = join(directory, 'broken')
  await writeFile(broken, '[DEFAULT]\nuser=ocid1.user.oc1..u\nhunter2hunter2hunter2\n')

  const none = await examineWith(DOCTOR, { ...environment, OCI_CONFIG_FILE: '/nowhere/config' })
  const bad = await examineWith(DOCTOR, { ...environment, OCI_CONFIG_FILE: broken })

  for (const { code, findings } of [none, bad]) {
    expect(code).toBe(1)
    expect(findingOf(findings, 'OCI credentials')).toMatchObject({
      verdict: 'bad',
      mend: expect.arrayContaining([expect.stringContaining('OCI_CONFIG_FILE')]),
    })
  }
  expect(bad.out).not.toContain('hunter2')
})

it('names the statement for a compartment that is not open to it', async () => {
  await using fixture = await startFixture()
  const closed = 'ocid1.compartment.oc1..closed'
  const environment = await environmentOf(fixture)

  const { code, findings } = await examineWith(DOCTOR, {
    ...environment,
    OCI_COMPARTMENTS: `${closed},${fixture.oci.compartmentId}`,
  })

  expect(code).toBe(1)
  expect(findingOf(findings, `read instances in ${closed}`)).toMatchObject({
    verdict: 'bad',
    mend: [
      `Allow group GROUP-OF-THIS-USER to read instances in compartment id ${closed}`,
      expect.stringContaining('OCID'),
    ],
  })
  expect(findingOf(findings, permission(fixture, 'read instances')).verdict).toBe('ok')
})

it.each([
  ['manage instance-console-connection', 'GET', /instanceConsoleConnections$/, 'bad'],
  ['manage console-histories', 'GET', /instanceConsoleHistories$/, 'bad'],
  ['{INSTANCE_POWER_ACTIONS}', 'POST', /instances\/ocid1/, 'bad'],
  ['read vnic-attachments', 'GET', /vnicAttachments$/, 'bad'],
  ['read vnics', 'GET', /vnics\//, 'bad'],
  ['read instance-images', 'GET', /images\//, 'warn'],
  ['inspect compartments', 'GET', /compartments\//, 'warn'],
])('finds that the permission to %s is missing', async (what, method, path, verdict) => {
  await using fixture = await startFixture()
  fixture.oci.faults.next({ method, path }, { kind: 'answer', status: 404 })

  const { code, findings } = await examineWith(DOCTOR, await environmentOf(fixture))

  expect(code).toBe(verdict === 'bad' ? 1 : 0)
  expect(findingOf(findings, permission(fixture, what))).toMatchObject({
    verdict,
    mend: [`Allow group GROUP-OF-THIS-USER to ${what} in tenancy`],
  })
  expect(troubles(findings).filter((trouble) => !trouble.startsWith('note'))).toHaveLength(1)
})

it('gives no order to an instance that does not run, and says that it did not', async () => {
  const machine = new BashMachine('db-1')
  await using fixture = await startFixture({
    machines: [{ machine, displayName: 'db-1', lifecycleState: 'STOPPED' }],
  })
  await fixture.client.instanceAction({ instanceId: fixture.instanceId, action: 'STOP' })
  const isStopped = async () =>
    (await fixture.client.getInstance({ instanceId: fixture.instanceId })).instance.lifecycleState
  await expect.poll(isStopped).toBe('STOPPED')
  fixture.oci.faults.next({ method: 'POST' }, { kind: 'answer', status: 500 })

  const { findings } = await examineWith(DOCTOR, await environmentOf(fixture))

  expect(findingOf(findings, permission(fixture, '{INSTANCE_POWER_ACTIONS}'))).toMatchObject({
    verdict: 'note',
    said: expect.stringContaining('not tried'),
    mend: [expect.stringContaining('{INSTANCE_POWER_ACTIONS}')],
  })
  expect(fixture.oci.faults.take('POST', '/'), 'nothing was posted').toBeDefined()
  await machine.close()
})

it('tells a wrong clock from a wrong key', async () => {
  await using fixture = await startFixture()

  const { code, findings } = await examineWith(DOCTOR, await environmentOf(fixture), { aheadMs: 400_000 })

  expect(code).toBe(1)
  expect(findingOf(findings, 'clock beside OCI')).toMatchObject({
    verdict: 'bad',
    said: expect.stringMatching(/^is [34]\d\d s ahead of OCI’s: from 300 s on, requests are refused/),
    mend: expect.arrayContaining([expect.stringContaining('timedatectl')]),
  })
  expect(findingOf(findings, 'OCI sign-in')).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('clock skew'),
    mend: ['set the clock, as it says above'],
  })
})

it('says so when OCI can not be reached', async () => {
  await using fixture = await startFixture()
  const environment = { ...(await environmentOf(fixture)), OCI_ENDPOINT: 'http://127.0.0.1:1' }

  const { code, findings } = await examineWith(DOCTOR, environment)

  expect(code).toBe(1)
  expect(findingOf(findings, 'clock beside OCI')).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('could not be compared'),
    mend: [expect.stringContaining('127.0.0.1:1')],
  })
  expect(findingOf(findings, 'OCI sign-in').verdict).toBe('bad')
})

it('says that names need compartments', async () => {
  await using fixture = await startFixture()

  const { code, findings } = await examineWith(DOCTOR, { ...(await environmentOf(fixture)), OCI_COMPARTMENTS: '' })

  expect(code).toBe(0)
  expect(findingOf(findings, 'OCI compartments')).toMatchObject({
    verdict: 'warn',
    mend: [expect.stringContaining('OCI_COMPARTMENTS')],
  })
})

it('says in words what to do below each trouble', async () => {
  await using fixture = await startFixture()
  const environment = { ...(await environmentOf(fixture)), OCI_AUTH: 'password' }

  const { code, out, err } = await runDoctor(DOCTOR, environment)

  expect({ code, err }).toEqual({ code: 1, err: '' })
  expect(out).toMatch(/^bad {3}worker: settings: OCI_AUTH.*\n {6}> /m)
  expect(out).toMatch(/^ok {4}worker: Redis: answers$/m)
})

it('knocks at the gateway, and knows what stands in the way', async () => {
  await using fixture = await startFixture()
  const signal = AbortSignal.timeout(30_000)
  const proxy = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0

  expect(await knock(fixture.oci.gateway, signal)).toMatchObject({
    verdict: 'ok',
    said: expect.stringContaining('SSH-2.0'),
  })
  expect(await knock({ host: '127.0.0.1', port }, signal)).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('HTTP/1.1 400'),
    mend: [expect.stringContaining('takes only TLS')],
  })
  expect(await knock({ host: '127.0.0.1', port: 1 }, signal)).toMatchObject({
    verdict: 'bad',
    said: expect.stringContaining('ECONNREFUSED'),
    mend: [expect.stringContaining('outgoing TCP 1 to 127.0.0.1')],
  })
  proxy.close()
})

it('wants OpenSSH as far as the worker does', async () => {
  await using fixture = await startFixture()
  const environment = { ...(await environmentOf(fixture)), PATH: directory }
  const verdicts = async (client: string) =>
    troubles((await examineWith(DOCTOR, { ...environment, SSH_CLIENT: client })).findings).filter((trouble) =>
      trouble.endsWith('OpenSSH'),
    )

  expect(await verdicts('openssh')).toEqual(['bad: OpenSSH'])
  expect(await verdicts('auto')).toEqual(['warn: OpenSSH'])
  expect(opensshChecks('ssh2')).toEqual([])
})
