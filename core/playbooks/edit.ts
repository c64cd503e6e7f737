/**
 * A file that a person edits: read whole, shown to whoever asked, and replaced by what they give back. Refused where
 * it could not come back as it went, or should not be shown to anybody.
 */
import { RescueError } from '../base/errors.ts'
import { sha256 } from '../base/sha256.ts'
import type { Attributes } from '../record/changes.ts'
import { faultOf, fitsForm, LARGEST_FILE_BYTES, sumOf, utf8 } from '../record/file-text.ts'
import type { Edit } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import { type Part, readLongFile } from '../shell/long-file.ts'
import type { Shell } from '../shell/shell.ts'
import { inspect, type Present, refuseFixed, unreadable } from './inspect.ts'
import { mountFor } from './mounts.ts'
import type { Proposal } from './playbook.ts'
import { usesSelinux } from './selinux.ts'

export interface EditFacts extends Attributes {
  /** Without symbolic links on its way. */
  readonly path: string
  readonly text: string
  readonly selinux: boolean
}

/** Asks whoever may edit for the new text of a file. */
export type AskForText = (file: FileToEdit) => Promise<string>

/** Told of each part of a long file that has come. */
export type OnFetched = (path: string, part: Part) => Promise<void>

export type FileToEdit = Pick<EditFacts, 'path' | 'text'>

/** So much comes in one piece, in less time than somebody wonders. */
const SHORT_BYTES = 64 * 1024

/** Where links are the distribution's and the administrator's doing, and are followed within the same tree. */
const TREES: readonly string[] = ['etc', 'boot', 'usr', 'opt']

/** What nobody may read but root: passwords' hashes, private keys. It would stand in the thread and in the log. */
const SECRETS =
  /^\/etc\/(?:shadow|gshadow|security\/opasswd)(?:[-.].*)?$|\/ssh_host_[^/]*_key$|\/\.ssh\/id_[^/]*(?<!\.pub)$|\/krb5\.keytab$|\.(?:key|pfx|p12|jks)$|\/\.(?:pgpass|netrc|my\.cnf)$/

/**
 * @throws RescueError `edit-…` when it is no file that can be edited here, `cannot-write`, `look-unreadable`,
 *   `lacks-tools`, `transfer-failed`
 */
export async function lookAtFile(
  shell: Shell,
  { path: asked }: Edit,
  onFetched: OnFetched,
  signal: AbortSignal,
): Promise<EditFacts> {
  const path = await realPath(shell, asked, signal)
  if (path !== asked) await mountFor(shell, [path], signal)
  if (SECRETS.test(path) || SECRETS.test(asked)) throw refused('edit-secret', path)
  const found = (await inspect(shell, [path], signal))(path)
  if (found.kind === 'none') throw refused('edit-not-there', path)
  demandEditable(path, found)
  const bytes =
    found.bytes <= SHORT_BYTES
      ? await shell.readFile(path, signal, SHORT_BYTES)
      : await readLongFile(shell, path, found.bytes, (part) => onFetched(path, part), signal)
  if (bytes === undefined || sha256(bytes) !== found.sha256) throw unreadable(path, '')
  const { mode, owner } = found
  return { path, text: decode(path, bytes), mode, owner, selinux: await usesSelinux(shell, signal) }
}

/** Line ends and the end of the file stay as they are: a form knows only one kind of the first, and trims the other. */
export function proposeEdit(facts: EditFacts, given: string, rescueId: string): Proposal {
  const { path, text: before, mode, owner, selinux } = facts
  const fault = faultOf(given)
  if (fault !== undefined) throw refused(`edit-${fault}`, path, { kilobytes: kibibytes(Buffer.byteLength(given)) })
  const after = asTheFileHasIt(before, given)
  if (after === before) return { kind: 'nothing-to-change', details: { path }, notices: [] }
  const file = { path, backup: `${path}.old-${rescueId}`, mode, owner, why: [because('edited-by-hand')] }
  if (fitsForm(before)) {
    const change = { kind: 'replace-file', ...file, before, after } as const
    return { kind: 'changes', plan: { user: null, changes: [change], selinux }, notices: [] }
  }
  const change = { kind: 'replace-long-file', ...file, before: sumOf(before), after: sumOf(after) } as const
  return { kind: 'changes', plan: { user: null, changes: [change], selinux }, notices: [], texts: [before, after] }
}

function asTheFileHasIt(before: string, given: string): string {
  const lines = given.replaceAll('\r\n', '\n')
  const ended = before === '' || before.endsWith('\n') ? withNewline(lines) : lines.replace(/\n$/, '')
  return isDos(before) ? ended.replaceAll('\n', '\r\n') : ended
}

function withNewline(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

/** Every line end of it. */
function isDos(text: string): boolean {
  return text.includes('\r\n') && !/(?<!\r)\n/.test(text)
}

async function realPath(shell: Shell, asked: string, signal: AbortSignal): Promise<string> {
  const { output } = await shell.run(['/bin/sh', '-c', 'readlink -m -- "$1"', 'sh', asked], signal)
  const [, path] = /^(\/[^\n]*)\n?$/.exec(output) ?? []
  if (path === undefined) throw unreadable(asked, output)
  const [tree = '', other] = [asked.split('/')[1], path.split('/')[1]]
  if (path !== asked && (tree !== other || !TREES.includes(tree))) throw refused('edit-link', asked, { target: path })
  return path
}

function demandEditable(path: string, found: Present): void {
  if (found.kind !== 'file') throw refused('edit-not-a-file', path)
  if (found.bytes > LARGEST_FILE_BYTES) throw refused('edit-too-large', path, { kilobytes: kibibytes(found.bytes) })
  refuseFixed(path, found)
}

/** Text that comes back as it went: its line ends are of one kind. */
function decode(path: string, bytes: Uint8Array): string {
  const text = utf8(bytes)
  if (text === undefined) throw refused('edit-not-text', path)
  const fault = faultOf(text) ?? (text.includes('\r') && !isDos(text) ? 'not-text' : undefined)
  if (fault !== undefined) throw refused(`edit-${fault}`, path)
  return text
}

function kibibytes(bytes: number): string {
  return String(Math.ceil(bytes / 1024))
}

type EditRefusal =
  | 'edit-secret'
  | 'edit-not-there'
  | 'edit-link'
  | 'edit-not-a-file'
  | 'edit-too-large'
  | 'edit-not-text'

function refused(code: EditRefusal, path: string, more: Readonly<Record<string, string>> = {}): RescueError {
  return new RescueError('operator', code, `${path} is not edited: ${code}`, { details: { path, ...more } })
}
