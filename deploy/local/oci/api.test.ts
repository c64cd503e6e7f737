/** The API as the real SDK sees it. */
import { setTimeout as sleep } from 'node:timers/promises'
import common from 'oci-common'
import core from 'oci-core'
import { expect, it, vi } from 'vitest'
import { BashMachine } from './bash-machine.ts'
import { activeConnection, eventually, newApiUser, newConsoleKey, sdkFor, startFixture } from './oci-fixture.ts'

it('finds an instance by its name and tells what runs on it', async () => {
  await using fixture = await startFixture()
  const { client, oci, instanceId, machine } = fixture

  const { items } = await client.listInstances({ compartmentId: oci.compartmentId, displayName: 'web-1' })
  const { instance, etag } = await client.getInstance({ instanceId })
  const { image } = await client.getImage({ imageId: instance.imageId ?? '' })
  const attachments = await client.listVnicAttachments({ compartmentId: oci.compartmentId, instanceId })

  expect(items.map(({ id }) => id)).toEqual([instanceId])
  expect(instance).toMatchObject({ lifecycleState: 'RUNNING', launchOptions: { firmware: 'UEFI_64' } })
  expect(etag).toBeTruthy()
  expect(image).toMatchObject({ operatingSystem: 'Oracle Linux', operatingSystemVersion: '9' })
  expect(attachments.items).toHaveLength(1)
  expect(attachments.items[0]?.vnicId).toMatch(/^ocid1\.vnic\./)
  expect(machine.sshd.host).toBe('127.0.7.1')
})

it('tells the address of the network card', async () => {
  await using fixture = await startFixture()
  const { client, oci, instanceId, machine } = fixture
  const { items } = await client.listVnicAttachments({ compartmentId: oci.compartmentId, instanceId })

  // GetVnic is the network client's; asked here without loading that whole client.
  const provider = new common.SimpleAuthenticationDetailsProvider(
    ...([
      fixture.user.tenancyId,
      fixture.user.userId,
      fixture.user.fingerprint,
      fixture.user.privateKeyPem,
      null,
    ] as const),
  )
  const request = await common.composeRequest({
    baseEndpoint: oci.endpoint,
    path: `/20160918/vnics/${items[0]?.vnicId}`,
    method: 'GET',
    defaultHeaders: {},
    headerParams: {},
    queryParams: {},
    pathParams: {},
  })
  const response = await new common.FetchHttpClient(new common.DefaultRequestSigner(provider), null).send(request)

  expect(await response.json()).toMatchObject({ privateIp: machine.sshd.host, lifecycleState: 'AVAILABLE' })
})

it('offers both instances of one name, and filters by state', async () => {
  await using other = new BashMachine('web-1')
  await using fixture = await startFixture({
    machines: [{ machine: other, displayName: 'web-1', lifecycleState: 'TERMINATED' }],
  })
  const { client, oci } = fixture
  const query = { compartmentId: oci.compartmentId, displayName: 'web-1' }

  expect((await client.listInstances(query)).items).toHaveLength(2)
  expect((await client.listInstances({ ...query, lifecycleState: 'RUNNING' })).items).toHaveLength(1)
  expect(oci.instanceIds('web-1')).toHaveLength(2)
  expect(oci.instanceIds('web-9')).toEqual([])
})

it('hands out lists in pages', async () => {
  await using other = new BashMachine('db-1')
  await using fixture = await startFixture({ machines: [{ machine: other, displayName: 'db-1' }] })
  const { client, oci } = fixture
  const query = {
    compartmentId: oci.compartmentId,
    limit: 1,
    sortBy: core.requests.ListInstancesRequest.SortBy.Displayname,
  }

  const first = await client.listInstances(query)
  const second = await client.listInstances({ ...query, page: first.opcNextPage })

  expect([first, second].map(({ items }) => items[0]?.displayName)).toEqual(['db-1', 'web-1'])
  expect(second.opcNextPage ?? null).toBeNull()
  await expect(client.listInstances({ ...query, page: 'nonsense' })).rejects.toMatchObject({ statusCode: 400 })
})

it('answers 401 to a key it does not know and to a signature that is not of the known key', async () => {
  await using fixture = await startFixture()
  const { oci, user, instanceId } = fixture
  const wrongKey = { ...user, privateKeyPem: newApiUser().privateKeyPem }
  const unknownUser = { ...user, userId: 'ocid1.user.oc1..somebody' }

  for (const stranger of [wrongKey, unknownUser]) {
    await expect(sdkFor(oci, stranger).getInstance({ instanceId })).rejects.toMatchObject({
      statusCode: 401,
      serviceCode: 'NotAuthenticated',
      message: 'Failed to verify the HTTP(S) Signature',
    })
  }
})

it('answers 401 to a request without signature', async () => {
  await using fixture = await startFixture()

  const response = await fetch(`${fixture.oci.endpoint}/20160918/instances/${fixture.instanceId}`)

  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ code: 'NotAuthenticated' })
  expect(response.headers.get('opc-request-id')).toMatch(/^\w{32}\/\w{32}\/\w{32}$/)
})

it('does not tell whether an instance is unknown or somebody else’s', async () => {
  await using fixture = await startFixture()

  await expect(fixture.client.getInstance({ instanceId: 'ocid1.instance.oc1.nowhere' })).rejects.toMatchObject({
    statusCode: 404,
    serviceCode: 'NotAuthorizedOrNotFound',
  })
  await expect(fixture.client.listInstances({ compartmentId: 'ocid1.compartment.oc1..x' })).rejects.toMatchObject({
    statusCode: 404,
  })
})

it('resets the machine at once and passes through the states', async () => {
  await using fixture = await startFixture({ delays: { instanceStopping: 1500 } })
  const { client, instanceId, machine } = fixture
  const before = machine.pid

  const { instance } = await client.instanceAction({ instanceId, action: 'RESET' })

  expect(instance.lifecycleState).toBe('STOPPING')
  expect(machine.pid).not.toBe(before)
  await expect(client.instanceAction({ instanceId, action: 'RESET' })).rejects.toMatchObject({
    statusCode: 409,
    message: `instance ${instanceId} is currently being modified, try again later`,
  })
  await eventually(async () =>
    expect((await client.getInstance({ instanceId })).instance.lifecycleState).toBe('RUNNING'),
  )
})

it('stops and starts the machine, and refuses what its state does not allow', async () => {
  await using fixture = await startFixture()
  const { client, instanceId, machine } = fixture
  const state = async () => (await client.getInstance({ instanceId })).instance.lifecycleState

  await expect(client.instanceAction({ instanceId, action: 'START' })).rejects.toMatchObject({
    statusCode: 409,
    serviceCode: 'IncorrectState',
  })
  await client.instanceAction({ instanceId, action: 'STOP' })
  await eventually(async () => expect(await state()).toBe('STOPPED'))
  expect(machine.power()).toBe('off')
  await expect(client.instanceAction({ instanceId, action: 'RESET' })).rejects.toMatchObject({ statusCode: 409 })
  await client.instanceAction({ instanceId, action: 'START' })
  await eventually(async () => expect(await state()).toBe('RUNNING'))
  expect(machine.power()).toBe('on')
  await expect(client.instanceAction({ instanceId, action: 'EXPLODE' })).rejects.toMatchObject({ statusCode: 400 })
})

it('uses force when the guest does not follow the power button', async () => {
  await using fixture = await startFixture({ delays: { guestShutdown: 1500 } })
  const { client, instanceId, machine } = fixture
  machine.ignoresPowerButton = true
  const before = machine.pid

  await client.instanceAction({ instanceId, action: 'SOFTRESET' })
  expect(machine.pid).toBe(before)
  await eventually(() => expect(machine.pid).not.toBe(before))
  await eventually(async () =>
    expect((await client.getInstance({ instanceId })).instance.lifecycleState).toBe('RUNNING'),
  )
  await client.instanceAction({ instanceId, action: 'SOFTSTOP' })
  await eventually(() => expect(machine.power()).toBe('off'))
})

it('does an action once for one retry token', async () => {
  await using fixture = await startFixture()
  const { client, instanceId, machine } = fixture
  const call = { instanceId, action: 'RESET', opcRetryToken: 'once' }

  await client.instanceAction(call)
  const pid = machine.pid
  await client.instanceAction(call)

  expect(machine.pid).toBe(pid)
  await expect(client.instanceAction({ ...call, action: 'STOP' })).rejects.toMatchObject({
    serviceCode: 'InvalidatedRetryToken',
  })
})

it('captures the console history and hands it out in pieces', async () => {
  await using fixture = await startFixture()
  const { client, instanceId, machine, oci, user } = fixture
  machine.say('x'.repeat(20_000))

  const { consoleHistory } = await client.captureConsoleHistory({ captureConsoleHistoryDetails: { instanceId } })
  expect(consoleHistory.lifecycleState).toBe('REQUESTED')
  const instanceConsoleHistoryId = consoleHistory.id
  await eventually(async () => {
    const got = await client.getConsoleHistory({ instanceConsoleHistoryId })
    expect(got.consoleHistory.lifecycleState).toBe('SUCCEEDED')
  })

  // The SDK's getConsoleHistoryContent parses text as JSON and fails, so the request is put together by hand.
  const provider = new common.SimpleAuthenticationDetailsProvider(
    ...([user.tenancyId, user.userId, user.fingerprint, user.privateKeyPem, null] as const),
  )
  const request = await common.composeRequest({
    baseEndpoint: oci.endpoint,
    path: `/20160918/instanceConsoleHistories/${instanceConsoleHistoryId}/data`,
    method: 'GET',
    defaultHeaders: {},
    headerParams: {},
    queryParams: { offset: 100, length: 15_000 },
    pathParams: {},
  })
  const response = await new common.FetchHttpClient(new common.DefaultRequestSigner(provider), null).send(request)
  const content = new Uint8Array(await response.arrayBuffer())

  expect(content).toHaveLength(15_000)
  expect(Number(response.headers.get('opc-bytes-remaining'))).toBeGreaterThanOrEqual(20_000 - 15_100)
  await client.deleteConsoleHistory({ instanceConsoleHistoryId })
  const { items } = await client.listConsoleHistories({ compartmentId: oci.compartmentId })
  expect(items).toEqual([])
})

it('answers as a test planned it, as often as planned', async () => {
  await using fixture = await startFixture()
  const { client, oci, instanceId } = fixture
  vi.spyOn(console, 'warn').mockReturnValue(undefined)

  for (const status of [401, 404, 409, 429, 500]) {
    oci.faults.next({ method: 'GET', path: /\/instances\// }, { kind: 'answer', status })
    await expect(client.getInstance({ instanceId })).rejects.toMatchObject({ statusCode: status })
  }
  oci.faults.next({}, { kind: 'answer', status: 429 }, 2)
  await expect(client.getInstance({ instanceId })).rejects.toMatchObject({ serviceCode: 'TooManyRequests' })
  await expect(client.getInstance({ instanceId })).rejects.toMatchObject({ statusCode: 429 })
  expect((await client.getInstance({ instanceId })).instance.id).toBe(instanceId)
})

it('hangs, drops, or does the work and loses the answer', async () => {
  await using fixture = await startFixture()
  const { client, oci, instanceId, machine } = fixture
  vi.spyOn(console, 'warn').mockReturnValue(undefined)

  oci.faults.next({ method: 'GET' }, { kind: 'hang' })
  const hanging = client.getInstance({ instanceId }).then(() => 'answered')
  expect(await Promise.race([hanging, sleep(200, 'hangs')])).toBe('hangs')
  hanging.catch((error: unknown) => error)

  oci.faults.next({ method: 'GET' }, { kind: 'drop' })
  await expect(client.getInstance({ instanceId })).rejects.toBeTruthy()

  const before = machine.pid
  oci.faults.next({ method: 'POST' }, { kind: 'lose-answer' })
  await expect(client.instanceAction({ instanceId, action: 'RESET' })).rejects.toBeTruthy()
  expect(machine.pid).not.toBe(before)
})

it('refuses a change that was meant for an older state', async () => {
  await using fixture = await startFixture()
  const connection = await activeConnection(fixture, newConsoleKey())

  const late = fixture.client.deleteInstanceConsoleConnection({
    instanceConsoleConnectionId: connection.id ?? '',
    ifMatch: 'seen-long-ago',
  })

  await expect(late).rejects.toMatchObject({ statusCode: 412, serviceCode: 'NoEtagMatch' })
})
