/**
 * What an OpenSSH client needs as files: a private directory for as long as the line
 * is open. The key is the only secret in it, and this is the only way in which it ever
 * touches a disk (docs/decisions/005-openssh-as-second-client.md).
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The hops by the names under which `known_hosts` has their keys. */
export type HopName = 'gateway' | 'console'

export class OpensshDirectory implements AsyncDisposable {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  static async make(privateKey: string): Promise<OpensshDirectory> {
    // Mode 0700, with a name that nobody knows before.
    const directory = new OpensshDirectory(await mkdtemp(join(tmpdir(), 'oci-rescue-ssh-')))
    await writeFile(directory.key, privateKey, { mode: 0o600, flag: 'wx' })
    await writeFile(directory.log, '', { mode: 0o600, flag: 'wx' })
    return directory
  }

  get key(): string {
    return join(this.#path, 'key')
  }

  /** What the clients of both hops say that is not the line's. */
  get log(): string {
    return join(this.#path, 'log')
  }

  knownHosts(hop: HopName): string {
    return join(this.#path, `known_hosts.${hop}`)
  }

  async said(): Promise<string> {
    return await readFile(this.log, 'utf8')
  }

  /** The host key that a hop has shown, as it travels on the wire; undefined when it never came to that. */
  async shownKey(hop: HopName): Promise<Buffer | undefined> {
    const text = await readFile(this.knownHosts(hop), 'utf8').catch(noneIfMissing)
    // sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT": names, key type, the key in base64.
    const key = text.split('\n')[0]?.split(' ')[2]
    return key === undefined ? undefined : Buffer.from(key, 'base64')
  }

  /** Both hops have taken the key: nobody needs it any more. */
  async forgetKey(): Promise<void> {
    await rm(this.key, { force: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }
}

function noneIfMissing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}
