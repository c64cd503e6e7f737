/**
 * Takes out of a stream what would spoil the screen for the rest of a session:
 * an OSC, DCS, APC, PM or SOS that never ends (the terminal would swallow
 * everything after it), shifts to another character set, numbers so large that
 * the terminal would be busy with them for minutes, and, where the machine sends
 * no others, all sequences that do not begin with `ESC [`: what is left of one
 * whose rest was lost may reset the terminal.
 */

/** Real titles and colour queries are far shorter; a longer string is line noise. */
const LONGEST_STRING = 512
/** No screen has 10,000 rows or columns; the terminal scrolls, repeats and inserts as often as it is told to. */
const MOST_DIGITS = 4
const CANCEL = '\u0018'

/** Text and whole sequences that spoil no screen: nearly all of what any machine sends. Not endless, for a regex has a stack. */
const HARMLESS = /(?:[^\u001b\u000e\u000f]+|\u001b\[[?=]?\d{0,4}(?:;\d{0,4})*[@-~]){0,1000}/y

type Inside = 'text' | 'escape' | 'sequence' | 'string'

export class Taming {
  #inside: Inside = 'text'
  /** Characters of the string so far. */
  #length = 0
  /** Digits of the number so far. */
  #digits = 0
  readonly #sends: 'any sequence' | 'ESC [ only'

  /** `sends`: what the machine is known to send; UEFI's console nothing else. (edk2 TerminalConOut.c) */
  constructor(sends: 'any sequence' | 'ESC [ only') {
    this.#sends = sends
  }

  tame(text: string): string {
    let out = ''
    for (let at = 0; at < text.length; at += 1) {
      const start = at
      if (this.#inside === 'text') at = endOfHarmless(text, start)
      out += text.slice(start, at) + this.#next(text.charAt(at))
    }
    return out
  }

  #next(character: string): string {
    if (this.#inside === 'string') return this.#nextInString(character)
    if (character === '\u000e' || character === '\u000f') return ''
    if (character === '\u001b') return this.#beginEscape()
    if (this.#inside === 'escape') return this.#nextInEscape(character)
    if (this.#inside === 'sequence') return this.#nextInSequence(character)
    return character
  }

  /** Where only `ESC [` counts, the terminal gets both at once. */
  #beginEscape(): string {
    const broken = this.#inside === 'sequence' ? CANCEL : ''
    return this.#go('escape', this.#sends === 'any sequence' ? '\u001b' : broken)
  }

  #nextInEscape(character: string): string {
    if (this.#sends === 'ESC [ only')
      return character === '[' ? this.#go('sequence', '\u001b[') : this.#go('text', character)
    if (/[\]PX^_]/.test(character)) return this.#go('string', character)
    if (character === '[') return this.#go('sequence', character)
    return this.#go('text', character)
  }

  #nextInSequence(character: string): string {
    if (character >= '0' && character <= '9') {
      this.#digits += 1
      return this.#digits > MOST_DIGITS ? '' : character
    }
    this.#digits = 0
    // A control character is carried out in the middle of a sequence, which then goes on; only these two end it.
    const ends = character >= '@' || character === '\u0018' || character === '\u001a'
    return ends ? this.#go('text', character) : character
  }

  #nextInString(character: string): string {
    if (character === '\u0007' || character === '\u0018' || character === '\u001a') return this.#go('text', character)
    if (character === '\u001b') return this.#go('escape', character)
    this.#length += 1
    const runaway = character === '\n' || this.#length > LONGEST_STRING
    return runaway ? this.#go('text', CANCEL + character) : character
  }

  #go(inside: Inside, sent: string): string {
    this.#inside = inside
    this.#length = 0
    this.#digits = 0
    return sent
  }
}

function endOfHarmless(text: string, start: number): number {
  HARMLESS.lastIndex = start
  HARMLESS.test(text)
  return HARMLESS.lastIndex
}
