/**
 * A menu of which the line has lost a part: whose it is still shows, and so how it is drawn anew. GRUB 2's is not among
 * them: its menu draws itself anew for no key that would do nothing else.
 */
import type { Console } from '../console/console.ts'
import type { ScreenView } from '../console/screen-view.ts'
import { isOfGrubLegacy } from '../machine/grub-legacy.ts'
import { recognise } from '../machine/recognise.ts'
import { isOfSystemdBoot, isSystemdBootCountdown } from '../machine/systemd-boot.ts'
import type { BootMenu } from './grub.ts'
import { backToLegacyMenu } from './legacy-menu.ts'
import { backToSystemdBootMenu } from './systemd-boot-menu.ts'

/** Also one that is being drawn. `before`: what was seen whole, so that less of it is enough now. */
export function tornMenu(view: ScreenView, before?: BootMenu): 'torn' | undefined {
  if (recognise(view).state.kind !== 'unknown') return undefined
  const isSystemdBoot = before === 'systemd-boot-menu' ? isOfSystemdBoot : isSystemdBootCountdown
  return isOfGrubLegacy(view) || isSystemdBoot(view) ? 'torn' : undefined
}

/** Has it drawn anew, unless it was only not drawn to its end; that stops its countdown. Throws `NothingAppeared`. */
export async function mendMenu(console: Console, signal: AbortSignal): Promise<void> {
  if (isOfGrubLegacy(console.view())) await backToLegacyMenu(console, signal)
  else await backToSystemdBootMenu(console, signal)
}
