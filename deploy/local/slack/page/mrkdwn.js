/** Slack's mrkdwn as elements: *bold*, _italic_, ~strike~, `code`, blocks of code, quotes, links, mentions, dates, emoji. */
import { formatDate } from './dates.js'
import { el, link } from './dom.js'
import { withEmoji } from './emoji.js'

/** @typedef {{ userName(id: string): string, groupName(id: string): string, channelName(id: string): string, isMe(id: string): boolean }} Names */

/** A mark counts only outside words: snake_case_names and 2*3*4 stay as they are. */
const MARKS = [
  [/(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^\s*])\*(?![\p{L}\p{N}*])/u, 'strong'],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^\s_])_(?![\p{L}\p{N}_])/u, 'em'],
  [/(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*[^\s~])~(?![\p{L}\p{N}~])/u, 's'],
]

/** @param {string} text @param {Names} names @returns {Node[]} */
export function mrkdwn(text, names) {
  return text.split(/```/).flatMap((part, index, parts) => {
    const isCode = index % 2 === 1 && index < parts.length - 1
    if (isCode) return [el('pre', { class: 'code-block' }, el('code', {}, decode(part.replace(/^\n/, ''))))]
    const opening = index % 2 === 1 ? '```' : ''
    return lines(opening + part, names)
  })
}

/** A plain_text object: emoji and line breaks, nothing else. @param {{ text: string, emoji?: boolean }} text */
export function plain(text) {
  return text.emoji === false ? text.text : withEmoji(text.text)
}

/** @param {{ type: string, text: string, emoji?: boolean }} text @param {Names} names @returns {Node[]} */
export function textObject(text, names) {
  return text.type === 'mrkdwn' ? mrkdwn(text.text, names) : [document.createTextNode(plain(text))]
}

/** @param {string} text @param {Names} names @returns {Node[]} */
function lines(text, names) {
  /** @type {Node[]} */
  const nodes = []
  let quote
  for (const [index, line] of text.split('\n').entries()) {
    const quoted = /^&gt; ?(.*)$/.exec(line)
    if (quoted === null) {
      if (index > 0 && quote === undefined) nodes.push(document.createTextNode('\n'))
      quote = undefined
      nodes.push(...inline(line, names))
    } else if (quote === undefined) {
      quote = el('blockquote', {}, ...inline(quoted[1], names))
      nodes.push(quote)
    } else quote.append('\n', ...inline(quoted[1], names))
  }
  return nodes
}

/** Stand-ins for what is finished, from Unicode's private use area, so that marks can reach around them. */
const FINISHED = /\uE000(\d+)\uE001/

/** Code first (nothing inside it counts), then what is in angle brackets, then the marks around both. @param {string} text @param {Names} names @returns {Node[]} */
function inline(text, names) {
  /** @type {Node[]} */
  const finished = []
  const finish = (node) => `\uE000${finished.push(node) - 1}\uE001`
  const marked = text
    .replaceAll(/[\uE000\uE001]/g, '')
    .replaceAll(/`([^`\n]+)`/g, (_, code) => finish(el('code', { class: 'inline-code' }, decode(code))))
    .replaceAll(/<([^<>]+)>/g, (_, inside) => finish(entity(inside, names)))
  return emphasis(marked, finished)
}

/**
 * @param {string} text
 * @param {RegExp} pattern
 * @param {(match: RegExpExecArray) => Node} found
 * @param {(rest: string) => Node[]} between
 * @returns {Node[]}
 */
function split(text, pattern, found, between) {
  const match = pattern.exec(text)
  if (match === null) return text === '' ? [] : between(text)
  const after = text.slice(match.index + match[0].length)
  const before = text.slice(0, match.index)
  return [...(before === '' ? [] : between(before)), found(match), ...split(after, pattern, found, between)]
}

/** @param {string} text @param {Node[]} finished @returns {Node[]} */
function emphasis(text, finished) {
  const deeper = (inside) => emphasis(inside, finished)
  for (const [pattern, tag] of MARKS) {
    if (pattern.test(text)) return split(text, pattern, ([, inside]) => el(tag, {}, ...deeper(inside)), deeper)
  }
  return split(
    text,
    FINISHED,
    ([, index]) => finished[Number(index)],
    (rest) => [document.createTextNode(withEmoji(decode(rest)))],
  )
}

/** What stands between angle brackets. @param {string} inside @param {Names} names @returns {Node} */
function entity(inside, names) {
  const [target, label] = inside.split('|', 2)
  if (target.startsWith('@')) return mention(target.slice(1), names)
  if (target.startsWith('#')) return el('span', { class: 'mention' }, `#${label || names.channelName(target.slice(1))}`)
  if (target.startsWith('!date^')) return date(target, label ?? '')
  if (target.startsWith('!subteam^')) return groupMention(target.slice('!subteam^'.length), names)
  if (target.startsWith('!')) return el('span', { class: 'mention mention-all' }, `@${label ?? target.slice(1)}`)
  return link(decode(target), decode(label ?? target))
}

/** @param {string} id @param {Names} names */
export function mention(id, names) {
  return el(
    'span',
    { class: names.isMe(id) ? 'mention mention-me' : 'mention', data: { userId: id } },
    `@${names.userName(id)}`,
  )
}

/** By its handle, whatever label it was sent with. @param {string} id @param {Names} names */
export function groupMention(id, names) {
  return el('span', { class: 'mention' }, `@${names.groupName(id)}`)
}

/** @param {string} target @param {string} fallback */
function date(target, fallback) {
  const [, epoch, format = '', address] = target.split('^')
  const seconds = Number(epoch)
  const words = Number.isFinite(seconds) && format !== '' ? formatDate(seconds, decode(format)) : fallback
  const time = el('time', { class: 'date', title: decode(fallback) }, words)
  return address ? link(decode(address), time) : time
}

/** @param {string} text */
function decode(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
