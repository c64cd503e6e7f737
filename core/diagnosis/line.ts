/** The lines of one boot, whole, and with the stage of the boot at which each was said. */
import type { Stage } from './finding.ts'
import { joinRows } from './join-rows.ts'
import { withoutPrefix } from './prefix.ts'
import type { Row } from './rows.ts'
import { type Mark, readMark } from './stages.ts'
import { withoutUnitName } from './status-line.ts'
import { untangle } from './untangle.ts'

export interface Line {
  readonly number: number
  readonly text: string
  /** The message alone, without what a logger wrote before it, and without the names of units. */
  readonly said: string
  /** The stage that the line shows; undefined for most. */
  readonly mark: Mark | undefined
  /** The latest stage that was shown up to here; undefined where the log begins in the middle of a boot. */
  readonly stage: Stage | undefined
}

const ORDER: readonly Mark[] = ['firmware', 'boot-loader', 'kernel', 'initramfs', 'userland', 'up']

export function linesOf(boot: readonly Row[]): readonly Line[] {
  let reached = -1
  return untangle(joinRows(boot)).map(({ number, text }) => {
    const { said: whole, uptime } = withoutPrefix(text)
    const said = withoutUnitName(whole)
    const mark = readMark(said) ?? (uptime === undefined ? undefined : 'kernel')
    reached = Math.max(reached, mark === undefined ? -1 : ORDER.indexOf(mark))
    const stage = ORDER[reached]
    return { number, text, said, mark, stage: stage === 'up' ? 'userland' : stage }
  })
}

/** Whether `mark` shows that a boot has left `stage` behind. */
export function isBeyond(mark: Mark | undefined, stage: Stage): boolean {
  return mark !== undefined && ORDER.indexOf(mark) > ORDER.indexOf(stage)
}
