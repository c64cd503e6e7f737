/** The rich_text block as elements. Text in it is literal: no mrkdwn, no entities. */
import { formatDate } from './dates.js'
import { el, link } from './dom.js'
import { emoji } from './emoji.js'
import { groupMention, mention } from './mrkdwn.js'

/** @param {any} block @param {import('./mrkdwn.js').Names} names */
export function richText(block, names) {
  return el('div', { class: 'rich-text' }, ...lists(block.elements.map((element) => [element, part(element, names)])))
}

/** Lists of one level deeper come as elements of their own; indentation is a class. @param {[any, HTMLElement][]} parts */
function lists(parts) {
  return parts.map(([element, node]) => {
    if (element.type === 'rich_text_list') node.classList.add(`indent-${Math.min(element.indent ?? 0, 4)}`)
    return node
  })
}

/** @param {any} element @param {import('./mrkdwn.js').Names} names */
function part(element, names) {
  switch (element.type) {
    case 'rich_text_preformatted':
      return terminal(element.elements.map((one) => one.text ?? one.url).join(''))
    case 'rich_text_quote':
      return el('blockquote', {}, ...element.elements.map((one) => piece(one, names)))
    case 'rich_text_list':
      return list(element, names)
    default:
      return el('div', { class: 'rich-line' }, ...element.elements.map((one) => piece(one, names)))
  }
}

/** Console output: its own width, its own scrolling, 24 rows at a time. @param {string} text */
function terminal(text) {
  const properties = {
    class: 'terminal',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Console text',
    data: { testid: 'console' },
  }
  return el('pre', properties, el('code', {}, text))
}

/** @param {any} element @param {import('./mrkdwn.js').Names} names */
function list(element, names) {
  const start = element.style === 'ordered' && element.offset ? element.offset + 1 : undefined
  const items = element.elements.map((item) => el('li', {}, ...item.elements.map((one) => piece(one, names))))
  return el(element.style === 'ordered' ? 'ol' : 'ul', { start }, ...items)
}

/** @param {any} one @param {import('./mrkdwn.js').Names} names */
function piece(one, names) {
  return styled(bare(one, names), one.style)
}

/** @param {any} one @param {import('./mrkdwn.js').Names} names @returns {Node} */
function bare(one, names) {
  switch (one.type) {
    case 'link':
      return link(one.url, one.text || one.url)
    case 'user':
      return mention(one.user_id, names)
    case 'channel':
      return el('span', { class: 'mention' }, `#${names.channelName(one.channel_id)}`)
    case 'usergroup':
      return groupMention(one.usergroup_id, names)
    case 'broadcast':
      return el('span', { class: 'mention mention-all' }, `@${one.range}`)
    case 'emoji':
      return document.createTextNode(emoji(one.name) ?? `:${one.name}:`)
    case 'date':
      return el('time', { class: 'date', title: one.fallback }, formatDate(one.timestamp, one.format))
    default:
      return document.createTextNode(one.text)
  }
}

/** @param {Node} node @param {Record<string, boolean> | undefined} style */
function styled(node, style = {}) {
  let result = node
  if (style.code) result = el('code', { class: 'inline-code' }, result)
  if (style.bold) result = el('strong', {}, result)
  if (style.italic) result = el('em', {}, result)
  if (style.strike) result = el('s', {}, result)
  if (style.underline) result = el('u', {}, result)
  return result
}
