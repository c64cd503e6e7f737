/** Modes and owners of files that only some may write to, and the change that sets them. */
import type { Attributes, ChangeOf } from '../record/changes.ts'
import type { Reason } from '../record/reasons.ts'

/** The group, and everybody else. */
const OTHERS_WRITE = 0o022

export function isWritableByOthers({ mode }: Pick<Attributes, 'mode'>): boolean {
  return (Number.parseInt(mode, 8) & OTHERS_WRITE) !== 0
}

/** The mode with which only the owner writes. */
export function withoutOthersWriting({ mode }: Pick<Attributes, 'mode'>): string {
  return (Number.parseInt(mode, 8) & ~OTHERS_WRITE).toString(8).padStart(4, '0')
}

export function setAttributes(
  path: string,
  { mode, owner }: Attributes,
  after: Attributes,
  why: Reason,
): ChangeOf<'set-attributes'> {
  return { kind: 'set-attributes', path, before: { mode, owner }, after, why: [why] }
}
