/** The worker's world, as production makes it, in front of the stand-in for OCI. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fence, World } from '../../core/rescue/world.ts'
import type { OciStandIn } from '../../deploy/local/oci/oci.ts'
import type { ApiUser } from '../../deploy/local/oci/oci-fixture.ts'
import { type OciAccess, signIn } from '../../workers/oci/sign-in.ts'
import { KeyStock } from '../../workers/serial/key-stock.ts'
import type { SshClient } from '../../workers/serial/open-console.ts'
import { worldFor } from '../../workers/world.ts'

/** A stand-in, and somebody whom it knows. */
interface Cloud {
  readonly oci: OciStandIn
  readonly user: ApiUser
}

/** The rescue is this worker's, and nobody is asked for a password. */
const OPEN_FENCE: Fence = async () => {}
const NO_ANSWERS = { take: async () => undefined }
/** One for all worlds of a test file: a key costs a processor half a second, and most worlds need none. */
const KEYS = new KeyStock()

/** Signed in as that somebody, as a worker is. */
export async function accessOf({ oci, user }: Cloud): Promise<OciAccess> {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-config-'))
  const configFile = await writeConfig(directory, user)
  const settings = { auth: 'config', configFile, profile: 'DEFAULT', region: 'ap-tokyo-1' } as const
  const access = await signIn({ ...settings, endpoint: oci.endpoint })
  await rm(directory, { recursive: true })
  return access
}

export async function worldOf(
  { oci, user }: Cloud,
  options: { fence?: Fence; user?: ApiUser; sshClient?: SshClient } = {},
): Promise<World> {
  const access = await accessOf({ oci, user: options.user ?? user })
  const settings = {
    access,
    compartments: [oci.compartmentId],
    loginPort: 22,
    keys: KEYS,
    answers: NO_ANSWERS,
    passwords: { put: async () => undefined, lifeMs: 1 },
  }
  const { sshClient = 'auto' } = options
  return worldFor({ ...settings, sshClient }, options.fence ?? OPEN_FENCE)
}

/** As `oci setup config` would; resolves with its path. */
export async function writeConfig(directory: string, user: ApiUser): Promise<string> {
  const keyFile = join(directory, 'key.pem')
  const configFile = join(directory, 'config')
  await writeFile(keyFile, user.privateKeyPem)
  const { userId, tenancyId, fingerprint } = user
  const lines = [`user=${userId}`, `fingerprint=${fingerprint}`, `tenancy=${tenancyId}`, 'region=ap-tokyo-1']
  await writeFile(configFile, ['[DEFAULT]', ...lines, `key_file=${keyFile}`, ''].join('\n'))
  return configFile
}
