/** Which OpenSSH this computer has, if any. */
import { execFile } from 'node:child_process'
import { isAtLeast, readVersion, type Version } from '../../core/base/version.ts'
import { opensshEnvironment } from './openssh-process.ts'

/** It brought `PubkeyAcceptedAlgorithms`, by which new clients still sign for OCI's consoles. */
export const LEAST_OPENSSH: Version = [8, 5]

export interface OpensshVersion {
  /** As it says it: `OpenSSH_9.2p1 Debian-2, OpenSSL 3.0.15`. */
  readonly words: string
  readonly isEnough: boolean
}

/** Undefined when there is no `ssh`, or it is another one's. */
export async function opensshVersion(signal: AbortSignal): Promise<OpensshVersion | undefined> {
  const { promise, resolve } = Promise.withResolvers<string>()
  // It says so on standard error, and ends with 0.
  execFile('ssh', ['-V'], { env: opensshEnvironment(), signal }, (_, out, err) => resolve(`${out}${err}`))
  return readOpensshVersion(await promise)
}

export function readOpensshVersion(said: string): OpensshVersion | undefined {
  const words = /^OpenSSH_.*$/m.exec(said)?.[0]
  const version = readVersion(words ?? '')
  if (words === undefined || version === undefined) return undefined
  return { words, isEnough: isAtLeast(version, LEAST_OPENSSH) }
}
