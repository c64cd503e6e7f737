/** What was known of the logs before, kept elsewhere: single entries with their hashes, and exports of the audit trail. */
import { z } from 'zod'
import { RESCUE_ID } from '../core/base/ids.ts'
import { RETENTION_DAYS } from '../core/store/event-log.ts'

/** The log of refused clicks that belong to no live rescue. */
export const STRAY = 'refused-clicks'

/** An entry as it was: its hash stands for everything before it, too. */
export interface Anchor {
  /** A rescue's id, or `refused-clicks`. */
  readonly name: string
  readonly seq: number
  readonly hash: string
  /** When it was written, where that is known. */
  readonly at: string | undefined
}

export type Comparison =
  | { readonly kind: 'unchanged'; readonly what: string }
  | { readonly kind: 'different'; readonly what: string }
  | { readonly kind: 'no longer kept'; readonly what: string }

const HASH = /^[0-9a-f]{64}$/

/** `R-XXXXXX:57:<64 hex digits>`, as `--verify` prints it. */
export function readAnchor(text: string): Anchor {
  const [name = '', seq = '', hash = '', ...more] = text.split(':')
  const isName = name === STRAY || RESCUE_ID.test(name)
  if (!isName || !/^[1-9]\d*$/.test(seq) || !HASH.test(hash) || more.length > 0)
    throw new Error(`--expect wants R-XXXXXX:SEQ:HASH, as --verify prints it, not ${text}`)
  return { name, seq: Number(seq), hash, at: undefined }
}

const Exported = z.object({
  log: z.literal(STRAY).optional(),
  rescue: z.string().nullable(),
  seq: z.number().int().min(1),
  hash: z.string().regex(HASH),
  at: z.iso.datetime(),
})

/** One record a line; `file` is for the sentence about a line that is none. */
export function readExport(text: string, file: string): readonly Anchor[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return []
    const parsed = Exported.safeParse(parseJson(line))
    const name = parsed.data?.log ?? parsed.data?.rescue
    if (!parsed.success || name === undefined || name === null)
      throw new Error(`${file}:${index + 1} is no record of the audit trail`)
    return [{ name, seq: parsed.data.seq, hash: parsed.data.hash, at: parsed.data.at }]
  })
}

/** A log that is gone, or its oldest entries, may have been kept for long enough; anything else has to be as it was. */
export function compare(hashes: ReadonlyMap<number, string>, known: readonly Anchor[], now: Date): Comparison {
  const oldest = hashes.size === 0 ? 0 : Math.min(...hashes.keys())
  const missing = known.filter(({ seq }) => !hashes.has(seq))
  const changed = known.find(({ seq, hash }) => hashes.has(seq) && hashes.get(seq) !== hash)
  const lost = missing.find((anchor) => !isPast(anchor, now) && !isPushedOut(anchor, oldest))
  if (changed !== undefined) return { kind: 'different', what: `entry ${changed.seq} is not the one that it was` }
  if (lost !== undefined) return { kind: 'different', what: `entry ${lost.seq} is not there any more` }
  const what = `${known.length - missing.length} of ${known.length} entries are as they were`
  return { kind: missing.length === known.length ? 'no longer kept' : 'unchanged', what }
}

function isPast({ at }: Anchor, now: Date): boolean {
  return at !== undefined && now.getTime() - Date.parse(at) > RETENTION_DAYS * 24 * 60 * 60 * 1000
}

/** Only the log of refused clicks loses its beginning; a rescue's log is whole or gone. */
function isPushedOut({ name, seq }: Anchor, oldest: number): boolean {
  return name === STRAY && seq < oldest
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
