/** The key pair of one console connection. It is made in memory, and dies with the rescue. */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'

export interface ConsoleKey {
  /** PKCS#1 PEM, which ssh2 reads. */
  readonly privateKey: string
  /** One line in OpenSSH's form. */
  readonly publicKey: string
}

/** OCI takes RSA only; 3072 bits are good beyond 2030 (NIST SP 800-57, part 1, table 2) and worked in the field. */
const BITS = 3072

export async function makeConsoleKey(): Promise<ConsoleKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: BITS })
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const key = ssh2.utils.parseKey(pem)
  if (key instanceof Error) throw key
  return { privateKey: pem, publicKey: `ssh-rsa ${key.getPublicSSH().toString('base64')} oci-rescue` }
}
