/** One message of a list: who, when, what; and Slack's own notices among them. */
import { blockElement } from './blocks.js'
import { fullTimeOf, timeOf } from './dates.js'
import { el } from './dom.js'
import { fileElement } from './files.js'
import { menuButton } from './menu.js'
import { mrkdwn } from './mrkdwn.js'
import { authorName, avatar, namesOf } from './people.js'

/**
 * @typedef {object} MessageContext
 * @property {any} snapshot
 * @property {import('./blocks.js').Surface} surface
 * @property {boolean} isCompact follows one of the same author
 * @property {boolean} isThread stands in the thread pane
 * @property {(ts: string) => void} openThread
 * @property {() => readonly any[]} shortcuts what the app offers for this message
 */

/** @param {any} message @param {MessageContext} context */
export function messageElement(message, context) {
  const { snapshot, isCompact } = context
  const isEphemeral = message.is_ephemeral === true
  const classes = ['message', isCompact && 'is-compact', isEphemeral && 'is-ephemeral', message.bot_id && 'is-app']
  return el(
    'li',
    {
      class: classes.filter(Boolean).join(' '),
      data: {
        ts: message.ts,
        user: message.user,
        testid: isEphemeral ? 'ephemeral' : 'message',
        threadTs: message.thread_ts,
      },
    },
    el(
      'div',
      { class: 'gutter' },
      isCompact
        ? el('time', { class: 'gutter-time', title: fullTimeOf(message.ts) }, timeOf(message.ts))
        : avatar(snapshot, message.user, 'large'),
    ),
    el(
      'div',
      { class: 'message-main' },
      isEphemeral &&
        el('div', { class: 'only-you' }, el('span', { 'aria-hidden': 'true' }, '● '), 'Only visible to you'),
      !isCompact && heading(message, snapshot),
      body(message, context),
      !context.isThread && message.reply_count > 0 && repliesButton(message, context),
    ),
    !isEphemeral && context.shortcuts().length > 0 && messageMenu(context),
  )
}

/** @param {MessageContext} context */
function messageMenu({ shortcuts }) {
  const look = { label: 'More for this message', face: '⋯', className: 'icon-button', testid: 'message-menu' }
  return el('div', { class: 'message-menu' }, menuButton(look, shortcuts))
}

/** @param {any} message @param {any} snapshot */
function heading(message, snapshot) {
  return el(
    'div',
    { class: 'message-head' },
    el('span', { class: 'author' }, authorName(snapshot, message.user)),
    message.bot_id && el('span', { class: 'app-badge' }, 'APP'),
    el('time', { class: 'time', title: fullTimeOf(message.ts) }, timeOf(message.ts)),
  )
}

/** Blocks in place of the text when there are any: the text is then for notifications. @param {any} message @param {MessageContext} context */
function body(message, { snapshot, surface }) {
  const edited = message.edited && el('span', { class: 'edited' }, ' (edited)')
  const text = message.text !== '' && el('div', { class: 'text' }, ...mrkdwn(message.text, namesOf(snapshot)), edited)
  return el(
    'div',
    { class: 'message-body' },
    ...(message.blocks ? message.blocks.map((block) => blockElement(block, surface)) : [text]),
    ...(message.files ?? []).map((file) => fileElement(file, surface)),
  )
}

/** @param {any} message @param {MessageContext} context */
function repliesButton(message, { snapshot, openThread }) {
  const count = message.reply_count
  return el(
    'button',
    { type: 'button', class: 'replies', data: { testid: 'open-thread' }, on: { click: () => openThread(message.ts) } },
    ...message.reply_users.slice(0, 3).map((id) => avatar(snapshot, id, 'tiny')),
    el('span', { class: 'replies-count' }, `${count} ${count === 1 ? 'reply' : 'replies'}`),
    el('span', { class: 'replies-last' }, `last at ${timeOf(message.latest_reply)}`),
  )
}

/** @param {any} notice */
export function noticeElement(notice) {
  return el(
    'li',
    { class: 'message notice', role: 'alert', data: { testid: 'notice', error: notice.error, ts: notice.ts } },
    el('div', { class: 'gutter' }, el('span', { class: 'notice-mark', 'aria-hidden': 'true' }, '!')),
    el(
      'div',
      { class: 'message-main' },
      el('div', { class: 'only-you' }, 'Slack · only visible to you'),
      el('div', { class: 'text' }, notice.text),
    ),
  )
}
