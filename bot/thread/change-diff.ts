/** What the files of a plan look like before and after: as much as a message shows of it, and all of it as a file. */
import { sha256 } from '../../core/base/sha256.ts'
import { type Change, type FileChange, isFileChange } from '../../core/record/changes.ts'
import type { ChangePlan } from '../../core/record/plan.ts'
import { keptText, type RescueState } from '../../core/record/state.ts'
import { diffLines, type ShownDiff, shownDiff } from './text-diff.ts'

/** Of more files than this, each would have too little room to be judged. */
const FILES_SHOWN = 3
/** Room for the differences of all files together, in characters; the message has 9,000. */
const TEXT_ROOM = 2700

/** A message is looked at again whenever its log has grown, and its changes stay the same objects. */
const KNOWN = new WeakMap<FileChange, { readonly texts: Texts; readonly lines: readonly string[] }>()

interface Texts {
  readonly before: string | null
  readonly after: string
}

/** Undefined where a text does not stand in the log: it was undone after the log of that rescue was gone. */
function linesOf(change: FileChange, state: RescueState): readonly string[] | undefined {
  const texts = textsOf(change, state)
  if (texts === undefined) return undefined
  const known = KNOWN.get(change)
  if (known?.texts.before === texts.before && known.texts.after === texts.after) return known.lines
  const lines = diffLines(texts.before, texts.after)
  KNOWN.set(change, { texts, lines })
  return lines
}

function textsOf(change: FileChange, state: RescueState): Texts | undefined {
  if (change.kind === 'replace-file') return { before: change.before, after: change.after }
  const [before, after] = [keptText(state, change.before.sha256), keptText(state, change.after.sha256)]
  return before === undefined || after === undefined ? undefined : { before, after }
}

/** The files that the message shows. */
export function shownFiles({ changes }: ChangePlan): readonly FileChange[] {
  return changes.filter(isFileChange).slice(0, FILES_SHOWN)
}

/** Undefined where it can not be told. */
export function shownOf(change: FileChange, plan: ChangePlan, state: RescueState): ShownDiff | undefined {
  const lines = linesOf(change, state)
  return lines === undefined ? undefined : shownDiff(lines, Math.floor(TEXT_ROOM / shownFiles(plan).length))
}

export interface DiffFile {
  readonly name: string
  readonly text: string
  readonly sha256: string
}

/** All files of a plan, where the message has no room for them; undefined where it shows everything. */
export function diffFile(rescue: string, plan: ChangePlan, state: RescueState): DiffFile | undefined {
  const files = plan.changes.filter(isFileChange)
  const isHidden = (change: FileChange) => {
    if (!shownFiles(plan).includes(change)) return true
    return !isKeysFile(change) && (shownOf(change, plan, state)?.hidden ?? 0) > 0
  }
  if (!files.some(isHidden)) return undefined
  const text = files.map((change) => sectionOf(change, linesOf(change, state) ?? [])).join('')
  const sum = sha256(text)
  return { name: `${rescue}-${sum.slice(0, 8)}.diff`, text, sha256: sum }
}

function sectionOf({ path }: FileChange, lines: readonly string[]): string {
  return [`--- ${path}`, `+++ ${path}`, ...lines].map((line) => `${line}\n`).join('')
}

/** Keys are compared as keys: a wall of base64 tells nobody anything. */
export function isKeysFile(change: Change): boolean {
  if (change.kind !== 'replace-file') return false
  return /authorized_keys/.test(change.path) || /^(?:ssh|ecdsa|sk)-\S+ AAAA/m.test(change.after)
}
