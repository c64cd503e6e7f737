/** Firmware and GRUB on the screen, apart from GRUB's menu and editor. */
import type { ScreenView } from '../console/screen-view.ts'
import { readBox } from './grub-box.ts'
import { readEditor } from './grub-editor.ts'
import { readMenu } from './grub-menu.ts'
import type { MachineState, Sighting } from './state.ts'

/** GRUB's box, if it is complete: a menu or an editor; or what is left of it where two were drawn over each other. */
export function seeGrubBox(view: ScreenView): Sighting | undefined {
  if (view.terminal === 'both') return seeOverlaidGrub(view)
  const box = readBox(view)
  if (box === undefined) return undefined
  const because = view.rows.find((row) => /\bGRUB +version\b/.test(row))?.trim() ?? 'the frame of GRUB'
  const menu = readMenu(view, box)
  if (menu !== undefined) return { state: { kind: 'grub-menu', menu }, because }
  const editor = readEditor(view, box)
  return editor === undefined ? undefined : { state: { kind: 'grub-editor', editor }, because }
}

/** Its prompt is read all the same: two of them behind each other are what shows the way out of this. */
function seeOverlaidGrub(view: ScreenView): Sighting | undefined {
  const because = view.beforeCursor
  if (/^(?:grub> ?)+/.test(because)) return { state: { kind: 'grub-command-line' }, because }
  if (!OVERLAID.test(view.text)) return undefined
  return {
    state: { kind: 'grub-overlaid' },
    because: 'GRUB’s serial terminal and the firmware’s console, one over the other',
  }
}

/** A title or a rule of either of the two. */
const OVERLAID = /\bGRUB +version\b|\+-{10,}|─{10,}/

/**
 * GRUB's serial terminal begins with these twelve bytes and then, with
 * `timeout_style=hidden`, says nothing more; with `countdown` it writes the
 * seconds into the corner.
 */
const TOOK_THE_PORT = /\u001b\[H\u001b\[J\u001b\[1;1H(?:\u001b\[1;1H(?<countdown>\d+) *)*$/

export function seeHiddenGrub(view: ScreenView): Sighting | undefined {
  const found = TOOK_THE_PORT.exec(view.tail)
  if (found === null) return undefined
  const countdown = found.groups?.countdown
  return {
    state: { kind: 'grub-hidden', countdown: countdown === undefined ? undefined : Number(countdown) },
    because: 'GRUB cleared the screen of its serial terminal',
  }
}

/** Prompts of GRUB, with the cursor at them; those for name and password end with a new line. */
export function seeGrubPrompt(view: ScreenView): Sighting | undefined {
  const because = view.beforeCursor
  if (/^grub rescue> /.test(because)) return { state: { kind: 'grub-rescue' }, because }
  if (/^grub> /.test(because)) return { state: { kind: 'grub-command-line' }, because }
  const asked = view.text.split('\n').at(-1) ?? ''
  if (/^Enter username: *$/.test(asked)) return { state: { kind: 'grub-password', asks: 'username' }, because: asked }
  if (/^Enter password: *$/.test(asked)) return { state: { kind: 'grub-password', asks: 'password' }, because: asked }
  return undefined
}

/** What one line says about firmware or GRUB, wherever it stands. */
export function readBootloaderLine(line: string): MachineState | undefined {
  if (/^\s*Booting (?:a command list|`.*')/.test(line)) return { kind: 'grub-booting' }
  if (/^Loading (?:Linux\b|initial ramdisk)/.test(line)) return { kind: 'grub-booting' }
  const error = /^error: (?:\S+:\S+:\d+:)?(?<message>.+)/.exec(line)?.groups?.message
  if (error !== undefined) return { kind: 'grub-error', message: error }
  if (BIOS.test(line)) return { kind: 'firmware', firmware: 'bios' }
  if (UEFI.test(line)) return { kind: 'firmware', firmware: 'uefi' }
  return undefined
}

const BIOS =
  /^SeaBIOS \(version|^Booting from (?:Hard Disk|DVD\/CD|Floppy|ROM)|^No bootable device\.|^iPXE |^GRUB loading/
const UEFI =
  /^BdsDxe: |^(?:Shell> |UEFI Interactive Shell)|^>>Start PXE|AAVMF Version|OVMF|^(?:PEIM|Image) Loaded: |^SecureBoot: |^(?:Loading|Starting) Boot[0-9A-F]{4}/
