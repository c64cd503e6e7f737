/** Logs in with OpenSSH, as the person would whose key it is. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from './commands.ts'

export interface Login {
  readonly host: string
  readonly port: number
  readonly user: string
  /** Of the key that was let in, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string
}

/** A key pair such as people make: Ed25519, no passphrase, in a directory that the caller deletes. */
export async function makeKeyPair(directory: string, signal: AbortSignal): Promise<{ key: string; identity: string }> {
  const identity = join(directory, 'new-key')
  await runCommand('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'demo', '-f', identity], {}, signal)
  return { key: `${identity}.pub`, identity }
}

type LoginTarget = Omit<Login, 'fingerprint'>

/** Runs `id -un` over a new SSH connection; throws what ssh said when there is no way in. */
export async function logIn(target: LoginTarget, identity: string, signal: AbortSignal): Promise<Login> {
  const answer = await runOverSsh(target, identity, ['id', '-un'], signal)
  if (answer.trim() !== target.user) throw new Error(`logged in as ${answer.trim()}, not as ${target.user}`)
  return { ...target, fingerprint: await fingerprintOf(identity, signal) }
}

/** Gives what the command has written to its stdout; throws what ssh or the command said when it failed. */
export async function runOverSsh(
  target: LoginTarget,
  identity: string,
  command: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-login-'))
  try {
    const options = {
      IdentitiesOnly: 'yes',
      BatchMode: 'yes',
      PasswordAuthentication: 'no',
      // The machine's host key is new to this throw-away list; whether it is the right one is not asked here.
      StrictHostKeyChecking: 'accept-new',
      UserKnownHostsFile: join(directory, 'known_hosts'),
      ConnectTimeout: '15',
    }
    const settings = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
    const address = ['-p', String(target.port), `${target.user}@${target.host}`]
    // No `-F none`: that would also ignore the system's algorithms; /dev/null is an empty user configuration.
    const args = ['-F', '/dev/null', '-i', identity, ...settings, ...address, ...command]
    return await runCommand('ssh', args, {}, signal)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function fingerprintOf(file: string, signal: AbortSignal): Promise<string> {
  const [, fingerprint = ''] = (await runCommand('ssh-keygen', ['-lf', file], {}, signal)).split(' ')
  return fingerprint
}
