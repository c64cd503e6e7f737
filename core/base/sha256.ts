/** SHA-256 as it is written down: in hex, of bytes or of a text in UTF-8. */
import { createHash } from 'node:crypto'

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
