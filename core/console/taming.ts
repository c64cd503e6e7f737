/**
 * Takes out of a stream what would spoil the screen for the rest of a session:
 * an OSC or DCS that never ends (the terminal would swallow everything after
 * it), and shifts to the line-drawing character set.
 */

/** Real titles and colour queries are far shorter; a longer string is line noise. */
const LONGEST_STRING = 512
const CANCEL = '\u0018'

export class Taming {
  #escaped = false
  #inString = 0

  tame(text: string): string {
    if (!this.#escaped && this.#inString === 0 && !/[\u001b\u000e\u000f]/.test(text)) return text
    let out = ''
    for (const character of text) out += this.#next(character)
    return out
  }

  #next(character: string): string {
    if (this.#inString > 0) return this.#nextInString(character)
    if (character === '\u000e' || character === '\u000f') return ''
    if (this.#escaped) {
      this.#escaped = character === '\u001b'
      if (/[\]PX^_]/.test(character)) this.#inString = 1
      return character
    }
    this.#escaped = character === '\u001b'
    return character
  }

  #nextInString(character: string): string {
    if (character === '\u0007' || character === '\u0018' || character === '\u001a') return this.#leaveString(character)
    if (character === '\u001b') {
      this.#escaped = true
      return this.#leaveString(character)
    }
    this.#inString += 1
    const runaway = character === '\n' || this.#inString > LONGEST_STRING
    return runaway ? this.#leaveString(CANCEL + character) : character
  }

  #leaveString(sent: string): string {
    this.#inString = 0
    return sent
  }
}
