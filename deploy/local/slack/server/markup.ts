/**
 * What Slack's markup makes of a text, and whether somebody else's text could have got through it:
 * `&`, `<` and `>` that nobody escaped, and mentions that ring where none should
 * (docs.slack.dev/messaging/formatting-message-text).
 */
import type { Problem } from './refusal.ts'

/** Whether the app has a reason to ring this person, channel or user group: only ids, never names. */
export type MayMention = (id: string) => boolean

/** A sequence in angle brackets that Slack gives a meaning. */
const SEQUENCE = /<(?<what>[^<>\n]*)>/g
const MENTION = /^(?:[@#]|!subteam\^)(?<id>[A-Z0-9]+)$/
const DATE = /^!date\^\d{1,12}\^[^|]+\|[^|]+$/
const LINK = /^(?:https?:\/\/|mailto:)[^|\s]+(?:\|[^|]+)?$/
/** "Greater than" at the beginning of a line is Slack's quotation. */
const QUOTATION = /^(?:>>>|>)/gm
const RAW = /[<>]|&(?!(?:amp|lt|gt);)/

/** Problems of one text in mrkdwn. */
export function markupProblems(text: string, pointer: string, mayMention: MayMention): Problem[] {
  const sequences = [...text.matchAll(SEQUENCE)].map((match) => match.groups?.what ?? '')
  const rest = text.replaceAll(SEQUENCE, '').replaceAll(QUOTATION, '')
  const raw = RAW.exec(rest)?.[0]
  return [
    ...sequences.flatMap((what) => sequenceProblems(what, pointer, mayMention)),
    ...(raw === undefined ? [] : [{ pointer, code: 'unescaped', message: `unescaped ${raw}` }]),
  ]
}

function sequenceProblems(what: string, pointer: string, mayMention: MayMention): Problem[] {
  if (DATE.test(what) || LINK.test(what)) return []
  const id = MENTION.exec(what)?.groups?.id
  if (id === undefined && !/^[!@#]/.test(what)) return [{ pointer, code: 'unescaped', message: `unescaped <${what}>` }]
  return id !== undefined && mayMention(id) ? [] : [liveMention(`<${what}>`, pointer)]
}

export function liveMention(what: string, pointer: string): Problem {
  return { pointer, code: 'live_mention', message: `a mention that rings: ${what}` }
}
