/** The public key of a person who wants a console of their own: OCI takes one kind of key here, and says so only late. */
import { RescueError } from '../../core/base/errors.ts'
import { readPastedKey } from '../../core/record/public-key.ts'

/**
 * The key as OCI gets it: without the comment, which often names a person and a computer.
 * @throws RescueError `key-refused` (details.why), `console-key-not-rsa` (details.type)
 */
export function personalKey(publicKey: string): string {
  const key = readPastedKey(publicKey)
  if (key.kind === 'refused') {
    const details = { why: key.why }
    throw new RescueError('operator', 'key-refused', `the public key is refused: ${key.why}`, { details })
  }
  const { type } = key.facts
  if (type !== 'ssh-rsa')
    throw new RescueError('operator', 'console-key-not-rsa', `OCI takes no ${type} key for its consoles`, {
      details: { type },
    })
  const [, base64 = ''] = key.line.split(' ')
  return `${type} ${base64} oci-rescue`
}
