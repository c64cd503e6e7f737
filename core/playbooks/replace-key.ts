/**
 * The playbook for a lost key: puts a new public key into the file that sshd reads for a
 * user, in the place of the old ones or beside them.
 */
import { RescueError } from '../base/errors.ts'
import type { Owner } from '../record/changes.ts'
import type { ReplaceKey } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { findUnmounted } from './fstab.ts'
import { type Found, inspect, onTheWay, refuseFixed } from './inspect.ts'
import { lookAtSystem } from './look-at-system.ts'
import { mountFor } from './mounts.ts'
import { hasControlCharacters, type PasswdEntry, refusesLogin } from './passwd.ts'
import type { Notice, Playbook } from './playbook.ts'
import { readText } from './read-text.ts'
import { propose } from './replace-key-proposal.ts'
import { isBelow } from './sshd-config.ts'

/** Thousands of keys; more is no authorized_keys file, and minutes on a serial line. */
const LARGEST_FILE_BYTES = 1024 * 1024

export interface ReplaceKeyFacts {
  readonly user: PasswdEntry
  readonly keysFile: string
  /** What lies on the way to the file, outermost first: from the home on, or from `/` for a file outside of it. */
  readonly directories: readonly { readonly path: string; readonly found: Found }[]
  /** The file as it is; null when there is none. */
  readonly present: { readonly text: string; readonly mode: string; readonly owner: Owner } | null
  readonly selinux: boolean
  readonly notices: readonly Notice[]
}

/** Its facts are values, and the decision is in `replace-key-proposal.ts`. */
export const replaceKey: Playbook<ReplaceKey, ReplaceKeyFacts> = {
  name: 'replace-key',
  looksAgain: false,
  look,
  propose,
}

async function look(shell: Shell, request: ReplaceKey, signal: AbortSignal): Promise<ReplaceKeyFacts> {
  const { user, keysFile, passedOver, fstab, selinux, found } = await seeMounted(shell, request.user, signal)
  const way = onTheWay(keysFile)
  refuseUnmounted(fstab, user, keysFile, found)
  if (found(user.home).kind !== 'directory') throw withoutHome(user)
  const parents = way.slice(0, -1).filter((path) => !isBelow(keysFile, user.home) || isInOrAt(path, user.home))
  const directories = parents.map((path) => ({ path, found: found(path) }))
  for (const { path, found } of directories) refuseUnsafe(path, found, 'directory')
  const [innermost] = directories.filter(({ found }) => found.kind !== 'none').slice(-1)
  if (innermost !== undefined) refuseFixed(innermost.path, innermost.found)
  return {
    user,
    keysFile,
    directories,
    present: await readKeys(shell, keysFile, found(keysFile), signal),
    selinux,
    notices: [
      ...passedOver.map((block) => ({ code: 'match-block-passed-over', details: { block } })),
      ...(refusesLogin(user) ? [{ code: 'user-refuses-login', details: { user: user.name, shell: user.shell } }] : []),
    ],
  }
}

/** What is mounted only now may have links in it: then all of it is read once more. */
async function seeMounted(shell: Shell, name: string, signal: AbortSignal) {
  const seen = await see(shell, name, signal)
  if (unmountedOf(seen.fstab, seen.user, seen.keysFile, seen.found) === undefined) return seen
  await mountFor(shell, [seen.user.home, seen.keysFile], signal)
  return await see(shell, name, signal)
}

async function see(shell: Shell, name: string, signal: AbortSignal) {
  const system = await lookAtSystem(shell, name, signal)
  const { user, keysFile } = system
  if (hasControlCharacters(keysFile)) throw unsafe(keysFile.replaceAll(/[^ -~]/g, '?'), 'odd-name')
  return { ...system, found: await inspect(shell, [...new Set([user.home, keysFile].flatMap(onTheWay))], signal) }
}

function unmountedOf(fstab: readonly string[], user: PasswdEntry, keysFile: string, found: (path: string) => Found) {
  const device = (path: string) => {
    const at = found(path)
    return at.kind === 'none' ? undefined : at.device
  }
  return findUnmounted(fstab, user.home, device) ?? findUnmounted(fstab, keysFile, device)
}

function refuseUnmounted(
  fstab: readonly string[],
  user: PasswdEntry,
  keysFile: string,
  found: (path: string) => Found,
): void {
  const unmounted = unmountedOf(fstab, user, keysFile, found)
  if (unmounted === undefined) return
  throw new RescueError('operator', 'home-not-mounted', `${unmounted.mountPoint} is not mounted here`, {
    details: { user: user.name, home: user.home, ...unmounted },
  })
}

function withoutHome({ name: user, home }: PasswdEntry): RescueError {
  return new RescueError('operator', 'user-without-home', `${home}, the home of ${user}, is no directory`, {
    details: { user, home },
  })
}

function isInOrAt(path: string, directory: string): boolean {
  return path === directory || isBelow(path, directory)
}

/**
 * Below a home, links belong to its user: following them as root would let that user choose what root writes to,
 * and renaming a new file into place would cut them.
 */
function refuseUnsafe(path: string, found: Found, wanted: 'file' | 'directory'): void {
  if (found.kind === 'none') return
  if (found.kind === 'symlink') throw unsafe(path, 'symlink')
  if (found.kind !== wanted) throw unsafe(path, `no-${wanted}`)
}

function unsafe(path: string, found: string): RescueError {
  return new RescueError('operator', 'unsafe-path', `${path} is ${found}`, { details: { path, found } })
}

async function readKeys(
  shell: Shell,
  path: string,
  found: Found,
  signal: AbortSignal,
): Promise<ReplaceKeyFacts['present']> {
  refuseUnsafe(path, found, 'file')
  if (found.kind === 'none') return null
  return await readText(shell, path, found, signal, LARGEST_FILE_BYTES)
}
