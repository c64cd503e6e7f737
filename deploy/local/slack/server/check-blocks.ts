/** Decides whether blocks and views are ones Slack would take, and says what is wrong in Slack's words. */
import { z } from 'zod'
import { Block, imagesOf, interactiveElements, withIds, wordsOf } from './blocks.ts'
import { plainText } from './elements.ts'
import { type Problem, refusalWith, SlackRefusal, sentenceOf } from './refusal.ts'

/** Whether a file of that id or address is there and is a picture. */
export type PictureExists = (file: { id?: string | undefined; url?: string | undefined }) => boolean

const MessageBlocks = z.array(Block).max(50)

/**
 * Slack has no documented limit for the text of a whole message, but refuses long ones with
 * `msg_blocks_too_long`; the lowest reported refusal was at 11,341 characters (bolt-js #2867).
 */
const MOST_WORDS_IN_A_MESSAGE = 11_000

/** A view as an app sends it. Sizes: docs.slack.dev/reference/views. */
export const ViewRequest = z.strictObject({
  type: z.literal('modal'),
  title: plainText(24),
  blocks: z.array(Block).max(100),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  private_metadata: z.string().max(3000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
})
export type ViewRequest = z.infer<typeof ViewRequest>

/** Slack's `view_too_large`: more than 250 kB. */
const LARGEST_VIEW = 250_000

/** The blocks of a message, complete with ids; refuses with `invalid_blocks`, `invalid_blocks_format` or `msg_blocks_too_long`. */
export function checkMessageBlocks(given: unknown, pictureExists: PictureExists): Block[] {
  const [problem, ...others] = messageProblems(given, pictureExists)
  if (problem?.code === 'invalid_blocks_format' || problem?.code === 'msg_blocks_too_long')
    throw new SlackRefusal(problem.code)
  if (problem !== undefined) throw refusalWith('invalid_blocks', [problem, ...others].map(sentenceOf))
  return withIds(MessageBlocks.parse(given))
}

/** Everything that makes Slack refuse the blocks of a message. */
export function messageProblems(given: unknown, pictureExists: PictureExists): Problem[] {
  if (!Array.isArray(given))
    return [{ pointer: '/blocks', code: 'invalid_blocks_format', message: 'must provide an array' }]
  const parsed = MessageBlocks.safeParse(given)
  if (!parsed.success) return problemsOf(parsed.error, given, '/blocks')
  const problems = [...problemsAcross(parsed.data, '/blocks', pictureExists), ...modalOnly(parsed.data)]
  const words = parsed.data.reduce((sum, block) => sum + wordsOf(block).length, 0)
  return problems.length > 0 || words <= MOST_WORDS_IN_A_MESSAGE ? problems : [tooManyWords]
}

const tooManyWords: Problem = {
  pointer: '/blocks',
  code: 'msg_blocks_too_long',
  message: `no more than ${MOST_WORDS_IN_A_MESSAGE} characters allowed in all blocks together`,
  constraint: MOST_WORDS_IN_A_MESSAGE,
}

/** A view, complete with ids; refuses with `invalid_arguments` or `view_too_large`. */
export function checkView(given: unknown, pictureExists: PictureExists): ViewRequest {
  const [problem, ...others] = viewProblems(given, pictureExists)
  if (problem?.code === 'view_too_large') throw new SlackRefusal(problem.code)
  if (problem !== undefined) throw refusalWith('invalid_arguments', [problem, ...others].map(sentenceOf))
  const view = ViewRequest.parse(given)
  return { ...view, blocks: withIds(view.blocks) }
}

/** Everything that makes Slack refuse a view. */
export function viewProblems(given: unknown, pictureExists: PictureExists): Problem[] {
  if (Buffer.byteLength(JSON.stringify(given) ?? '') > LARGEST_VIEW) return [tooLargeView]
  const parsed = ViewRequest.safeParse(given)
  if (!parsed.success) return problemsOf(parsed.error, given, '/view')
  return [...inputsWithoutSubmit(parsed.data), ...problemsAcross(parsed.data.blocks, '/view/blocks', pictureExists)]
}

const tooLargeView: Problem = {
  pointer: '/view',
  code: 'view_too_large',
  message: `no more than ${LARGEST_VIEW} bytes allowed`,
  constraint: LARGEST_VIEW,
}

/** What zod found, in Slack's words and with Slack's pointers. */
export function problemsOf(error: z.ZodError, given: unknown, root: string): Problem[] {
  return error.issues.map((issue) => {
    const { words, path } = slackSentence(issue, given)
    const pointer = [root, ...path.map(String)].join('/')
    return { pointer, code: codeOf(issue), message: words, ...constraintOf(issue) }
  })
}

function codeOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'custom' ? 'invalid' : issue.code
}

function constraintOf(issue: z.core.$ZodIssue): Pick<Problem, 'constraint'> {
  if (issue.code === 'too_big') return { constraint: Number(issue.maximum) }
  return issue.code === 'too_small' ? { constraint: Number(issue.minimum) } : {}
}

function slackSentence(issue: z.core.$ZodIssue, given: unknown): { words: string; path: readonly PropertyKey[] } {
  const { path } = issue
  const value = valueAt(given, path)
  if (value === undefined && path.length > 0 && issue.code !== 'custom')
    return { words: `missing required field: ${String(path.at(-1))}`, path: path.slice(0, -1) }
  switch (issue.code) {
    case 'too_big':
      return { words: tooBig(issue.origin, Number(issue.maximum)), path }
    case 'too_small':
      return { words: tooSmall(issue.origin, Number(issue.minimum)), path }
    case 'unrecognized_keys':
      return { words: `invalid additional property: ${issue.keys.join(', ')}`, path }
    case 'invalid_union':
      return path.at(-1) === 'type'
        ? { words: `unsupported type: ${String(value)}`, path }
        : { words: 'failed to match all allowed schemas', path }
    case 'invalid_type':
      return { words: `must provide ${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`, path }
    case 'custom':
      return { words: issue.message, path }
    default:
      return { words: 'failed to match all allowed schemas', path }
  }
}

function tooBig(origin: string, most: number): string {
  if (origin === 'string') return `must be less than ${most + 1} characters`
  return origin === 'array' ? `no more than ${most} items allowed` : `must be at most ${most}`
}

function tooSmall(origin: string, least: number): string {
  if (origin === 'string') return `must be more than ${least - 1} characters`
  return origin === 'array' ? `must provide at least ${least} items` : `must be at least ${least}`
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    given,
  )
}

function inputsWithoutSubmit(view: ViewRequest): Problem[] {
  if (view.submit !== undefined) return []
  return view.blocks.flatMap((block, index) =>
    block.type === 'input'
      ? [invalid('must define `submit` to use an `input` block in modals', `/view/blocks/${index}/input`)]
      : [],
  )
}

/** `file_input` stands in modals only (docs.slack.dev/reference/block-kit/block-elements/file-input-element). */
function modalOnly(blocks: readonly Block[]): Problem[] {
  return blocks.flatMap((block, index) =>
    block.type === 'input' && block.element.type === 'file_input'
      ? [invalid('unsupported type: file_input', `/blocks/${index}/element/type`)]
      : [],
  )
}

function invalid(message: string, pointer: string): Problem {
  return { pointer, code: 'invalid', message }
}

/** What no single block can know: ids given twice, pictures that are not there. */
function problemsAcross(blocks: readonly Block[], root: string, pictureExists: PictureExists): Problem[] {
  const blockIds = blocks.map((block) => block.block_id)
  return blocks.flatMap((block, index) => [
    ...(repeats(blockIds, index) ? [invalid('block_id already exists', `${root}/${index}/block_id`)] : []),
    ...repeatedActions(block, `${root}/${index}`),
    ...missingPictures(block, `${root}/${index}`, pictureExists),
  ])
}

function repeatedActions(block: Block, root: string): Problem[] {
  const actionIds = interactiveElements(block).map((element) => element.action_id)
  return actionIds.flatMap((id, index) =>
    repeats(actionIds, index)
      ? [invalid(`\`action_id\` already exists: ${id}`, `${root}/elements/${index}/action_id`)]
      : [],
  )
}

function repeats(ids: readonly (string | undefined)[], index: number): boolean {
  return ids[index] !== undefined && ids.indexOf(ids[index]) < index
}

function missingPictures(block: Block, root: string, pictureExists: PictureExists): Problem[] {
  return imagesOf(block).flatMap(({ image, path }) => {
    if (image.slack_file !== undefined)
      return pictureExists(image.slack_file) ? [] : [invalid('invalid slack file', `${root}${path}/slack_file`)]
    return canSlackReach(image.image_url ?? '') ? [] : [invalid('downloading image failed', `${root}${path}/image_url`)]
  })
}

/** Slack fetches pictures from the internet: it reaches neither loopback nor private networks. */
function canSlackReach(address: string): boolean {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) return false
  return !/^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|\[)/.test(url.hostname)
}
