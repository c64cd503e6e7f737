/**
 * A file that a person edits: read whole, shown to whoever asked, and replaced by what they give back. Refused where
 * it could not come back as it went, or should not be shown to anybody.
 */
import { RescueError } from '../base/errors.ts'
import type { Attributes } from '../record/changes.ts'
import type { Edit } from '../record/playbooks.ts'
import type { Shell } from '../shell/shell.ts'
import { inspect, type Present, unreadable } from './inspect.ts'
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

export type FileToEdit = Pick<EditFacts, 'path' | 'text'>

/** As much as one form of Slack's holds, with room to add to it. */
const LARGEST_FILE_BYTES = 64 * 1024

/** Where links are the distribution's and the administrator's doing, and are followed within the same tree. */
const TREES: readonly string[] = ['etc', 'boot', 'usr', 'opt']

/** What nobody may read but root: passwords' hashes, private keys. It would stand in the thread and in the log. */
const SECRETS =
  /^\/etc\/(?:shadow|gshadow|security\/opasswd)(?:[-.].*)?$|\/ssh_host_[^/]*_key$|\/\.ssh\/id_[^/]*(?<!\.pub)$|\/krb5\.keytab$|\.(?:key|pfx|p12|jks)$|\/\.(?:pgpass|netrc|my\.cnf)$/

/** @throws RescueError `edit-…` when it is no file that can be edited here, `cannot-write`, `look-unreadable` */
export async function lookAtFile(shell: Shell, { path: asked }: Edit, signal: AbortSignal): Promise<EditFacts> {
  const path = await realPath(shell, asked, signal)
  if (path !== asked) await mountFor(shell, [path], signal)
  if (SECRETS.test(path) || SECRETS.test(asked)) throw refused('edit-secret', path)
  const found = (await inspect(shell, [path], signal))(path)
  if (found.kind === 'none') throw refused('edit-not-there', path)
  demandEditable(path, found)
  const bytes = await shell.readFile(path, signal, LARGEST_FILE_BYTES)
  if (bytes === undefined) throw unreadable(`what ${path} holds`, '')
  const { mode, owner } = found
  return { path, text: decode(path, bytes), mode, owner, selinux: await usesSelinux(shell, signal) }
}

/** Line ends and the end of the file stay as they are: a form knows only one kind of the first, and trims the other. */
export function proposeEdit(facts: EditFacts, given: string, rescueId: string): Proposal {
  const { path, text: before, mode, owner, selinux } = facts
  const after = asTheFileHasIt(before, given)
  if (after === before) return { kind: 'nothing-to-change', details: { path }, notices: [] }
  const backup = `${path}.old-${rescueId}`
  const why = 'edited by hand'
  const change = { kind: 'replace-file', path, before, after, backup, mode, owner, why } as const
  return { kind: 'changes', plan: { user: null, changes: [change], selinux }, notices: [] }
}

export function asTheFileHasIt(before: string, given: string): string {
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
  if (path === undefined) throw unreadable(`where ${asked} leads`, output)
  const [tree = '', other] = [asked.split('/')[1], path.split('/')[1]]
  if (path !== asked && (tree !== other || !TREES.includes(tree))) throw refused('edit-link', asked, { target: path })
  return path
}

function demandEditable(path: string, found: Present): void {
  if (found.kind !== 'file') throw refused('edit-not-a-file', path)
  if (found.bytes > LARGEST_FILE_BYTES) throw refused('edit-too-large', path, { kilobytes: `${found.bytes >> 10}` })
  if (!found.fixed) return
  const details = { path, reason: 'immutable' }
  throw new RescueError('operator', 'cannot-write', `${path} is made unchangeable with chattr`, { details })
}

/** Text that a form gives back as it got it: no other controls than tabs and line ends, and these of one kind. */
function decode(path: string, bytes: Uint8Array): string {
  const text = utf8(bytes)
  if (text === undefined || /(?![\t\n\r])\p{Cc}|\ufeff/u.test(text)) throw refused('edit-not-text', path)
  if (/\r(?!\n)/.test(text) || (text.includes('\r') && !isDos(text))) throw refused('edit-not-text', path)
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/.test(text)) throw refused('edit-secret', path)
  if (text.split('\n').some((line) => line.length > LONGEST_LINE)) throw refused('edit-long-line', path)
  return text
}

/** In characters: one input of a form holds 3,000. */
const LONGEST_LINE = 2000

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    // Another encoding, or no text at all.
    return undefined
  }
}

type EditRefusal =
  | 'edit-secret'
  | 'edit-not-there'
  | 'edit-link'
  | 'edit-not-a-file'
  | 'edit-too-large'
  | 'edit-not-text'
  | 'edit-long-line'

function refused(code: EditRefusal, path: string, more: Readonly<Record<string, string>> = {}): RescueError {
  return new RescueError('operator', code, `${path} is not edited: ${code}`, { details: { path, ...more } })
}
