/**
 * Text for Slack. Whatever comes from outside (names, comments of keys, host
 * names) is neutralised when it is put into a sentence; only what was made here
 * as `Mrkdwn` keeps its meaning. Escaping the three characters & < > is all that Slack
 * asks for: it ends mentions, links and dates alike (docs.slack.dev, "Formatting message text").
 */
import { fill } from '../../core/i18n/fill.ts'
import type { Actor } from '../../core/record/events.ts'

/** Markup that was made here on purpose. */
export interface Mrkdwn {
  readonly mrkdwn: string
}
export type Names = Readonly<Record<string, string | number | Mrkdwn>>

/** A longer name says nothing more to a reader, and eats the block's room. */
export const LONGEST_NAME = 200

/** Controls, bidi marks, zero-width and other characters that nobody sees, lone surrogates, line and paragraph separators. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/**
 * What a reader of a line can not see, or takes for a plain blank: also blanks of other kinds, and those at its end. What
 * only looks like our own mark for it is among it, so that two lines never look alike.
 */
const UNSEEN = /(?![ \t])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]|[ \t]$|<(?=U\+[0-9A-F]{4,6}>)/gu
const UNSEEN_MARK = /<U\+[0-9A-F]{4,6}>/

/** One line, with the numbers of the characters in it that are not seen: `<U+200B>`. */
export function visible(line: string): string {
  return line.replaceAll(UNSEEN, (unseen) => {
    const number = unseen.codePointAt(0)?.toString(16).toUpperCase() ?? ''
    return `<U+${number.padStart(4, '0')}>`
  })
}

/** Whether `visible` has found something in it. */
export function isMarked(text: string): boolean {
  return UNSEEN_MARK.test(text)
}

/** One line without anything that is not seen, at most `most` characters. */
export function clean(text: string, most = LONGEST_NAME): string {
  return clip(text.replaceAll(/[\t\r\n\u2028\u2029]+/g, ' ').replaceAll(INVISIBLE, ''), most)
}

/** Several lines of literal text for a preformatted block; tabs and line ends stay. */
export function cleanLines(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .split('\n')
    .map((line) =>
      line
        .split('\t')
        .map((part) => part.replaceAll(INVISIBLE, ''))
        .join('\t'),
    )
    .join('\n')
}

/** Never cuts a character of two code units in half. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text
  const cut = text.slice(0, Math.max(0, most - 1)).replace(/[\ud800-\udbff]$/, '')
  return `${cut}…`
}

export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** The way back, for what people have typed and posted. */
export function unescapeMrkdwn(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** A link, or a mark of a person, a channel or a group, with the label that some have. */
export const MARK = /<(?<target>[^<>|]*)(?:\|(?<label>[^<>]*))?>/g

/** What people have typed and posted as plain text: what its marks point to is named, and no longer pointed to. */
export function readable(text: string): string {
  return unescapeMrkdwn(text.replaceAll(MARK, (_, target: string, label = '') => nameOf(target, label)))
}

function nameOf(target: string, label: string): string {
  if (/^[@#]/.test(target)) return `${target.charAt(0)}${label.replace(/^[@#]/, '') || target.slice(1)}`
  if (target.startsWith('!date^')) return label
  if (target.startsWith('!')) return `@${(label || target.slice(1)).replace(/^@|^subteam\^/, '')}`
  const address = target.replace(/^(?:mailto|tel):/, '')
  if (label === '') return address
  return isSameAddress(target, label) ? label : `${label} (${address})`
}

/** Whether a link's label is its address, as somebody has typed it. */
export function isSameAddress(target: string, label: string): boolean {
  return [label, `http://${label}`, `https://${label}`, `mailto:${label}`, `tel:${label}`].includes(target)
}

/** A sentence of the catalogue as mrkdwn. */
export function say(sentence: string, names: Names = {}): string {
  return fill(
    sentence,
    mapNames(names, (name) => escapeMrkdwn(withoutMarks(clean(name)))),
  )
}

/** A sentence for a `plain_text` object, where nothing is markup. */
export function plain(sentence: string, names: Readonly<Record<string, string | number>> = {}): string {
  return fill(sentence, mapNames(names, clean))
}

/** The name of whoever did it, as a mention; ids that are not Slack's are shown, not linked. */
export function mention(actor: Actor, worker: string): Mrkdwn {
  return actor.kind === 'person' ? mentionUser(actor.user) : { mrkdwn: worker }
}

export function mentionUser(user: string): Mrkdwn {
  return { mrkdwn: /^[UW][A-Z0-9]{2,20}$/.test(user) ? `<@${user}>` : escapeMrkdwn(clean(user)) }
}

/** Everybody in the group is notified. */
export function mentionGroup(group: string): Mrkdwn {
  return { mrkdwn: /^S[A-Z0-9]{2,20}$/.test(group) ? `<!subteam^${group}>` : escapeMrkdwn(clean(group)) }
}

export function mentionChannel(channel: string): Mrkdwn {
  return { mrkdwn: /^[CG][A-Z0-9]{2,20}$/.test(channel) ? `<#${channel}>` : escapeMrkdwn(clean(channel)) }
}

export function joined(parts: readonly Mrkdwn[], separator = ', '): Mrkdwn {
  return { mrkdwn: parts.map((part) => part.mrkdwn).join(separator) }
}

/** A moment in the reader's own time zone; the fallback names the zone. */
export function moment(iso: string): Mrkdwn {
  return date(iso, '{date_short_pretty} {time}')
}

/** As `moment`, with seconds, for what changes often. */
export function clockTime(iso: string): Mrkdwn {
  return date(iso, '{time_secs}')
}

function date(iso: string, format: string): Mrkdwn {
  const milliseconds = Date.parse(iso)
  if (Number.isNaN(milliseconds)) return { mrkdwn: escapeMrkdwn(clean(iso)) }
  const fallback = `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return { mrkdwn: `<!date^${Math.floor(milliseconds / 1000)}^${format}|${fallback}>` }
}

/** A back quote would end the code it stands in; asterisks, tildes and underscores are left: they only look odd. */
function withoutMarks(text: string): string {
  return text.replaceAll('`', "'")
}

function mapNames(names: Names, neutralise: (name: string) => string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).map(([key, name]) => [
      key,
      typeof name === 'object' ? name.mrkdwn : neutralise(String(name)),
    ]),
  )
}
