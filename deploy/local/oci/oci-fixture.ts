/** What the tests of the stand-in share: a running one, the real SDK pointed at it, and keys made on the spot. */
import { generateKeyPairSync } from 'node:crypto'
import common from 'oci-common'
import core from 'oci-core'
import ssh2 from 'ssh2'
import { vi } from 'vitest'
import { BashMachine } from './bash-machine.ts'
import type { InstanceSetup } from './instance.ts'
import { type OciOptions, type OciStandIn, startOci } from './oci.ts'

/** On a computer that is busy with other things, too. */
const PATIENCE_MS = 30_000

/** Until `check` does not throw any more; then what it gives. */
export function eventually<T>(check: () => T | Promise<T>, intervalMs = 50): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, interval: intervalMs })
}

export interface ApiUser {
  readonly tenancyId: string
  readonly userId: string
  readonly fingerprint: string
  readonly publicKeyPem: string
  readonly privateKeyPem: string
}

/** An API key as a person would make one. */
export function newApiUser(): ApiUser {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    tenancyId: 'ocid1.tenancy.oc1..test',
    userId: 'ocid1.user.oc1..test',
    fingerprint: '11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00',
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

export function sdkFor({ endpoint }: OciStandIn, user: ApiUser): core.ComputeClient {
  const { tenancyId, userId, fingerprint, privateKeyPem } = user
  const provider = new common.SimpleAuthenticationDetailsProvider(tenancyId, userId, fingerprint, privateKeyPem, null)
  const client = new core.ComputeClient({ authenticationDetailsProvider: provider })
  client.endpoint = endpoint
  return client
}

export interface ConsoleKeyPair {
  readonly publicLine: string
  readonly privatePem: string
}

export function newConsoleKey(): ConsoleKeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privatePem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const key = ssh2.utils.parseKey(privatePem)
  if (key instanceof Error) throw key
  return { privatePem, publicLine: `ssh-rsa ${key.getPublicSSH().toString('base64')} rescue` }
}

export interface Fixture extends AsyncDisposable {
  readonly oci: OciStandIn
  readonly machine: BashMachine
  readonly user: ApiUser
  readonly client: core.ComputeClient
  readonly instanceId: string
}

/** States pass in a few hundredths of a second, still one by one. */
const QUICK = { connectionCreating: 60, connectionDeleting: 40, instanceStopping: 40, instanceStarting: 40 }

/** One machine that is on, `web-1`, and whatever else the test asks for. */
export async function startFixture(options: Partial<OciOptions> = {}): Promise<Fixture> {
  const machine = new BashMachine('web-1')
  await machine.start()
  const user = newApiUser()
  const web1: InstanceSetup = { machine, displayName: 'web-1' }
  const machines = [web1, ...(options.machines ?? [])]
  const delays = { ...QUICK, historyStep: 20, ...options.delays }
  const oci = await startOci({ region: 'ap-tokyo-1', apiKeys: [user], ...options, machines, delays })
  const [instanceId = ''] = oci.instanceIds('web-1')
  const client = sdkFor(oci, user)
  const dispose = async () => {
    await oci.close()
    await machine.close()
  }
  return { oci, machine, user, client, instanceId, [Symbol.asyncDispose]: dispose }
}

/** Creates a console connection and waits until it is ACTIVE. */
export async function activeConnection(
  { client, instanceId }: Fixture,
  { publicLine }: ConsoleKeyPair,
): Promise<core.models.InstanceConsoleConnection> {
  const { instanceConsoleConnection } = await client.createInstanceConsoleConnection({
    createInstanceConsoleConnectionDetails: { instanceId, publicKey: publicLine },
  })
  const instanceConsoleConnectionId = instanceConsoleConnection.id ?? ''
  for (;;) {
    const got = await client.getInstanceConsoleConnection({ instanceConsoleConnectionId })
    if (got.instanceConsoleConnection.lifecycleState === 'ACTIVE') return got.instanceConsoleConnection
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
