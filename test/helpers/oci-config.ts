/** A configuration file of OCI's SDK with a key of its own: well-formed, and known to no tenancy. */
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Gives the file's path. */
export async function writeOciConfig(directory: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keyFile = join(directory, 'key.pem')
  const configFile = join(directory, 'config')
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const names = ['user=ocid1.user.oc1..u', 'tenancy=ocid1.tenancy.oc1..t', 'fingerprint=00:11', 'region=ap-tokyo-1']
  await writeFile(configFile, ['[DEFAULT]', ...names, `key_file=${keyFile}`, ''].join('\n'))
  return configFile
}
