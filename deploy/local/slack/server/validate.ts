/**
 * Everything an app sends to Slack, judged: whether Slack would take it, and whether it is fit to be read. Gives
 * findings in the shape of Slack's `blocks.validate`. It shares no code with the app, whose guards it is to test.
 *
 * Beyond Slack's own rules: a message always has a `text` (notifications and screen readers read nothing else), all
 * markup is escaped, no secret is in any argument, and nobody is rung who has no part in it:
 * - `@channel`, `@here` and `@everyone` never, neither in markup nor as an element of rich text;
 * - a person, channel or user group only by an id for which `mayMention` says yes;
 * - never by names in running text, for which an app would have to ask with `link_names` or `parse`.
 */
import { type ArgumentsOf, fromJson, type MethodName, methodArguments } from './arguments.ts'
import { messageProblems, type PictureExists, problemsOf, viewProblems } from './check-blocks.ts'
import { liveMention, type MayMention, markupProblems } from './markup.ts'
import type { Problem } from './refusal.ts'
import { ResponseMessage } from './response-message.ts'
import { secretsIn } from './secrets.ts'

/** docs.slack.dev/reference/methods/chat.update: longer ones are `msg_too_long`, and chat.postMessage cuts them up. */
export const LONGEST_TEXT = 4_000

/** What can only be known in a workspace. */
export interface Surroundings {
  readonly pictureExists: PictureExists
  readonly mayMention: MayMention
}

/** Where there is no workspace: every picture is there, and nobody may be rung. */
const nowhere: Surroundings = { pictureExists: () => true, mayMention: () => false }

/** Names of arguments whose text is markup; in blocks it is what says `mrkdwn`. */
const MARKUP_ARGUMENTS = ['/text', '/initial_comment']
/** The app's own token may come as an argument. */
const NOT_CONTENT = ['token']

/** Findings about one call of the Web API; none for a method that the stand-in does not have, which is refused anyway. */
export function validate(
  method: string,
  given: Readonly<Record<string, unknown>>,
  surroundings: Surroundings = nowhere,
): Problem[] {
  if (!isKnown(method)) return []
  const parsed = methodArguments[method].safeParse(given)
  if (!parsed.success) return problemsOf(parsed.error, given, '')
  return [...ownRules(method, given, surroundings), ...readable(given, surroundings)]
}

/** Findings about what is posted to a `response_url`, or given with the acknowledgement of a command. */
export function validateResponse(given: unknown, surroundings: Surroundings = nowhere): Problem[] {
  const parsed = ResponseMessage.safeParse(given)
  if (!parsed.success) return problemsOf(parsed.error, given, '')
  const content = parsed.data.delete_original ? [] : messageRules(parsed.data, surroundings)
  return [...content, ...readable(given, surroundings)]
}

/** Findings about the view in a `response_action`. */
export function validateView(view: unknown, surroundings: Surroundings = nowhere): Problem[] {
  return [...viewProblems(view, surroundings.pictureExists), ...readable({ view }, surroundings)]
}

/** Findings about the bytes of a file that people will read. */
export function validateFile(bytes: Buffer): Problem[] {
  return secretProblems(bytes.toString(), '/body')
}

function isKnown(method: string): method is MethodName {
  return Object.hasOwn(methodArguments, method)
}

function ownRules(method: MethodName, given: Readonly<Record<string, unknown>>, surroundings: Surroundings): Problem[] {
  switch (method) {
    case 'chat.postMessage':
    case 'chat.update':
    case 'chat.postEphemeral':
      return messageRules(methodArguments[method].parse(given), surroundings)
    case 'views.open':
    case 'views.push':
    case 'views.update':
      return viewProblems(methodArguments[method].parse(given).view, surroundings.pictureExists)
    default:
      return []
  }
}

type Content = Pick<ArgumentsOf<'chat.postMessage'>, 'text' | 'blocks'>

function messageRules({ text, blocks }: Content, { pictureExists }: Surroundings): Problem[] {
  const isTooLong = text.length > LONGEST_TEXT
  return [
    ...(text.trim() === '' ? [{ pointer: '/text', code: 'no_text', message: 'missing required field: text' }] : []),
    ...(isTooLong ? [{ ...tooLong, constraint: LONGEST_TEXT }] : []),
    ...(isNothing(blocks) ? [] : messageProblems(blocks, pictureExists)),
  ]
}

const tooLong = { pointer: '/text', code: 'msg_too_long', message: `must be less than ${LONGEST_TEXT + 1} characters` }

function isNothing(blocks: unknown): boolean {
  return blocks === undefined || blocks === null || (Array.isArray(blocks) && blocks.length === 0)
}

/** What is wrong with the words, wherever they stand in the arguments. */
function readable(given: unknown, { mayMention }: Surroundings): Problem[] {
  return walk(given, '').flatMap(({ value, pointer }) => {
    if (typeof value === 'string')
      return [
        ...secretProblems(value, pointer),
        ...(MARKUP_ARGUMENTS.includes(pointer) ? markupProblems(value, pointer, mayMention) : []),
      ]
    return [...objectProblems(value, pointer, mayMention), ...rings(value, pointer)]
  })
}

function objectProblems(value: Readonly<Record<string, unknown>>, pointer: string, mayMention: MayMention): Problem[] {
  const { type, text, user_id, usergroup_id } = value
  switch (type) {
    case 'mrkdwn':
      return typeof text === 'string' ? markupProblems(text, `${pointer}/text`, mayMention) : []
    case 'broadcast':
      return [liveMention(`@${String(value.range)}`, pointer)]
    case 'user':
    case 'usergroup': {
      const id = String(user_id ?? usergroup_id)
      return mayMention(id) ? [] : [liveMention(id, pointer)]
    }
    default:
      return []
  }
}

/** At the top level: what makes Slack look for names in running text. */
function rings({ link_names, parse }: Readonly<Record<string, unknown>>, pointer: string): Problem[] {
  if (pointer !== '') return []
  return [
    ...(['true', '1', true].some((yes) => yes === link_names) ? [liveMention('link_names', '/link_names')] : []),
    ...(parse === 'full' ? [liveMention('parse=full', '/parse')] : []),
  ]
}

function secretProblems(text: string, pointer: string): Problem[] {
  return secretsIn(text).map((kind) => ({ pointer, code: 'secret', message: `a ${kind}` }))
}

type Found = { readonly pointer: string; readonly value: string | Readonly<Record<string, unknown>> }

/** Every text and every object, with JSON in a form's values unpacked. */
function walk(given: unknown, pointer: string): Found[] {
  const value = typeof given === 'string' && /^\s*[[{]/.test(given) ? fromJson(given) : given
  if (typeof value === 'string') return [{ pointer, value }]
  if (Array.isArray(value)) return value.flatMap((one, index) => walk(one, `${pointer}/${index}`))
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value).filter(([name]) => pointer !== '' || !NOT_CONTENT.includes(name))
  return [{ pointer, value: { ...value } }, ...entries.flatMap(([name, one]) => walk(one, `${pointer}/${name}`))]
}
