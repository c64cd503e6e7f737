/** Finds instances by whatever somebody knows of them, while they type. */
import type { ListedInstance } from '../../core/record/inventory.ts'
import type { Directory, Entry } from './directory.ts'

/** From best to worst: where a word that was typed stands. */
const RANKS = ['beginning', 'word-of-name', 'within-name', 'word-elsewhere', 'within-elsewhere'] as const
type Rank = (typeof RANKS)[number]
const OF_NAME: readonly Rank[] = ['beginning', 'word-of-name', 'within-name']

/**
 * Each word that is typed must stand somewhere: in the name, an address, the OCID, shape, state or compartment. What is
 * called exactly so comes first, then names that begin so, names with a word that begins so, names with it inside, all
 * the rest; and among these those that run before those that are stopped.
 */
export function search(directory: Directory, typed: string, most: number): readonly ListedInstance[] {
  return ranked(directory, typed, most, RANKS)
}

/** As `search`, by the name alone. */
export function namedLike(directory: Directory, typed: string, most: number): readonly ListedInstance[] {
  return ranked(directory, typed, most, OF_NAME)
}

function ranked(directory: Directory, typed: string, most: number, ranks: readonly Rank[]): readonly ListedInstance[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const exact = calledExactly(directory, typed)
  const found = new Map<Rank, ListedInstance[]>(ranks.map((rank) => [rank, []]))
  const best = found.get('beginning')
  for (const entry of directory.entries) {
    if (exact.includes(entry.instance)) continue
    const rank = rankOf(entry, words)
    if (rank !== undefined) found.get(rank)?.push(entry.instance)
    // The entries come in the order in which they are offered: there is nothing better to come.
    if (best !== undefined && exact.length + best.length >= most) break
  }
  return [...exact, ...[...found.values()].flat()].slice(0, most)
}

/** Those with this name, address or OCID. */
export function calledExactly({ ids, names, addresses }: Directory, typed: string): readonly ListedInstance[] {
  const called = typed.trim().toLowerCase()
  const byId = ids.get(called)
  return byId === undefined ? (names.get(called) ?? addresses.get(called) ?? []) : [byId]
}

/** Of several words, the one that fits worst counts; undefined when one does not fit at all. */
function rankOf(entry: Entry, words: readonly string[]): Rank | undefined {
  let worst = 0
  for (const word of words) {
    const rank = rankOfWord(entry, word)
    if (rank === undefined) return undefined
    worst = Math.max(worst, RANKS.indexOf(rank))
  }
  return RANKS[worst]
}

function rankOfWord({ name, rest }: Entry, word: string): Rank | undefined {
  if (name.startsWith(word)) return 'beginning'
  if (name.includes(word)) return beginsWord(name, word) ? 'word-of-name' : 'within-name'
  if (rest.includes(word)) return beginsWord(rest, word) ? 'word-elsewhere' : 'within-elsewhere'
  return undefined
}

function beginsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true
  }
  return false
}
