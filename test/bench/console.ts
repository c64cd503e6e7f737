/**
 * `npm run bench -- console [--parts a,b] [--boots N] [--peer N] [--classes a,b]`: the
 * console engine's figures, one plain line for each, missed goals included.
 */
import { parseArgs } from 'node:util'
import { untilInterrupted } from '../../deploy/local/processes.ts'
import { meetRequirements } from '../../deploy/local/requirements.ts'
import { benchCatch, GRUB_CLASSES } from './catch.ts'
import { benchConsoles } from './consoles.ts'
import { benchGuestShell } from './guest-shell.ts'
import { positive } from './numbers.ts'
import type { Print } from './print.ts'

const PARTS = ['catch', 'shell', 'consoles'] as const

export async function benchConsole(print: Print, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      parts: { type: 'string', default: PARTS.join() },
      boots: { type: 'string', default: '100' },
      peer: { type: 'string' },
      classes: { type: 'string', default: GRUB_CLASSES.join() },
    },
  })
  using interruption = untilInterrupted()
  const { signal } = interruption
  await meetRequirements('tests', print, signal)
  const catching = {
    boots: positive(values.boots),
    peerBoots: positive(values.peer ?? values.boots),
    classes: values.classes.split(','),
  }
  for (const part of values.parts.split(',')) {
    switch (part) {
      case 'catch':
        await benchCatch(print, catching, signal)
        break
      case 'shell':
        await benchGuestShell(print, signal)
        break
      case 'consoles':
        await benchConsoles(print, signal)
        break
      default:
        throw new Error(`which part? ${PARTS.join(', ')}`)
    }
  }
}
