/**
 * What `replace-key` wants to change, from what it saw and what was asked for. Pure.
 */
import { RescueError } from '../base/errors.ts'
import { type Attributes, type Change, isSameAttributes } from '../record/changes.ts'
import type { ReplaceKey } from '../record/playbooks.ts'
import { readPastedKey } from '../record/public-key.ts'
import { because, type Reason } from '../record/reasons.ts'
import { withoutOthersWriting } from './attributes.ts'
import { addKey, onlyKey } from './authorized-keys.ts'
import type { Found } from './inspect.ts'
import type { Proposal } from './playbook.ts'
import type { ReplaceKeyFacts } from './replace-key.ts'
import { isBelow } from './sshd-config.ts'

/** @throws RescueError `key-refused` when the request does not hold one good public key */
export function propose(facts: ReplaceKeyFacts, request: ReplaceKey, rescueId: string): Proposal {
  const { user, keysFile, selinux, notices } = facts
  const changes = [...proposeDirectories(facts), ...proposeFile(facts, request, rescueId)]
  if (changes.length > 0) return { kind: 'changes', plan: { user: user.name, changes, selinux }, notices }
  return { kind: 'nothing-to-change', details: { user: user.name, path: keysFile }, notices }
}

function proposeDirectories(facts: ReplaceKeyFacts): readonly Change[] {
  return facts.directories.flatMap(({ path, found }): readonly Change[] => {
    const before = found.kind === 'none' ? null : { mode: found.mode, owner: found.owner }
    const { after, why } = wantedDirectory(facts, path, found)
    if (before !== null && isSameAttributes(before, after)) return []
    return [{ kind: 'ensure-directory', path, before, after, why: [why] }]
  })
}

interface WantedDirectory {
  readonly after: Attributes
  readonly why: Reason
}

/** sshd with StrictModes refuses keys when others could write on the way from the home to the file (auth.c). */
function wantedDirectory({ user, keysFile }: ReplaceKeyFacts, path: string, found: Found): WantedDirectory {
  const owner = { uid: user.uid, gid: user.gid }
  if (!isBelow(keysFile, user.home)) return outsideDirectory(found)
  const holdsFile = path === keysFile.slice(0, keysFile.lastIndexOf('/'))
  if (found.kind === 'none')
    return { after: { mode: '0700', owner }, why: because('keys-directory', { user: user.name }) }
  if (path !== user.home && holdsFile)
    return { after: { mode: '0700', owner }, why: because('keys-directory-private', { user: user.name }) }
  const isSafeOwner = found.owner.uid === user.uid || found.owner.uid === 0
  const after = { mode: withoutOthersWriting(found), owner: isSafeOwner ? found.owner : owner }
  return { after, why: because('keys-directory-open', { user: user.name }) }
}

/** Such a directory is the administrator's and may hold the keys of many: made when missing, else left alone. */
function outsideDirectory(found: Found): WantedDirectory {
  const why = because('keys-directory-elsewhere')
  if (found.kind === 'none') return { after: { mode: '0755', owner: { uid: 0, gid: 0 } }, why }
  return { after: { mode: found.mode, owner: found.owner }, why }
}

function proposeFile(facts: ReplaceKeyFacts, request: ReplaceKey, rescueId: string): readonly Change[] {
  const { keysFile: path, present, user } = facts
  const key = readPastedKey(request.publicKey)
  if (key.kind === 'refused') {
    throw new RescueError('operator', 'key-refused', `the public key is refused: ${key.why}`, {
      details: { why: key.why },
    })
  }
  const before = present?.text ?? null
  const after = request.keepExisting ? addKey(before ?? '', key.line) : onlyKey(key.line)
  const wanted = wantedFile(facts)
  const isRight = present !== null && isSameAttributes(present, wanted)
  if (before === after && isRight) return []
  const backup = before === null ? null : `${path}.old-${rescueId}`
  const { fingerprint } = key.facts
  const names = { fingerprint, user: user.name }
  const changed = request.keepExisting ? because('key-added', names) : because('key-only', names)
  const why = before === after ? because('key-there-already', { fingerprint }) : changed
  return [{ kind: 'replace-file', path, before, after, backup, ...wanted, why: [why] }]
}

/** An administrator's file outside of the home stays theirs: sshd reads it as the user, so it may be open to read. */
function wantedFile({ keysFile, present, user }: ReplaceKeyFacts): Attributes {
  const ours = { mode: '0600', owner: { uid: user.uid, gid: user.gid } }
  if (present === null || isBelow(keysFile, user.home)) return ours
  if (present.owner.uid !== 0 && present.owner.uid !== user.uid) return ours
  return { mode: withoutOthersWriting(present), owner: present.owner }
}
