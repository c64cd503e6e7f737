/** What people who looked at the recordings say that each of them shows, byte by byte. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { StateKind } from '../../core/machine/state.ts'

/** From the first `from` bytes of a recording to the first `to`, the machine shows one of `kinds` and nothing else. */
export const Label = z.object({
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  kinds: z.array(z.string()).nonempty(),
})
export type Label = z.infer<typeof Label>

const Labels = z.record(z.string(), z.array(Label))

/**
 * The kinds that are said of a screen where nobody types on the strength of them: only these may be said where no label
 * says what there is.
 */
export const WEAK_KINDS: readonly StateKind[] = [
  'silent',
  'unknown',
  'firmware',
  'grub-starting',
  'grub-hidden',
  'grub-booting',
  'grub-error',
  'grub-overlaid',
  'kernel',
]

/** The labels of all recordings that have any, by the recording's name. */
export function readLabels(): ReadonlyMap<string, readonly Label[]> {
  const file = new URL('../recordings/labels.json', import.meta.url)
  return new Map(Object.entries(Labels.parse(JSON.parse(readFileSync(file, 'utf8')))))
}

/** The labels that speak of the first `length` bytes; those of one moment must all be kept. */
export function labelsAt(labels: readonly Label[], length: number): readonly Label[] {
  return labels.filter(({ from, to }) => from <= length && length <= to)
}
