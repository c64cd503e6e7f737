/**
 * The secrets that people have told one rescue. Masking by rules (masking.ts) can not know them, so they are kept
 * here, in memory and nowhere else, and hidden in whatever is logged from then on.
 */
import type { GrubCredentials } from './grub-credentials.ts'
import { MASK, mask } from './masking.ts'

/** A shorter password is part of many words: it is hidden only where something typed would stand. */
const SHORTEST_HIDDEN_ANYWHERE = 4

/** So many characters of a random secret stand nowhere else by chance; what is left of it beside them tells nothing. */
const PIECE = 8

export class ToldSecrets {
  readonly #anywhere = new Set<string>()
  readonly #typed = new Set<string>()
  readonly #pieces = new Set<string>()

  /** To be called before the first of their bytes is typed. */
  keep({ username, password }: GrubCredentials): void {
    if (password.length >= SHORTEST_HIDDEN_ANYWHERE) this.#anywhere.add(password)
    this.#typed.add(password)
    // GRUB legacy asks for none.
    if (username !== '') this.#typed.add(username)
  }

  /** Something long and random that is typed in a line of its own making, which may be sent in pieces. */
  keepWhole(secret: string): void {
    this.#anywhere.add(secret)
    for (let at = 0; at + PIECE <= secret.length; at += 1) this.#pieces.add(secret.slice(at, at + PIECE))
  }

  /** As `hide`, with those secrets that `mask` knows by their form. */
  mask(text: string): string {
    return mask(this.hide(text))
  }

  /**
   * The text without what was told; it has as many lines as before. A user name such as `root` is part of much that is no secret (`root=UUID=…`): it is hidden where what was typed
   * stands, at the end of a line.
   */
  hide(text: string): string {
    const without = this.#withoutPieces(longestFirst(this.#anywhere).reduce(hideAnywhere, text))
    return this.#typed.size === 0 ? without : this.#withoutTyped(without)
  }

  /** Every stretch that is made of pieces becomes one mask. */
  #withoutPieces(text: string): string {
    if (this.#pieces.size === 0) return text
    let hidden = ''
    let from = 0
    for (let at = 0; at + PIECE <= text.length; at += 1) {
      if (!this.#pieces.has(text.slice(at, at + PIECE))) continue
      let end = at + PIECE
      while (this.#pieces.has(text.slice(end + 1 - PIECE, end + 1))) end += 1
      hidden += text.slice(from, at) + MASK
      from = end
      at = end - 1
    }
    return hidden + text.slice(from)
  }

  #withoutTyped(text: string): string {
    const secrets = longestFirst(this.#typed)
    return text
      .split('\n')
      .map((line) => secrets.reduce(hideAtEnd, line))
      .join('\n')
  }
}

/** One may be a part of another. */
function longestFirst(secrets: ReadonlySet<string>): readonly string[] {
  return [...secrets].toSorted((one, other) => other.length - one.length)
}

function hideAnywhere(text: string, secret: string): string {
  return text.replaceAll(secret, () => MASK)
}

/** As a word of its own: what was typed begins a line, or follows a prompt. */
function hideAtEnd(line: string, secret: string): string {
  const end = line.trimEnd()
  const before = end.slice(0, end.length - secret.length)
  if (!end.endsWith(secret) || /[\w-]$/.test(before)) return line
  return before + MASK + line.slice(end.length)
}
