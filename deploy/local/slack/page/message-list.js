/** A list of messages that changes only where something changed, and scrolls along only for those who read its end. */
import { el } from './dom.js'

/** How near the end somebody must be to be taken along, in pixels: about two lines. */
const NEAR_END = 48

/** @typedef {{ key: string, version: unknown, isCompact: boolean, make: () => HTMLElement }} Item */

export class MessageList {
  /** @param {HTMLElement} pane with a `.pane-scroll` and a `.messages` in it */
  constructor(pane) {
    this.list = pane.querySelector('.messages')
    this.scroller = pane.querySelector('.pane-scroll')
    this.isAtEnd = true
    /** Where the list stood when it was last looked at or scrolled along. */
    this.top = 0
    /** @type {Map<string, { item: Item, node: HTMLElement }>} */
    this.shown = new Map()
    this.newer = el(
      'button',
      { type: 'button', class: 'newer', hidden: true, on: { click: () => this.goToEnd() } },
      '↓ New messages',
    )
    this.scroller.after(this.newer)
    this.scroller.addEventListener('scroll', () => this.noteScroll())
    new ResizeObserver(() => this.follow()).observe(pane.querySelector('.pane-body'))
    new ResizeObserver(() => this.follow()).observe(this.scroller)
  }

  /** Shows exactly these, in this order. @param {Item[]} items */
  show(items) {
    const before = this.shown
    this.shown = new Map(items.map((item) => [item.key, { item, node: this.nodeFor(item, before.get(item.key)) }]))
    for (const [key, { node }] of before) if (this.shown.get(key)?.node !== node) node.remove()
    for (const [index, { node }] of [...this.shown.values()].entries()) {
      if (this.list.children[index] !== node) this.list.insertBefore(node, this.list.children[index] ?? null)
    }
    const hasMore = items.some((item) => !before.has(item.key))
    if (hasMore && !this.isAtEnd && before.size > 0) this.newer.hidden = false
    this.follow()
  }

  /** Forgets everything, so that another thread or user starts at its end. */
  reset() {
    for (const { node } of this.shown.values()) node.remove()
    this.shown = new Map()
    this.isAtEnd = true
    this.newer.hidden = true
  }

  /** @param {Item} item @param {{ item: Item, node: HTMLElement } | undefined} known */
  nodeFor(item, known) {
    if (known && known.item.version === item.version && known.item.isCompact === item.isCompact) return known.node
    const node = item.make()
    if (known) takeOver(known.node, node)
    else showEnds(node)
    return node
  }

  noteScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_END
    // A picture that has just come is as long as somebody's way up; only who goes up leaves the end.
    if (isNear || scrollTop < this.top) this.isAtEnd = isNear
    this.top = scrollTop
    if (this.isAtEnd) this.newer.hidden = true
  }

  follow() {
    if (!this.isAtEnd) return
    this.scroller.scrollTop = this.scroller.scrollHeight
    this.top = this.scroller.scrollTop
  }

  goToEnd() {
    this.isAtEnd = true
    this.newer.hidden = true
    this.follow()
  }
}

/** Console text is read from its end. @param {HTMLElement} node */
function showEnds(node) {
  requestAnimationFrame(() => {
    for (const terminal of node.querySelectorAll('.terminal')) terminal.scrollTop = terminal.scrollHeight
  })
}

/**
 * A message that was edited keeps the reader's place in its console text, and the focus: where what had it is gone, the
 * message itself has it, so that Tab goes on from there.
 * @param {HTMLElement} before @param {HTMLElement} after
 */
function takeOver(before, after) {
  const places = [...before.querySelectorAll('.terminal')].map(
    ({ scrollTop, scrollLeft, scrollHeight, clientHeight }) => ({
      scrollLeft,
      scrollTop: scrollHeight - scrollTop - clientHeight < NEAR_END ? Number.MAX_SAFE_INTEGER : scrollTop,
    }),
  )
  const focused = before.contains(document.activeElement) ? document.activeElement : undefined
  before.replaceWith(after)
  for (const [index, terminal] of [...after.querySelectorAll('.terminal')].entries()) {
    const place = places[index] ?? { scrollTop: Number.MAX_SAFE_INTEGER, scrollLeft: 0 }
    terminal.scrollTop = place.scrollTop
    terminal.scrollLeft = place.scrollLeft
  }
  if (focused !== undefined) focusSame(focused, after)
}

/** @param {HTMLElement} focused @param {HTMLElement} message */
function focusSame(focused, message) {
  const { actionId } = focused.dataset
  const same = actionId
    ? message.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`)
    : message.getElementsByClassName(focused.className)[0]
  if (!same) message.tabIndex = -1
  const place = same ?? message
  place.focus({ preventScroll: true })
}
