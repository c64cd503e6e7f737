/** Names and faces: who wrote this, and who am I now. */
import { el } from './dom.js'

/** How people are called in text. @param {any} snapshot @returns {import('./mrkdwn.js').Names} */
export function namesOf(snapshot) {
  return {
    userName: (id) => authorName(snapshot, id),
    groupName: (id) => snapshot.userGroups.find((group) => group.id === id)?.handle ?? id,
    channelName: (id) => snapshot.channels.find((channel) => channel.id === id)?.name ?? id,
    isMe: (id) => id === snapshot.me.id,
  }
}

/** @param {any} snapshot @param {string} id */
export function authorName(snapshot, id) {
  if (id === snapshot.app.botUserId) return snapshot.app.name
  return snapshot.users.find((user) => user.id === id)?.realName ?? id
}

/** @param {any} snapshot @param {string} id @param {string} size */
export function avatar(snapshot, id, size) {
  if (id === snapshot.app.botUserId) return el('img', { class: `avatar avatar-${size}`, src: '/app.svg', alt: '' })
  const index = snapshot.users.findIndex((user) => user.id === id)
  const initials = authorName(snapshot, id)
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .slice(0, 2)
    .join('')
  return el(
    'span',
    { class: `avatar avatar-${size} avatar-color-${(index + 6) % 6}`, 'aria-hidden': 'true' },
    initials.toUpperCase(),
  )
}

/** One button per person, the current one pressed. @param {HTMLElement} group @param {any} snapshot @param {(id: string) => void} choose */
export function renderSwitch(group, snapshot, choose) {
  const hadFocus = group.contains(document.activeElement)
  group.replaceChildren(...snapshot.users.map((user) => person(user, snapshot, choose)))
  if (hadFocus) group.querySelector('[aria-checked="true"]')?.focus()
}

/** @param {any} user @param {any} snapshot @param {(id: string) => void} choose */
function person(user, snapshot, choose) {
  const isMe = user.id === snapshot.me.id
  return el(
    'button',
    {
      type: 'button',
      class: 'person',
      role: 'radio',
      'aria-label': [user.realName, user.role, user.locale].filter(Boolean).join(', '),
      'aria-checked': String(isMe),
      tabindex: isMe ? '0' : '-1',
      data: { userId: user.id, role: user.role },
      on: { click: () => choose(user.id), keydown: (event) => moveWithArrows(event, snapshot, user, choose) },
    },
    avatar(snapshot, user.id, 'small'),
    el(
      'span',
      { class: 'person-words' },
      el('span', { class: 'person-name' }, user.realName),
      el('span', { class: 'person-role' }, roleOf(user)),
    ),
  )
}

/** The part somebody plays, and their language where it is not English. @param {any} user */
function roleOf({ role, locale }) {
  return [role, locale.startsWith('en') ? '' : locale].filter(Boolean).join(' · ')
}

/** A radio group is moved through with the arrow keys. */
function moveWithArrows(event, snapshot, user, choose) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const { users } = snapshot
  choose(users[(users.indexOf(user) + step + users.length) % users.length].id)
}
