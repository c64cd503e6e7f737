/** What is unfit to be sent to Slack: by the stand-in's rules, and by those of a message that says only what we say. */
import type { Upload } from '../../bot/slack/poster.ts'
import { validate, validateFile, validateResponse, validateView } from '../../deploy/local/slack/server/validate.ts'

/** The people, channels and groups of these tests, all that may be rung or linked; moments; and quotations, which begin a line. */
const OURS =
  /^>|<https:\/\/slack\.example\/[^<>|]*\|[^<>|]*>|<@U0(?:RIYA|ANAND|APPROVER\d+)>|<#C0(?:OPS\d*|AUDIT)>|<!subteam\^S0(?:DUTY|TEAM)>|<!date\^\d+\^[^<>]*>/gm

const surroundings = {
  pictureExists: () => true,
  mayMention: (id: string) => /^(?:U0(?:RIYA|ANAND|APPROVER\d+)|C0(?:OPS\d*|AUDIT)|S0(?:DUTY|TEAM))$/.test(id),
}

/** Controls that no reader sees, but for line ends and tabs; and what turns the direction of a text. */
const UNSEEN = /(?![\n\t])\p{Cc}|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u

/** Findings about one call of the Web API. */
export function unfitCall(method: string, given: Readonly<Record<string, unknown>>): readonly string[] {
  const sent: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(given))
  return [...findings(validate(method, sent, surroundings)), ...oddTexts(sent)]
}

export function unfitView(view: unknown): readonly string[] {
  const sent: unknown = JSON.parse(JSON.stringify(view))
  return [...findings(validateView(sent, surroundings)), ...oddTexts(sent), ...oversizedInputs(sent)]
}

/** Findings about what is posted to a `response_url`. */
export function unfitResponse(body: unknown): readonly string[] {
  const sent: unknown = JSON.parse(JSON.stringify(body))
  return [...findings(validateResponse(sent, surroundings)), ...oddTexts(sent)]
}

export function unfitUpload({ comment, files }: Upload): readonly string[] {
  const all = { files: files.map(({ title }, id) => ({ id: String(id), title })), initial_comment: comment }
  return [
    ...unfitCall('files.completeUploadExternal', all),
    ...files.flatMap(({ content, filename, alt }) => [
      ...unfitCall('files.getUploadURLExternal', { filename, length: content.length, alt_text: alt }),
      ...findings(validateFile(content)),
    ]),
  ]
}

function findings(problems: ReturnType<typeof validate>): readonly string[] {
  return problems.map(({ pointer, code, message }) => `${pointer} ${code}: ${message}`)
}

function oddTexts(given: unknown): readonly string[] {
  return textsOf(given, '').flatMap(({ at, text, isMarkup }) => [
    ...(isMarkup
      ? found(/[<>]/, text.replaceAll(OURS, '')).map((where) => `${at}: markup that is not ours: ${where}`)
      : []),
    ...found(UNSEEN, text).map((where) => `${at}: something that is not seen: ${where}`),
  ])
}

/** The first place, with what stands around it. */
function found(what: RegExp, text: string): readonly string[] {
  const at = text.search(what)
  return at < 0 ? [] : [JSON.stringify(text.slice(Math.max(0, at - 40), at + 40))]
}

interface Shown {
  readonly at: string
  readonly text: string
  readonly isMarkup: boolean
}

/** Names of arguments, and of what is in blocks, that people read. */
const READ: ReadonlySet<string> = new Set([
  ...['text', 'initial_comment', 'title', 'alt_text', 'filename', 'accessibility_label'],
])

function textsOf(given: unknown, at: string): readonly Shown[] {
  if (Array.isArray(given)) return given.flatMap((one, index) => textsOf(one, `${at}/${index}`))
  if (typeof given !== 'object' || given === null) return []
  // Of arguments, whatever is not in blocks; titles and names of files have no markup.
  const isMarkup = at === '' || ('type' in given && given.type === 'mrkdwn')
  return Object.entries(given).flatMap(([name, value]): readonly Shown[] => {
    if (typeof value !== 'string') return textsOf(value, `${at}/${name}`)
    const shown = { at: `${at}/${name}`, text: value, isMarkup: isMarkup && ['text', 'initial_comment'].includes(name) }
    return READ.has(name) ? [shown] : []
  })
}

/** An input that begins with more than it takes; Slack opens no such form. */
function oversizedInputs(given: unknown): readonly string[] {
  if (Array.isArray(given)) return given.flatMap(oversizedInputs)
  if (typeof given !== 'object' || given === null) return []
  if ('initial_value' in given && 'max_length' in given) {
    const [begun, most] = [String(given.initial_value).length, Number(given.max_length)]
    return begun > most ? [`an input of ${most} characters begins with ${begun}`] : []
  }
  return Object.values(given).flatMap(oversizedInputs)
}
