/**
 * Finds which of many words a line has, in one pass and whatever their number: most
 * lines have none, and no pattern is tried on them. (Aho and Corasick's automaton, over ASCII without case)
 */

const LETTERS = 128
const UPPER_A = 65
const UPPER_Z = 90
const TO_LOWER = 32
const NONE: readonly number[] = []

export class WordFinder {
  /** For each state and letter the next state. */
  readonly #next: Int32Array
  /** For each state the words that end there. */
  readonly #found: readonly (readonly number[])[]

  /** `words` in lower case; they are told by their index. */
  constructor(words: readonly string[]) {
    const trie = buildTrie(words)
    this.#next = trie.next
    this.#found = trie.found
    followFailures(this.#next, trie.found)
  }

  /** The indexes of the words that stand in `text`, from small to large. */
  find(text: string): readonly number[] {
    let state = 0
    let all: Set<number> | undefined
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      const letter = code >= UPPER_A && code <= UPPER_Z ? code + TO_LOWER : code
      state = letter < LETTERS ? (this.#next[state * LETTERS + letter] ?? 0) : 0
      const found = this.#found[state]
      if (found === undefined || found.length === 0) continue
      all ??= new Set()
      for (const word of found) all.add(word)
    }
    return all === undefined ? NONE : [...all].sort((a, b) => a - b)
  }
}

function buildTrie(words: readonly string[]): { readonly next: Int32Array; readonly found: number[][] } {
  const size = words.reduce((sum, word) => sum + word.length, 1)
  const next = new Int32Array(size * LETTERS)
  const found: number[][] = [[]]
  words.forEach((word, index) => {
    let state = 0
    for (const letter of Buffer.from(word, 'latin1')) {
      const edge = state * LETTERS + letter
      if (next[edge] === 0) next[edge] = found.push([]) - 1
      state = next[edge] ?? 0
    }
    found[state]?.push(index)
  })
  return { next, found }
}

/** Gives each state the edges of the longest word that also ends as it does. */
function followFailures(next: Int32Array, found: number[][]): void {
  const failure = new Int32Array(found.length)
  const queue = [0]
  for (const state of queue) {
    for (let letter = 0; letter < LETTERS; letter += 1) {
      const edge = state * LETTERS + letter
      const target = next[edge] ?? 0
      const fallback = state === 0 ? 0 : (next[(failure[state] ?? 0) * LETTERS + letter] ?? 0)
      if (target === 0) next[edge] = fallback
      else {
        failure[target] = fallback
        found[target]?.push(...(found[fallback] ?? []))
        queue.push(target)
      }
    }
  }
}
