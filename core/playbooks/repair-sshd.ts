/**
 * The playbook for an sshd that does not start, or lets somebody not in: what `sshd -t` does not understand becomes a
 * comment, host keys and owners and modes are set right, its unit is enabled, its lists let the named user in.
 */
import { isDeepStrictEqual } from 'node:util'
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { Sshd } from '../record/playbooks.ts'
import { because, type Reason } from '../record/reasons.ts'
import { setAttributes, withoutOthersWriting } from './attributes.ts'
import { onLines, withoutLines } from './edit-lines.ts'
import { type Found, onTheWay } from './inspect.ts'
import { lookAtSshd, NOT_TO_BE_RUN, type SshdFacts, TOOLS } from './look-at-sshd.ts'
import type { Notice, Playbook, Proposal } from './playbook.ts'
import type { TextFile } from './read-text.ts'
import { letIn } from './sshd-access.ts'
import { MAIN_CONFIG, readSettings } from './sshd-config.ts'
import { runOf } from './tool-run.ts'

/** Made at each boot by systemd-tmpfiles(8), for what is in /run is gone with it. */
const TMPFILES = '/etc/tmpfiles.d/sshd-run-directory.conf'
const ROOT = { uid: 0, gid: 0 }

export const repairSshd: Playbook<Sshd, SshdFacts> = {
  name: 'sshd',
  looksAgain: true,
  look: (shell, { user }, signal) => lookAtSshd(shell, user, signal),
  propose,
}

/** @throws RescueError `tool-missing`, `sshd-unclear` when sshd has something against starting that is not understood */
function propose(facts: SshdFacts, _request: Sshd, rescueId: string): Proposal {
  const config = configuration(facts, rescueId)
  const changes: Change[] = [
    ...config.changes,
    ...hostKeys(facts),
    ...directory(facts),
    ...privilegeUser(facts),
    ...strictModes(facts),
    ...atBoot(facts, rescueId),
  ]
  const { notices } = config
  if (changes.length > 0) {
    const user = facts.login?.user ?? null
    return { kind: 'changes', plan: { user, changes, selinux: facts.selinux }, notices }
  }
  if (!facts.starts && !facts.complaints.some(({ kind }) => kind === 'no-directory')) throw unclear(facts.said)
  return { kind: 'nothing-to-change', details: { path: MAIN_CONFIG }, notices }
}

function unclear(said: string): RescueError {
  return new RescueError('machine', 'sshd-unclear', `sshd does not start: ${said}`, { details: { said } })
}

/** One change for each file, be it for what is not understood or for whom it shuts out. */
function configuration(facts: SshdFacts, rescueId: string): { changes: readonly Change[]; notices: readonly Notice[] } {
  const { login, config, files, complaints } = facts
  if (!files.has(MAIN_CONFIG)) return { changes: fromTemplate(facts), notices: [] }
  const access = login === null ? { edits: [], notices: [] } : letIn(readSettings(config, login.user).settings, login)
  const changes = [...files.values()].flatMap((file) => {
    const broken = complaints.flatMap((one) => (one.kind === 'line' && one.path === file.path ? [one] : []))
    const edits = access.edits.filter(({ path }) => path === file.path)
    const edited = edits.reduce((text, { line, edit }) => onLines(text, [line], keepingReturn(edit)), file.text)
    const lines = broken.flatMap(({ line }) => withItsBlock(file.text, line))
    const after = withoutLines(edited, lines, `not understood, rescue ${rescueId}`)
    if (after === file.text) return []
    const reasons = [
      ...broken.map(({ line, problem }) => because('sshd-line-not-understood', { line: `${line}`, problem })),
      ...edits.map(({ why }) => why),
    ]
    return [replaceFile(file, after, withoutRepeats(reasons), rescueId)]
  })
  return { changes, notices: access.notices }
}

/** A name may have stood in a list several times. */
function withoutRepeats(reasons: readonly Reason[]): Reason[] {
  return reasons.filter((one, index) => reasons.findIndex((other) => isDeepStrictEqual(other, one)) === index)
}

/** What stands under a `Match` that is not understood would count for everybody without it. */
function withItsBlock(text: string, line: number): readonly number[] {
  const lines = text.split('\n')
  const isMatch = (number: number) => /^\s*"?match\b/i.test(lines[number - 1] ?? '')
  if (!isMatch(line)) return [line]
  const block = [line]
  for (let next = line + 1; next <= lines.length && !isMatch(next); next += 1)
    if (/^\s*[^#\s]/.test(lines[next - 1] ?? '')) block.push(next)
  return block
}

/** Files from other systems have a carriage return at the end of each line: it stays. */
function keepingReturn(edit: (line: string) => string): (line: string) => string {
  return (line) => edit(line.replace(/\r$/, '')) + (line.endsWith('\r') ? '\r' : '')
}

function replaceFile({ path, text, mode, owner }: TextFile, after: string, why: Reason[], rescueId: string): Change {
  return { kind: 'replace-file', path, before: text, after, backup: `${path}.old-${rescueId}`, mode, owner, why }
}

function fromTemplate({ template, complaints, said }: SshdFacts): readonly Change[] {
  if (!complaints.some(({ kind }) => kind === 'no-config')) return []
  if (template === null) throw unclear(said)
  const why = [because('sshd-config-of-package')]
  const file = { before: null, after: template, backup: null, mode: '0644', owner: ROOT, why }
  return [{ kind: 'replace-file', path: MAIN_CONFIG, ...file }]
}

/** Keys that are there are kept, for everybody who has logged in before knows them. */
function hostKeys({ complaints, hostKeys, tools, selinux }: SshdFacts): readonly Change[] {
  const open = hostKeys.flatMap(({ path, found }) => closed(path, found))
  if (open.length > 0 || !complaints.some(({ kind }) => kind === 'no-host-keys')) return open
  const why = because('sshd-no-host-keys')
  return [
    runOf(tools, [TOOLS.keygen, '-A'], null, why),
    ...(selinux ? [runOf(tools, [TOOLS.restorecon, '-RF', '/etc/ssh'], null, because('sshd-host-keys-context'))] : []),
  ]
}

/** Red Hat's sshd takes 0640 where the group is its own, so that only what others than root and a group can read is closed. */
function closed(path: string, found: Found): readonly Change[] {
  if (found.kind !== 'file') return []
  const bits = Number.parseInt(found.mode, 8)
  const isGroups = found.owner.gid !== 0 && (bits & 0o037) === 0
  if (found.owner.uid === 0 && ((bits & 0o077) === 0 || isGroups)) return []
  const after = { mode: '0600', owner: { uid: 0, gid: found.owner.gid } }
  return [setAttributes(path, found, after, because('sshd-host-key-open'))]
}

/** A directory in /run is missing in every maintenance shell; it is a fault only when nothing makes it at boot. */
function directory({ complaints, makesRunDirectory, found }: SshdFacts): readonly Change[] {
  return complaints.flatMap((complaint): readonly Change[] => {
    if (complaint.kind === 'loose-directory') {
      const there = found(complaint.path)
      if (there.kind !== 'directory') return []
      const after = { mode: withoutOthersWriting(there), owner: ROOT }
      return [setAttributes(complaint.path, there, after, because('sshd-directory-loose'))]
    }
    if (complaint.kind !== 'no-directory') return []
    const { path } = complaint
    if (/^\/(?:var\/)?run\//.test(path)) return makesRunDirectory ? [] : [atEachBoot(path)]
    const why = [because('sshd-directory-missing')]
    return onTheWay(path)
      .filter((one) => found(one).kind === 'none')
      .map((one) => ({
        ...{ kind: 'ensure-directory', path: one, before: null, why },
        after: { mode: one === path ? '0711' : '0755', owner: ROOT },
      }))
  })
}

function atEachBoot(path: string): Change {
  const why = [because('sshd-directory-not-made', { path })]
  const file = { before: null, after: `d ${path} 0755 root root -\n`, backup: null, mode: '0644', owner: ROOT, why }
  return { kind: 'replace-file', path: TMPFILES, ...file }
}

function privilegeUser({ complaints, tools }: SshdFacts): readonly Change[] {
  return complaints.flatMap((complaint) => {
    if (complaint.kind !== 'no-user') return []
    const { user } = complaint
    const make = [
      TOOLS.useradd,
      '--system',
      '--no-create-home',
      '--home-dir',
      '/',
      '--shell',
      '/usr/sbin/nologin',
      user,
    ]
    return [runOf(tools, make, [TOOLS.userdel, user], because('sshd-user-missing', { user }))]
  })
}

/** From the home to the file of keys: nobody but root and the user may write to it (StrictModes). */
function strictModes({ login, way }: SshdFacts): readonly Change[] {
  if (login === null) return []
  return way.flatMap(({ path, found }) => {
    if (found.kind !== 'file' && found.kind !== 'directory') return []
    const isOurs = [0, login.uid].includes(found.owner.uid)
    const mode = withoutOthersWriting(found)
    if (isOurs && mode === found.mode) return []
    const owner = isOurs ? found.owner : { uid: login.uid, gid: found.owner.gid }
    const why = because('sshd-keys-open', { user: login.user })
    return [setAttributes(path, found, { mode, owner }, why)]
  })
}

/** One of them is enough; what was masked by hand is unmasked only when nothing else starts sshd. */
function atBoot({ units, notToBeRun, tools }: SshdFacts, rescueId: string): readonly Change[] {
  return [...notForbidden(notToBeRun, rescueId), ...enabled(units, tools)]
}

function notForbidden(found: Found, rescueId: string): readonly Change[] {
  if (found.kind !== 'file' || found.sha256 === null) return []
  const why = [because('sshd-not-to-be-run')]
  const backup = `${NOT_TO_BE_RUN}.old-${rescueId}`
  return [{ kind: 'move-aside', path: NOT_TO_BE_RUN, sha256: found.sha256, backup, why }]
}

function enabled(units: SshdFacts['units'], tools: SshdFacts['tools']): readonly Change[] {
  if (units.length === 0 || units.some(({ isEnabled, isMasked }) => isEnabled && !isMasked)) return []
  const unit = units.find(({ name }) => name.endsWith('.service')) ?? units[0]
  if (unit === undefined) return []
  const systemctl = (verb: string) => [TOOLS.systemctl, '--root=/', verb, unit.name]
  const why = because(unit.isMasked ? 'sshd-unit-masked' : 'sshd-unit-not-enabled', { unit: unit.name })
  return [
    ...(unit.isMasked ? [runOf(tools, systemctl('unmask'), systemctl('mask'), why)] : []),
    ...(unit.isEnabled ? [] : [runOf(tools, systemctl('enable'), systemctl('disable'), why)]),
  ]
}
