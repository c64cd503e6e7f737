/** The life of a console connection, over the API. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { activeConnection, eventually, type Fixture, newConsoleKey, startFixture } from './oci-fixture.ts'

function create({ client, instanceId }: Fixture, publicKey: string, opcRetryToken?: string) {
  return client.createInstanceConsoleConnection({
    createInstanceConsoleConnectionDetails: { instanceId, publicKey, freeformTags: { rescue: 'R-1' } },
    ...(opcRetryToken ? { opcRetryToken } : {}),
  })
}

it('goes from CREATING to ACTIVE to DELETED, and is listed for a while after', async () => {
  await using fixture = await startFixture({ delays: { connectionDeleting: 1500, connectionDeletedKept: 2000 } })
  const { client, oci, instanceId } = fixture
  const list = async () =>
    (await client.listInstanceConsoleConnections({ compartmentId: oci.compartmentId, instanceId })).items

  const { instanceConsoleConnection: made } = await create(fixture, newConsoleKey().publicLine)
  expect(made).toMatchObject({ lifecycleState: 'CREATING', instanceId, freeformTags: { rescue: 'R-1' } })
  await eventually(async () => expect((await list())[0]?.lifecycleState).toBe('ACTIVE'))
  expect(oci.consoleConnections()).toMatchObject([{ id: made.id, state: 'ACTIVE', freeformTags: { rescue: 'R-1' } }])

  await client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: made.id ?? '' })
  expect((await list())[0]?.lifecycleState).toBe('DELETING')
  await eventually(async () => expect((await list())[0]?.lifecycleState).toBe('DELETED'))
  expect(oci.consoleConnections()).toEqual([])
  await eventually(async () => expect(await list()).toEqual([]))
  await expect(
    client.getInstanceConsoleConnection({ instanceConsoleConnectionId: made.id ?? '' }),
  ).rejects.toMatchObject({ statusCode: 404 })
})

it('tells how to connect in OCI’s own form, and both fingerprints', async () => {
  await using fixture = await startFixture()
  const { id, connectionString, vncConnectionString, ...rest } = await activeConnection(fixture, newConsoleKey())
  const { instanceId, oci } = fixture
  const proxy = `ssh -o ProxyCommand='ssh -W %h:%p -p ${oci.gateway.port} ${id}@127.0.0.1'`

  expect(connectionString).toBe(`${proxy} ${instanceId}`)
  expect(vncConnectionString).toBe(`${proxy} -N -L localhost:5900:${instanceId}:5900 ${instanceId}`)
  expect(rest.fingerprint).toMatch(/^SHA256:[\w+/]{43}$/)
  expect(rest.serviceHostKeyFingerprint).toBe(oci.gateway.hostKeyFingerprint)
})

it('takes RSA keys only', async () => {
  await using fixture = await startFixture()
  const ed25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJYhnMlQpDz7kOqQWcl2Jc5G8nXuuBHGj1Wbn1wM8bPc me'

  await expect(create(fixture, ed25519)).rejects.toMatchObject({
    statusCode: 400,
    serviceCode: 'InvalidParameter',
    message: 'Invalid ssh public key type "ssh-ed25519"',
  })
  for (const broken of ['ssh-rsa', 'ssh-rsa AAAA', `ssh-rsa ${ed25519.split(' ')[1]}`, '-----BEGIN PUBLIC KEY-----']) {
    await expect(create(fixture, broken)).rejects.toMatchObject({ statusCode: 400 })
  }
  expect(fixture.oci.consoleConnections()).toEqual([])
})

it('names the field that is missing', async () => {
  await using fixture = await startFixture()
  const details = JSON.parse(JSON.stringify({ instanceId: fixture.instanceId }))

  await expect(
    fixture.client.createInstanceConsoleConnection({ createInstanceConsoleConnectionDetails: details }),
  ).rejects.toMatchObject({ statusCode: 400, message: 'publicKey must not be null' })
})

it('allows one for each instance, until it is DELETED', async () => {
  await using fixture = await startFixture({ delays: { connectionDeleting: 2000 } })
  const { client } = fixture
  const { publicLine } = newConsoleKey()
  const first = await activeConnection(fixture, newConsoleKey())

  await expect(create(fixture, publicLine)).rejects.toMatchObject({ statusCode: 409 })
  await client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: first.id ?? '' })
  await expect(create(fixture, publicLine)).rejects.toMatchObject({ statusCode: 409 })
  await eventually(async () => expect((await create(fixture, publicLine)).instanceConsoleConnection.id).toBeTruthy())
})

it('gives the same connection for the same retry token, and no other once it is gone', async () => {
  await using fixture = await startFixture()
  const { publicLine } = newConsoleKey()

  const [one, two] = await Promise.all([create(fixture, publicLine, 't'), create(fixture, publicLine, 't')])
  expect(two.instanceConsoleConnection.id).toBe(one.instanceConsoleConnection.id)
  await fixture.client.deleteInstanceConsoleConnection({
    instanceConsoleConnectionId: one.instanceConsoleConnection.id ?? '',
  })

  await expect(create(fixture, publicLine, 't')).rejects.toMatchObject({ serviceCode: 'InvalidatedRetryToken' })
})

it('changes tags and nothing else', async () => {
  await using fixture = await startFixture()
  const { id = '' } = await activeConnection(fixture, newConsoleKey())

  const { instanceConsoleConnection } = await fixture.client.updateInstanceConsoleConnection({
    instanceConsoleConnectionId: id,
    updateInstanceConsoleConnectionDetails: { freeformTags: { rescue: 'R-2' } },
  })

  expect(instanceConsoleConnection).toMatchObject({ id, lifecycleState: 'ACTIVE', freeformTags: { rescue: 'R-2' } })
})

it('can be made to fail, to stay as it is, and to name another host key', async () => {
  await using fixture = await startFixture()
  const { client, oci } = fixture
  const { publicLine } = newConsoleKey()

  oci.faults.consoleConnections = 'failed'
  const { instanceConsoleConnection: failed } = await create(fixture, publicLine)
  await eventually(() => expect(oci.consoleConnections()[0]?.state).toBe('FAILED'))
  await client.deleteInstanceConsoleConnection({ instanceConsoleConnectionId: failed.id ?? '' })
  await eventually(() => expect(oci.consoleConnections()).toEqual([]))

  oci.faults.consoleConnections = 'stays-creating'
  oci.faults.wrongHostKey = true
  const { instanceConsoleConnection: stuck } = await create(fixture, publicLine)
  expect(stuck.serviceHostKeyFingerprint).not.toBe(oci.gateway.hostKeyFingerprint)
  await sleep(200)
  expect(oci.consoleConnections().find(({ id }) => id === stuck.id)?.state).toBe('CREATING')
})
