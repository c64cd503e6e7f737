/** What was asked for, in words: the facts that the card and gate 1 show, by the kind of request. */
import { assertNever } from '../../core/base/errors.ts'
import type { PlaybookRequest, Repair } from '../../core/record/playbooks.ts'
import { readPastedKey } from '../../core/record/public-key.ts'
import { clean, escapeMrkdwn, say } from '../slack/text.ts'
import { keyWords, type Voice } from './words.ts'

/** A label, and what it says as mrkdwn. */
export type Fact = readonly [label: string, mrkdwn: string]

export function requestFacts(voice: Voice, request: PlaybookRequest): readonly Fact[] {
  const { asked } = voice.text.thread
  switch (request.name) {
    case 'repair':
      return [
        [asked.repairs, request.repairs.map(({ name }) => name).join(', ')],
        ...request.repairs.flatMap((repair) => repairFacts(voice, repair)),
      ]
    case 'connect':
      return [
        [asked.consoleKey, pastedKey(voice, request.publicKey)],
        [asked.minutes, say(asked.minutesCount, { count: request.minutes })],
      ]
    case 'reboot':
      return [[asked.how, asked.hows[request.how]]]
    case 'kernel':
    case 'shell':
    case 'diagnose':
    case 'history':
    case 'screenshot':
    case 'interrupt':
      return []
    default:
      return repairFacts(voice, request)
  }
}

function repairFacts(voice: Voice, repair: Repair): readonly Fact[] {
  const { asked } = voice.text.thread
  const user = (name: string): Fact => [asked.user, escapeMrkdwn(clean(name))]
  switch (repair.name) {
    case 'replace-key':
      return [
        user(repair.user),
        [asked.key, pastedKey(voice, repair.publicKey)],
        [asked.existingKeys, repair.keepExisting ? asked.keep : asked.replace],
      ]
    case 'unlock':
    case 'reset-password':
      return [user(repair.user)]
    case 'fsck':
    case 'fstab':
      return repair.only.length === 0 ? [] : [[asked.only, escapeMrkdwn(clean(repair.only.join(', ')))]]
    case 'sshd':
      return repair.user === null ? [] : [[asked.letIn, escapeMrkdwn(clean(repair.user))]]
    case 'sudoers':
      return []
    case 'default-kernel':
      return [[asked.kernel, escapeMrkdwn(clean(repair.kernel))]]
    case 'edit':
      return [[asked.path, escapeMrkdwn(clean(repair.path))]]
    case 'undo':
      return [[asked.undoes, repair.of]]
    default:
      return assertNever(repair)
  }
}

/** As its facts; the key itself says nothing to people. */
function pastedKey(voice: Voice, publicKey: string): string {
  const read = readPastedKey(publicKey)
  return read.kind === 'key' ? keyWords(voice, read.facts) : voice.text.commands.keyRefusals[read.why]
}
