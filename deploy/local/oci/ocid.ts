/** OCIDs that look like OCI's: `ocid1.<type>.oc1.<region>.<60 letters and digits>`. */
import { randomBytes } from 'node:crypto'

/** These two regions stand in OCIDs with their old short keys, all others with their name. */
const SHORT_KEYS: Readonly<Record<string, string>> = { 'us-phoenix-1': 'phx', 'us-ashburn-1': 'iad' }

/** Lower case only: OpenSSH lower-cases host names, and an instance's OCID is used as one. */
const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'

/** A new OCID of the given type, e.g. `instance`; the region is empty for what belongs to a whole tenancy. */
export function newOcid(type: string, region: string): string {
  const unique = [...randomBytes(60)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return `ocid1.${type}.oc1.${SHORT_KEYS[region] ?? region}.${unique}`
}
