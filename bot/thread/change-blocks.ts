/** What the second gate asks about, change by change, as blocks: files by their differences, keys by their fingerprints. */
import type { KnownBlock } from '@slack/types'
import { reason } from '../../core/i18n/catalogue.ts'
import {
  type Attributes,
  type Change,
  type ChangeOf,
  changeName,
  type FileChange,
  movesBack,
  type Owner,
} from '../../core/record/changes.ts'
import { mask } from '../../core/record/masking.ts'
import type { ChangePlan } from '../../core/record/plan.ts'
import { context, preformatted, section } from '../slack/blocks.ts'
import { isMarked, type Mrkdwn, say, visible } from '../slack/text.ts'
import { diffFile, EVIDENCE_ROOM, isKeysFile, keyRoom, shownChanges, shownFiles, shownOf } from './change-diff.ts'
import { keyDiff } from './key-diff.ts'
import type { Thread } from './thread.ts'
import type { Voice } from './words.ts'

/** The diff shows all that is changed; each of these is a line more to read. */
const MOST_REASONS = 8
/** Room for the keys of all files together, in characters: Slack refuses messages from about 11,000. */
const KEYS_ROOM = 5000

export interface PlanBlocks {
  readonly changes: readonly KnownBlock[]
  /** Where all that is approved is, or that nobody can read it; none where the message shows everything. */
  readonly rest: readonly KnownBlock[]
}

export function planBlocks(voice: Voice, thread: Thread, plan: ChangePlan, isWhole: boolean): PlanBlocks {
  const { gate2 } = voice.text.thread
  const shown = shownChanges(plan)
  const hidden = plan.changes.length - shown.length
  const diff = diffFile(voice.text, thread.rescue, plan, thread.state)
  const where = diff && (isWhole ? say(gate2.wholeDiff, { name: diff.name, sha256: diff.sha256 }) : gate2.diffNotSent)
  return {
    changes: shown.flatMap((change) => changeBlocks(voice, thread, plan, change)),
    rest: [
      ...(hidden > 0 ? [context(say(gate2.moreChanges, { count: hidden }))] : []),
      ...(where === undefined ? [] : [section(where)]),
    ],
  }
}

function changeBlocks(voice: Voice, thread: Thread, plan: ChangePlan, change: Change): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  switch (change.kind) {
    case 'ensure-directory':
      return [context(directoryWords(voice, change))]
    case 'set-attributes':
      return [context(attributesSentence(voice, change))]
    case 'move-aside': {
      const { path, backup, why } = change
      if (movesBack(change))
        return [section(say(gate2.movedBack, { path: backup, from: path, why: whyWords(voice, why) }))]
      return [section(say(gate2.movedAside, { path, backup, why: whyWords(voice, why) }))]
    }
    case 'set-password': {
      const { path, user, backup, from } = change
      if (from !== undefined) return [section(say(gate2.passwordBack, { path, user, backup, from }))]
      return [section(say(gate2.password, { path, user, backup }))]
    }
    case 'run':
      return runBlocks(voice, change)
    case 'replace-file':
      return isKeysFile(change, plan) ? keysBlocks(voice, plan, change) : fileBlocks(voice, thread, plan, change)
    case 'replace-long-file':
      return fileBlocks(voice, thread, plan, change)
    default:
      return change satisfies never
  }
}

function keysBlocks(voice: Voice, plan: ChangePlan, change: ChangeOf<'replace-file'>): readonly KnownBlock[] {
  const shown = keyDiff(voice.text, change.before ?? '', change.after, keyRoom(plan))
  return [
    fileSection(voice, change),
    preformatted(shown, '-', KEYS_ROOM / shownFiles(plan).length),
    ...(isMarked(shown) ? [context(voice.text.thread.gate2.unseen)] : []),
    fileFooter(voice, change),
  ]
}

function fileBlocks(voice: Voice, { state }: Thread, plan: ChangePlan, change: FileChange): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  const diff = shownOf(change, plan, state)
  return [
    fileSection(voice, change),
    context(say(gate2.why, { why: whyWords(voice, change.why) })),
    ...(change.kind === 'replace-long-file' ? [context(sumsSentence(voice, change))] : []),
    ...(diff === undefined ? [context(gate2.textsGone)] : [preformatted(diff.text, '-')]),
    ...(diff?.isMarked ? [context(gate2.unseen)] : []),
    ...(diff !== undefined && diff.hidden > 0 ? [context(say(gate2.moreText, { count: diff.hidden }))] : []),
    fileFooter(voice, change),
  ]
}

function sumsSentence(voice: Voice, { before, after }: ChangeOf<'replace-long-file'>): string {
  const names = { bytes: after.bytes, sha256: after.sha256, bytesBefore: before.bytes, sha256Before: before.sha256 }
  return say(voice.text.thread.gate2.sums, names)
}

function fileSection(voice: Voice, { path }: FileChange): KnownBlock {
  return section(say(voice.text.thread.gate2.file, { path: visible(path) }))
}

function fileFooter(voice: Voice, { backup, mode, owner }: FileChange): KnownBlock {
  const { gate2 } = voice.text.thread
  const ownership = say(gate2.ownership, { mode, owner: { mrkdwn: ownerWords(voice, owner) } })
  const kept = backup === null ? gate2.newFile : say(gate2.backup, { backup })
  return context(`${kept} ${ownership}`)
}

function runBlocks(voice: Voice, change: ChangeOf<'run'>): readonly KnownBlock[] {
  const { gate2 } = voice.text.thread
  const { evidence } = change
  const report =
    evidence === undefined ? [] : [context(gate2.evidence), preformatted(mask(evidence), '-', EVIDENCE_ROOM)]
  const undo = change.undo === null ? [] : [context(gate2.undo), preformatted(visible(change.undo.join(' ')), '-')]
  return [
    section(say(gate2.run, { why: whyWords(voice, change.why) })),
    preformatted(visible(changeName(change)), '-'),
    ...(change.destructive ? [section(gate2.destructive)] : []),
    ...report,
    ...undo,
  ]
}

function attributesSentence(voice: Voice, { path, before, after, why }: ChangeOf<'set-attributes'>): string {
  const { gate2 } = voice.text.thread
  const isSameOwner = before.owner.uid === after.owner.uid && before.owner.gid === after.owner.gid
  const sentence = isSameOwner ? gate2.attributesMode : gate2.attributes
  return say(sentence, { path, ...attributesWords(voice, before, after), why: whyWords(voice, why) })
}

/** The first of them where there are many: one for each line of a file, for example. */
function whyWords({ text }: Voice, why: Change['why']): Mrkdwn {
  const { gate2 } = text.thread
  const said = why
    .slice(0, MOST_REASONS)
    .map(({ code, details }) => say(reason(text, code) ?? '{code}', { ...details, code }))
  const rest = why.length - said.length
  const more = rest > 0 ? [say(gate2.moreReasons, { count: rest })] : []
  return { mrkdwn: [...said, ...more].join(gate2.whyJoin) }
}

function directoryWords(voice: Voice, { path, before, after }: ChangeOf<'ensure-directory'>): string {
  const { gate2 } = voice.text.thread
  if (before === null)
    return say(gate2.directoryNew, { path, mode: after.mode, owner: { mrkdwn: ownerWords(voice, after.owner) } })
  const names = { path, ...attributesWords(voice, before, after) }
  const same = before.mode === after.mode && ownerWords(voice, before.owner) === ownerWords(voice, after.owner)
  return say(same ? gate2.directorySame : gate2.directoryChanged, names)
}

function attributesWords(voice: Voice, before: Attributes, after: Attributes) {
  return {
    beforeMode: before.mode,
    mode: after.mode,
    beforeOwner: { mrkdwn: ownerWords(voice, before.owner) },
    owner: { mrkdwn: ownerWords(voice, after.owner) },
  }
}

function ownerWords({ text }: Voice, { uid, gid }: Owner): string {
  return say(text.thread.gate2.owner, { uid, gid })
}
