/**
 * The playbook for a sudo(8) that refuses to work: what visudo(8) does not understand is put aside, a broken file of
 * the directory as a whole and a broken line of the main file as a comment; owners and modes are set as sudo wants them.
 */
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { Sudoers } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { ask, tagged } from './answers.ts'
import { isWritableByOthers, setAttributes, withoutOthersWriting } from './attributes.ts'
import { withoutLines } from './edit-lines.ts'
import { type Found, inspect } from './inspect.ts'
import type { Notice, Playbook, Proposal } from './playbook.ts'
import { readText } from './read-text.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'
import { readSudoComplaints, type SudoComplaint } from './sudo-complaints.ts'

const MAIN = '/etc/sudoers'
const DIRECTORY = '/etc/sudoers.d'
const SUDO = '/usr/bin/sudo'
const VISUDO = '/usr/sbin/visudo'
/** What sudo's own packages give the files that say who may do what. */
const MODE = '0440'
const ROOT = { uid: 0, gid: 0 }

interface SudoFile {
  readonly path: string
  readonly found: Found
}

export interface SudoersFacts {
  /** The main file, its directory, and what sudo reads of that: no name with a dot or a `~` at its end (sudoers(5)). */
  readonly files: readonly SudoFile[]
  readonly program: Found
  readonly complaints: readonly SudoComplaint[]
  /** The end of what visudo said, when it was not content. */
  readonly refused: string | null
  /** Of those of them that have a broken line. */
  readonly texts: ReadonlyMap<string, string>
  readonly selinux: boolean
}

export const repairSudoers: Playbook<Sudoers, SudoersFacts> = { name: 'sudoers', looksAgain: true, look, propose }

/** visudo reads the files that include others, too; with no file named, it also looks at owners and modes. */
const SCRIPT = [
  'export LC_ALL=C',
  `[ -x ${VISUDO} ] && { o=$(${VISUDO} -c 2>&1 </dev/null); echo "visudo $?"; printf "%s\\n" "$o" | sed "s/^/says /"; }`,
  `for f in ${DIRECTORY}/*; do case \${f##*/} in *.*|*~) ;; *) [ -e "$f" ] && echo "file $f";; esac; done`,
  ASK_SELINUX,
  'echo end',
].join('; ')

async function look(shell: Shell, _request: Sudoers, signal: AbortSignal): Promise<SudoersFacts> {
  const lines = await ask(shell, [SCRIPT], signal)
  const [exitCode] = tagged(lines, 'visudo')
  if (exitCode === undefined)
    throw new RescueError('operator', 'tool-missing', 'there is no visudo', { details: { tool: VISUDO } })
  const paths = [MAIN, DIRECTORY, ...tagged(lines, 'file')]
  const said = tagged(lines, 'says').join('\n')
  const complaints = readSudoComplaints(said)
  const found = await inspect(shell, [...new Set([...paths, SUDO, ...complaints.map(({ path }) => path)])], signal)
  if (found(MAIN).kind === 'none') throw refused('sudoers-gone', MAIN)
  const texts = new Map<string, string>()
  for (const path of new Set(complaints.flatMap((one) => (one.line === null ? [] : [one.path]))))
    if (found(path).kind === 'file') texts.set(path, (await readText(shell, path, found(path), signal)).text)
  return {
    files: paths.map((path) => ({ path, found: found(path) })),
    program: found(SUDO),
    complaints,
    refused: exitCode === '0' ? null : said.trim().slice(-500),
    texts,
    selinux: saysSelinux(lines),
  }
}

/** @throws RescueError `sudoers-gone`, `sudoers-elsewhere` when the broken file is none of sudo's own, `sudoers-unclear` */
function propose(facts: SudoersFacts, _request: Sudoers, rescueId: string): Proposal {
  const changes = [
    ...facts.complaints.flatMap((complaint) => withoutBroken(facts, complaint, rescueId)),
    ...facts.files.flatMap(withRightAttributes),
    ...programAsRoot(facts.program),
  ]
  // A file that is put aside as a whole needs no other mode.
  const kept = changes.filter((change, index) => changes.findIndex(({ path }) => path === change.path) === index)
  if (kept.length === 0 && facts.refused !== null) throw unclear(facts.refused)
  if (kept.length === 0) return { kind: 'nothing-to-change', details: { path: MAIN }, notices: [] }
  return {
    kind: 'changes',
    plan: { user: null, changes: kept, selinux: facts.selinux },
    notices: rulesAside(facts, kept),
  }
}

type PathChange = Exclude<Change, { kind: 'run' }>

/** With a file that is put aside go all of its rules, the good ones, too: whoever had them should know. */
function rulesAside({ texts }: SudoersFacts, changes: readonly PathChange[]): readonly Notice[] {
  return changes.flatMap((change) => {
    const rules = change.kind !== 'move-aside' ? [] : (texts.get(change.path) ?? '').split('\n').filter(isRule)
    if (rules.length === 0) return []
    return [{ code: 'sudoers-rules-aside', details: { path: change.path, rules: rules.slice(0, 3).join('; ') } }]
  })
}

function isRule(line: string): boolean {
  return /^\s*[^#\s]/.test(line)
}

/** One change of the main file for all of its lines. */
function withoutBroken(facts: SudoersFacts, { path, line, problem }: SudoComplaint, rescueId: string): PathChange[] {
  if (line === null) return []
  if (path === MAIN) return withoutBrokenLines(facts, rescueId)
  const there = facts.files.find((file) => file.path === path)?.found
  if (there?.kind !== 'file' || there.sha256 === null) throw refused('sudoers-elsewhere', path)
  const why = [because('sudo-file-not-understood', { line: `${line}`, problem })]
  return [{ kind: 'move-aside', path, sha256: there.sha256, backup: `${path}.old-${rescueId}`, why }]
}

function withoutBrokenLines({ files, complaints, texts }: SudoersFacts, rescueId: string): PathChange[] {
  const main = files.find(({ path }) => path === MAIN)?.found
  const text = texts.get(MAIN)
  if (text === undefined || main === undefined || main.kind !== 'file') return []
  const broken = complaints.filter(({ path, line }) => path === MAIN && line !== null)
  const lines = broken.flatMap(({ line }) => wholeLine(text, line ?? 0))
  const why = broken.map(({ line, problem }) => because('sudo-line-not-understood', { line: `${line}`, problem }))
  const after = withoutLines(text, lines, `not understood, rescue ${rescueId}`)
  const { owner } = main
  const backup = `${MAIN}.old-${rescueId}`
  return [{ kind: 'replace-file', path: MAIN, before: text, after, backup, mode: MODE, owner, why }]
}

/** With all that a backslash joins to it. sudo 1.8 names the line after the one it means. */
function wholeLine(text: string, named: number): readonly number[] {
  const lines = text.split('\n')
  const says = (line: number) => /^[^#\s]|^\s+[^#\s]|^#include/.test(lines[line - 1] ?? '')
  const goesOn = (line: number) => (lines[line - 1] ?? '').endsWith('\\')
  let first = Math.min(named, lines.length)
  while (first > 1 && !says(first)) first -= 1
  while (goesOn(first - 1)) first -= 1
  let last = first
  while (goesOn(last)) last += 1
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** sudo refuses what others than root own or can write to. */
function withRightAttributes({ path, found }: SudoFile): PathChange[] {
  if (found.kind !== 'file' && found.kind !== 'directory') return []
  const isRoots = found.owner.uid === 0 && found.owner.gid === 0
  if (isRoots && !isWritableByOthers(found)) return []
  const after = { mode: found.kind === 'file' ? MODE : '0750', owner: ROOT }
  return [setAttributes(path, found, after, because('sudo-file-open'))]
}

function programAsRoot(found: Found): PathChange[] {
  if (found.kind !== 'file') return []
  const bits = Number.parseInt(found.mode, 8)
  if (found.owner.uid === 0 && (bits & 0o4000) !== 0 && !isWritableByOthers(found)) return []
  // Owned by somebody else, it would run as that one.
  const mode = withoutOthersWriting({ mode: (bits | 0o4111).toString(8) })
  const why = because('sudo-not-roots')
  return [setAttributes(SUDO, found, { mode, owner: { uid: 0, gid: found.owner.gid } }, why)]
}

function unclear(said: string): RescueError {
  return new RescueError('machine', 'sudoers-unclear', `visudo refuses the configuration: ${said}`, {
    details: { said },
  })
}

function refused(code: 'sudoers-gone' | 'sudoers-elsewhere', path: string): RescueError {
  const what = code === 'sudoers-gone' ? 'is not there' : 'is broken, and is none of sudo’s own files'
  return new RescueError('operator', code, `${path} ${what}`, { details: { path } })
}
