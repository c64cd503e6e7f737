/** What the files of a plan look like before and after: as much as a message shows of it, and all of it as a file. */
import { sha256 } from '../../core/base/sha256.ts'
import { type Catalogue, catalogues } from '../../core/i18n/catalogue.ts'
import { type Change, type ChangeOf, changeName, type FileChange, isFileChange } from '../../core/record/changes.ts'
import { mask } from '../../core/record/masking.ts'
import type { ChangePlan } from '../../core/record/plan.ts'
import { describeAuthorizedKey } from '../../core/record/public-key.ts'
import { keptText, type RescueState } from '../../core/record/state.ts'
import { escapeMrkdwn, LONGEST_NAME, visible } from '../slack/text.ts'
import { isKeyDiffCut, type KeyRoom, keyDiff, diffLines as keyLines } from './key-diff.ts'
import { diffLines, type ShownDiff, shownDiff } from './text-diff.ts'

/** Of more files than this, each would have too little room to be judged. */
const FILES_SHOWN = 3
/** Room for the differences of all files together, in characters; the message has 9,000. */
const TEXT_ROOM = 2700

/** Room for what is no file, as characters of JSON: a message that has no room for a block would lose it without a word. */
const OTHERS_ROOM = { besideFiles: 3500, alone: 6000 } as const
/** Each has up to seven blocks, of which a message takes 50. */
const COMMANDS_SHOWN = 3
const OTHERS_SHOWN = 8
/** Of what a tool has said, in characters. */
export const EVIDENCE_ROOM = 2200
/** Of all files together. Two lines each, at most 250 characters with these options: more would not fit into a message. */
const KEYS_SHOWN = 20
/** Of all changes together, as JSON, well below what a message takes: a difference is never what has no room. */
const CHANGES_ROOM = 7500
/** What is said around a file, its SHA-256 included, and the frames of the blocks. */
const AROUND_FILE = 1200
/** Of what stands before a key, in characters. */
const OPTIONS_SHOWN = 60
/** More keys than these are not told apart by their fingerprints alone. */
const KEYS_ADDED = 8

/** A message is looked at again whenever its log has grown, and its changes stay the same objects. */
const KNOWN = new WeakMap<FileChange, { readonly texts: Texts; readonly lines: readonly string[] }>()

interface Texts {
  readonly before: string | null
  readonly after: string
}

/** Undefined where a text does not stand in the log: it was undone after the log of that rescue was gone. */
function linesOf(change: FileChange, { playbook }: ChangePlan, state: RescueState): readonly string[] | undefined {
  const texts = textsOf(change, state)
  if (texts === undefined) return undefined
  const known = KNOWN.get(change)
  if (known?.texts.before === texts.before && known.texts.after === texts.after) return known.lines
  // What comes back is nobody's new words, and may be a secret that was taken out.
  const lines =
    playbook === 'undo' ? diffLines(texts.before, texts.after, () => true) : diffLines(texts.before, texts.after)
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

/** The changes that the message shows, in their order: what has no room is in the file below it. */
export function shownChanges(plan: ChangePlan): readonly Change[] {
  const files: readonly Change[] = shownFiles(plan)
  let room: number = files.length > 0 ? OTHERS_ROOM.besideFiles : OTHERS_ROOM.alone
  let commands = COMMANDS_SHOWN
  let others = OTHERS_SHOWN
  return plan.changes.filter((change) => {
    if (isFileChange(change)) return files.includes(change)
    room -= sizeOf(change)
    others -= 1
    if (change.kind === 'run') commands -= 1
    return room >= 0 && others >= 0 && commands >= 0
  })
}

function sizeOf(change: Change): number {
  const shown = change.kind === 'run' ? { ...change, evidence: change.evidence?.slice(0, EVIDENCE_ROOM) } : change
  return JSON.stringify(escapeMrkdwn(JSON.stringify(shown))).length
}

/** Undefined where it can not be told. */
export function shownOf(change: FileChange, plan: ChangePlan, state: RescueState): ShownDiff | undefined {
  const lines = linesOf(change, plan, state)
  return lines === undefined ? undefined : shownDiff(lines, Math.floor(TEXT_ROOM / shownFiles(plan).length))
}

/** At least what its blocks take in a message, where each character counts as JSON has it. */
function roomOf(change: Change, plan: ChangePlan, state: RescueState): number {
  if (!isFileChange(change)) return sizeOf(change)
  const { path, backup, why } = change
  const named = JSON.stringify(escapeMrkdwn([visible(path), visible(path), backup ?? ''].join(' '))).length
  const reasons = JSON.stringify(escapeMrkdwn(JSON.stringify(why))).length
  return AROUND_FILE + named + reasons + JSON.stringify(textOf(change, plan, state)).length
}

/** What stands in the preformatted block of a file; the words of languages do not count here. */
function textOf(change: FileChange, plan: ChangePlan, state: RescueState): string {
  if (isKeysFile(change, plan)) return keyDiff(catalogues.en, change.before ?? '', change.after, keyRoom(plan))
  return shownOf(change, plan, state)?.text ?? ''
}

/** As much of each file with keys as the message shows. */
export function keyRoom(plan: ChangePlan): KeyRoom {
  return { keys: Math.floor(KEYS_SHOWN / shownFiles(plan).length), options: OPTIONS_SHOWN }
}

export interface DiffFile {
  readonly name: string
  readonly text: string
  readonly sha256: string
}

/** Whether the message has no room for all of a plan. */
export function isLonger(plan: ChangePlan, state: RescueState): boolean {
  const shown = shownChanges(plan)
  const isCut = plan.changes.some((change) => {
    if (!shown.includes(change)) return true
    if (change.kind === 'run') return mask(change.evidence ?? '').length > EVIDENCE_ROOM
    if (change.path.length > LONGEST_NAME) return true
    if (isKeysFile(change, plan)) return isKeyDiffCut(change.before ?? '', change.after, keyRoom(plan))
    return isFileChange(change) && (shownOf(change, plan, state)?.hidden ?? 0) > 0
  })
  const size = () => shown.reduce((sum, change) => sum + roomOf(change, plan, state), 0)
  return isCut || size() > CHANGES_ROOM
}

/** All of a plan, where the message has no room for it; undefined where it shows everything. */
export function diffFile(
  catalogue: Catalogue,
  rescue: string,
  plan: ChangePlan,
  state: RescueState,
): DiffFile | undefined {
  if (!isLonger(plan, state)) return undefined
  const text = plan.changes.map((change) => sectionOf(catalogue, change, plan, state)).join('')
  const sum = sha256(text)
  return { name: `${rescue}-${sum.slice(0, 8)}.diff`, text, sha256: sum }
}

/** What a tool has said may quote a file. */
function withoutSecrets(change: Change): Change {
  return change.kind === 'run' && change.evidence !== undefined
    ? { ...change, evidence: mask(change.evidence) }
    : change
}

function sectionOf(text: Catalogue, change: Change, plan: ChangePlan, state: RescueState): string {
  const lines = isFileChange(change)
    ? [`--- ${visible(change.path)}`, `+++ ${visible(change.path)}`, ...fileLines(text, change, plan, state)]
    : [`# ${changeName(change)}`, ...JSON.stringify(withoutSecrets(change), null, 2).split('\n')].map(visible)
  return lines.map((line) => `${line}\n`).join('')
}

function fileLines(text: Catalogue, change: FileChange, plan: ChangePlan, state: RescueState): readonly string[] {
  if (isKeysFile(change, plan)) return [keyDiff(text, change.before ?? '', change.after)]
  return linesOf(change, plan, state) ?? []
}

/**
 * Keys are compared as keys: a wall of base64 tells nobody anything. But what is put into such a file by hand is compared
 * as text when it is more than a few keys, for what stands before a key, or beside it, may be a command.
 */
export function isKeysFile(change: Change, { playbook }: ChangePlan): change is ChangeOf<'replace-file'> {
  if (change.kind !== 'replace-file') return false
  if (playbook === 'replace-key') return true
  if (!/(?:^|\/)authorized_keys[^/]*$/.test(change.path)) return false
  // What comes back was there before, and may be a secret that was pasted by mistake.
  if (playbook === 'undo') return true
  const added = keyLines(change.before ?? '', change.after).filter(({ fate }) => fate === 'added')
  return added.length <= KEYS_ADDED && added.every(({ line }) => isPlainKey(line))
}

function isPlainKey(line: string): boolean {
  const key = describeAuthorizedKey(line)
  return typeof key === 'object' && key.options === ''
}
