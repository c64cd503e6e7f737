/**
 * Says what the machine is doing, from the screen alone. Total: it has an answer
 * for every screen, `unknown` included.
 *
 * GRUB's box covers the screen; else a prompt counts where the cursor is; else
 * the lowest line that says anything, for what stands above it is older.
 */
import type { ScreenView } from '../console/screen-view.ts'
import { readBootloaderLine, seeBootloaderPrompt, seeGrubBox, seeHiddenGrub } from './bootloader.ts'
import { seeFirmwareMenu } from './firmware-menu.ts'
import { readLegacyLine, seeGrubLegacy } from './grub-legacy.ts'
import { isFirstOfKernel, readKernelLine } from './kernel.ts'
import type { Sighting } from './state.ts'
import { seeSystemdBoot } from './systemd-boot.ts'
import { seePrompt } from './userland.ts'

export function recognise(view: ScreenView): Sighting {
  return (
    seeGrubBox(view) ??
    seeGrubLegacy(view) ??
    seeSystemdBoot(view) ??
    seeFirmwareMenu(view) ??
    seeHiddenGrub(view) ??
    seeBootloaderPrompt(view) ??
    seePrompt(view) ??
    seeLine(view) ??
    (view.text === ''
      ? { state: { kind: 'silent' }, because: 'the screen is empty' }
      : { state: { kind: 'unknown' }, because: view.cursorLine })
  )
}

/**
 * A panic stays true under the lines of its own trace, but not under a kernel that begins (a crash kernel, or the next
 * boot); anything else is overruled by what stands below it. What GRUB says when it boots is overruled by
 * anything that was written since Linux began.
 */
function seeLine(view: ScreenView): Sighting | undefined {
  let kernel: Sighting | undefined
  let begins = false
  let bare = true
  for (const { text } of view.lines.toReversed()) {
    const state = readKernelLine(text) ?? readBootloaderLine(text, view) ?? readLegacyLine(text, view)
    if (state === undefined) {
      bare &&= text.trim() === ''
      continue
    }
    if (state.kind === 'grub-booting' && !bare && view.terminal === 'plain') return kernel
    if (state.kind === 'kernel-panic') return begins ? kernel : { state, because: text }
    if (state.kind !== 'kernel') return kernel ?? { state, because: text }
    kernel ??= { state, because: text }
    begins ||= isFirstOfKernel(text)
  }
  return kernel
}
