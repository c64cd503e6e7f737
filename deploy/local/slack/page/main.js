/** The page: one store, one render from it, and the deeds that people do. */
import { Clock } from './clock.js'
import { Composer } from './composer.js'
import { moveTime, readAs } from './dates.js'
import { askConfirm, enlarge } from './dialogs.js'
import { el } from './dom.js'
import { menuButton } from './menu.js'
import { messageElement, noticeElement } from './message.js'
import { MessageList } from './message-list.js'
import { Modal } from './modal.js'
import { avatar, namesOf, renderSwitch } from './people.js'
import { deed, give, Store } from './store.js'
import { showSwitches } from './switches.js'

/** Messages of one author within this time stand under one name, in seconds. */
const GROUPED_WITHIN = 300

const page = (selector) => document.querySelector(selector)
const address = new URL(location.href)
const place = {
  user: address.searchParams.get('user') ?? localStorage.getItem('user') ?? '',
  channel: address.searchParams.get('channel') ?? '',
  thread: address.searchParams.get('thread') ?? '',
}
/** Buttons that were pressed and whose app has not answered yet. */
const waiting = new Set()

const store = new Store(render)
const channelList = new MessageList(page('.channel-pane'))
const threadList = new MessageList(page('.thread-pane'))
const modal = new Modal(
  act,
  (element) => confirms(element),
  (file) => give(store.snapshot.me.id, file),
)
const commands = () => store.snapshot?.app.commands ?? []
const shortcutsOf = (type) => (store.snapshot?.app.shortcuts ?? []).filter((one) => one.type === type)
const shortcutMenu = menuButton({ label: 'Shortcuts', face: '⚡', className: 'icon-button', testid: 'shortcuts' }, () =>
  shortcutsOf('global').map((one) => shortcutItem(one)),
)
const channelComposer = new Composer(
  page('[data-testid="channel-composer"]'),
  (text) => write(text, undefined),
  commands,
  shortcutMenu,
)
const threadComposer = new Composer(
  page('[data-testid="thread-composer"]'),
  (text) => write(text, place.thread),
  commands,
)

const clock = new Clock(page('.clock-place'))

showSwitches(page('.switches-place'))
page('[data-testid="toggle-sidebar"]').addEventListener('click', () =>
  showSidebar(page('.sidebar').classList.toggle('is-open')),
)
page('[data-testid="close-thread"]').addEventListener('click', () => go({ thread: '' }))
document.addEventListener('keydown', (event) => {
  const isFree = event.key === 'Escape' && document.querySelector('dialog[open]') === null
  if (isFree) showSidebar(false)
  if (isFree && page('.thread-pane').contains(event.target)) go({ thread: '' })
})
store.connect(place.user)

/** Another user, channel or thread; kept in the address, so that a reload comes back here. */
function go(where) {
  const isAnotherUser = where.user !== undefined && where.user !== place.user
  const isAnotherThread = where.thread !== undefined && where.thread !== place.thread
  const left = place.thread
  Object.assign(place, where)
  for (const [name, value] of Object.entries(place)) {
    if (value === '') address.searchParams.delete(name)
    else address.searchParams.set(name, value)
  }
  history.replaceState(null, '', address)
  showSidebar(false)
  if (where.channel !== undefined) channelList.reset()
  if (isAnotherThread) threadList.reset()
  if (isAnotherUser) store.connect(place.user)
  else render()
  if (isAnotherThread) moveFocus(left)
}

/** Into the thread that was opened, or back to where the one was opened that was `left`. */
function moveFocus(left) {
  const opener = `.channel-pane [data-ts="${left}"] .replies`
  if (place.thread !== '') page('.thread-pane .pane-scroll').focus({ preventScroll: true })
  else if (left !== '') page(opener)?.focus({ preventScroll: true })
}

function act(what) {
  return deed(store.snapshot.me.id, what)
}

/** On narrow windows the channels lie over the page while somebody chooses. */
function showSidebar(isOpen) {
  page('.sidebar').classList.toggle('is-open', isOpen)
  page('[data-testid="toggle-sidebar"]').setAttribute('aria-expanded', String(isOpen))
}

/** A shortcut as a line of a menu; with `message`, one that is about that message. */
function shortcutItem({ callback_id, name, description }, message) {
  const what = { deed: 'shortcut', channel: place.channel, callback_id, message_ts: message?.ts }
  return { name, words: description, run: () => void act(what) }
}

function write(text, thread_ts) {
  const kind = text.startsWith('/') ? 'command' : 'say'
  const list = thread_ts === undefined ? channelList : threadList
  list.isAtEnd = true
  return act({ deed: kind, channel: place.channel, text, thread_ts })
}

function confirms(element) {
  return element.confirm === undefined ? Promise.resolve(true) : askConfirm(element.confirm, namesOf(store.snapshot))
}

/** A button or a choice in a message. Until the app has answered, the button can be pressed again in vain. */
async function actInMessage(message, element, block, value) {
  const key = waitingKey(message, element, block)
  if (waiting.has(key) || !(await confirms(element))) return
  waiting.add(key)
  markWaiting(message, element, true)
  const what = { deed: 'click', channel: place.channel, message_ts: message.ts, action_id: element.action_id }
  try {
    await act({ ...what, block_id: block.block_id, value })
  } finally {
    waiting.delete(key)
    markWaiting(message, element, false)
  }
}

function waitingKey(message, element, block) {
  return `${message.ts} ${block.block_id} ${element.action_id}`
}

/** It keeps the focus, which an element that is disabled would lose. */
function markWaiting(message, element, isWaiting) {
  const selector = `[data-ts="${message.ts}"] .button[data-action-id="${CSS.escape(element.action_id)}"]`
  for (const button of document.querySelectorAll(selector)) {
    button.setAttribute('aria-disabled', String(isWaiting))
    button.classList.toggle('is-waiting', isWaiting)
  }
}

function render() {
  const { snapshot, connection } = store
  renderConnection(connection)
  if (snapshot === undefined) return
  place.user = snapshot.me.id
  readAs(snapshot.me)
  moveTime(snapshot.ahead ?? 0)
  clock.show(snapshot.ahead)
  localStorage.setItem('user', place.user)
  if (store.channel(place.channel) === undefined) place.channel = snapshot.channels[0]?.id ?? ''
  const channel = store.channel(place.channel)
  renderFrame(snapshot, channel)
  if (channel === undefined) return
  renderChannel(snapshot, channel)
  renderThread(snapshot, channel)
  modal.show(snapshot.views.at(-1), { names: namesOf(snapshot), enlarge })
}

function renderConnection(connection) {
  const status = page('[data-testid="connection"]')
  status.dataset.state = connection
  status.textContent = { live: 'Live', connecting: 'Connecting…', reconnecting: 'Reconnecting…' }[connection]
}

/** What stays the same while messages come and go is only drawn anew for another user or channel. */
function renderFrame(snapshot, channel) {
  const drawn = `${snapshot.me.id} ${channel?.id}`
  if (document.body.dataset.drawn === drawn) return
  document.body.dataset.drawn = drawn
  document.title = `${titleOf(channel)} – ${snapshot.team.name}`
  page('[data-testid="workspace-name"]').textContent = snapshot.team.name
  page('.workspace-mark').textContent = snapshot.team.name.charAt(0)
  shortcutMenu.hidden = shortcutsOf('global').length === 0
  renderSwitch(page('[data-testid="user-switch"]'), snapshot, (user) => go({ user }))
  const [channels, directs] = [false, true].map((isDirect) =>
    snapshot.channels.filter((one) => one.isDirect === isDirect),
  )
  page('[data-testid="channels"]').replaceChildren(...channels.map((one) => channelLink(one, channel)))
  page('[data-testid="apps"]').replaceChildren(
    ...directs.map((one) => channelLink(one, channel, avatar(snapshot, snapshot.app.botUserId, 'tiny'))),
  )
  page('[data-testid="channel-title"]').textContent = titleOf(channel, '# ')
  page('[data-testid="thread-channel"]').textContent = channel === undefined ? '' : titleOf(channel, '# ')
  page('.channel-start').textContent =
    `This is the beginning of ${titleOf(channel)}. Type ${commands()[0]?.command ?? '/'} to start.`
  channelComposer.describe(`Message ${titleOf(channel)}`, `Message or type ${commands()[0]?.command ?? '/'}`)
  threadComposer.describe('Reply…')
}

function titleOf(channel, mark = '#') {
  if (channel === undefined) return 'No channel'
  return channel.isDirect ? channel.name : `${mark}${channel.name}`
}

function channelLink(one, current, face) {
  const choose = () => go({ channel: one.id, thread: '' })
  const isCurrent = one === current ? 'page' : undefined
  return el(
    'li',
    {},
    el(
      'button',
      {
        type: 'button',
        class: 'sidebar-item',
        'aria-current': isCurrent,
        data: { channelId: one.id },
        on: { click: choose },
      },
      face,
      titleOf(one, '# '),
    ),
  )
}

function renderChannel(snapshot, channel) {
  const top = channel.messages.filter((message) => message.thread_ts === undefined || message.thread_ts === message.ts)
  const ephemerals = channel.ephemerals.filter((message) => message.thread_ts === undefined)
  const notices = snapshot.notices.filter((notice) => notice.channel === channel.id && notice.threadTs === undefined)
  channelList.show(itemsOf(snapshot, [...top, ...ephemerals], notices, false))
}

function renderThread(snapshot, channel) {
  const pane = page('.thread-pane')
  const parent = channel.messages.find((message) => message.ts === place.thread)
  pane.hidden = parent === undefined
  document.body.classList.toggle('has-thread', parent !== undefined)
  if (parent === undefined) return
  const replies = [...channel.messages, ...channel.ephemerals].filter(
    (message) => message.thread_ts === parent.ts && message.ts !== parent.ts,
  )
  const notices = snapshot.notices.filter((notice) => notice.threadTs === parent.ts)
  threadList.show(itemsOf(snapshot, [parent, ...replies], notices, true))
}

/** In the order of time, with what follows the same author closely drawn without a name. */
function itemsOf(snapshot, messages, notices, isThread) {
  const all = [...messages, ...notices].sort((one, other) => Number(one.ts) - Number(other.ts))
  return all.map((one, index) => {
    if (one.error !== undefined)
      return { key: `notice ${one.ts}`, version: one.ts, isCompact: false, make: () => noticeElement(one) }
    const isCompact = isThread && index === 1 ? false : followsClosely(all[index - 1], one)
    const context = {
      snapshot,
      isCompact,
      isThread,
      surface: surfaceOf(snapshot, one),
      shortcuts: () => shortcutsOf('message').map((each) => shortcutItem(each, one)),
      openThread: (thread) => go({ thread }),
    }
    return { key: `${one.ts}`, version: one, isCompact, make: () => messageElement(one, context) }
  })
}

function followsClosely(before, message) {
  return (
    before !== undefined &&
    before.error === undefined &&
    before.user === message.user &&
    !before.is_ephemeral &&
    !message.is_ephemeral &&
    Number(message.ts) - Number(before.ts) < GROUPED_WITHIN
  )
}

function surfaceOf(snapshot, message) {
  return {
    names: namesOf(snapshot),
    enlarge,
    act: (element, block, value) => actInMessage(message, element, block, value),
    isWaiting: (element, block) => waiting.has(waitingKey(message, element, block)),
    entered: () => undefined,
    suggest: (element, block, typed) => {
      const where = { channel: place.channel, message_ts: message.ts }
      return act({ deed: 'suggest', ...where, action_id: element.action_id, block_id: block.block_id, typed })
    },
    give: (file) => give(snapshot.me.id, file),
  }
}
