/**
 * What a person typed, out of the text that Slack keeps of it. Slack escapes & < >, makes links of addresses and of bare
 * names of hosts, and marks of people and channels (docs.slack.dev, "Formatting message text"); keyboards of telephones
 * and desktops curl quotation marks and join two hyphens. In a code span nothing but the escaping happens.
 * Where it is not certain what was typed nothing is guessed, for it would be run as root. Pure.
 */
import { isSameAddress, MARK, unescapeMrkdwn } from '../slack/text.ts'

/** `unclear`: the part of the text that could have been typed in more than one way. */
export type TypedText =
  | { readonly kind: 'typed'; readonly text: string }
  | { readonly kind: 'unclear'; readonly part: string }

const CODE = [/^```(?<code>(?:(?!```)[\s\S])*)```$/, /^`(?<code>[^`]+)`$/]

export function readTyped(stored: string): TypedText {
  const trimmed = stored.trim()
  for (const form of CODE) {
    const code = form.exec(trimmed)?.groups?.code
    if (code !== undefined) return { kind: 'typed', text: unescapeMrkdwn(code).trim() }
  }
  // Back quotes in the middle are a code span to one reader, and a substitution to the shell; a dash is one hyphen or two.
  const odd = /`[^`]*`?|\u2013/.exec(trimmed)?.[0]
  if (odd !== undefined) return { kind: 'unclear', part: unescapeMrkdwn(odd) }
  const marks = [...trimmed.matchAll(MARK)]
  const unclear = marks.find(({ groups }) => typedMark(groups?.target ?? '', groups?.label) === undefined)
  if (unclear !== undefined) return { kind: 'unclear', part: unescapeMrkdwn(unclear.groups?.label ?? unclear[0]) }
  const plain = trimmed.replaceAll(
    MARK,
    (_, target: string, label: string | undefined) => typedMark(target, label) ?? '',
  )
  return { kind: 'typed', text: straight(unescapeMrkdwn(plain)) }
}

/** Undefined when it does not say: people without their name, and links whose words are not their address. */
function typedMark(target: string, label: string | undefined): string | undefined {
  if (target.startsWith('#')) return label === undefined ? undefined : `#${label}`
  if (target.startsWith('@')) return label === undefined ? undefined : `@${label}`
  if (target.startsWith('!subteam^')) return label
  if (target.startsWith('!')) return /^!(?:here|channel|everyone)$/.test(target) ? `@${target.slice(1)}` : undefined
  if (label === undefined) return target
  return isSameAddress(target, label) ? label : undefined
}

function straight(text: string): string {
  return text
    .replaceAll(/[\u201c\u201d\u201e\u201f]/g, '"')
    .replaceAll(/[\u2018\u2019\u201a\u201b]/g, "'")
    .replaceAll('\u2014', '--')
    .replaceAll(/[\u00a0\u202f]/g, ' ')
}
