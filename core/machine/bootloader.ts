/** Firmware and GRUB on the screen, apart from GRUB's menu and editor. */
import type { ScreenView } from '../console/screen-view.ts'
import { readBox } from './grub-box.ts'
import { readEditor } from './grub-editor.ts'
import { isLegacyFrame } from './grub-legacy.ts'
import { readMenu } from './grub-menu.ts'
import type { MachineState, Sighting } from './state.ts'

/** GRUB's box, if it is complete: a menu or an editor; or what is left of it where two were drawn over each other. */
export function seeGrubBox(view: ScreenView): Sighting | undefined {
  if (view.terminal === 'both') return seeOverlaidGrub(view)
  // Half of GRUB legacy's menu would be read as an editor.
  if (isLegacyFrame(view)) return undefined
  const box = readBox(view)
  if (box === undefined) return seeCutOffGrub(view)
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
  const question = seeDoubledQuestion(view)
  if (question !== undefined) return question
  if (!OVERLAID.test(view.text)) return undefined
  return {
    state: { kind: 'grub-overlaid' },
    because: 'GRUB’s serial terminal and the firmware’s console, one over the other',
  }
}

/**
 * Seen with edk2 on a machine whose graphics card comes before its serial port: the whole console is 100 columns wide,
 * and the serial line's part of it 80. Both borders of the first row then stand side by side until its text comes.
 */
function seeCutOffGrub(view: ScreenView): Sighting | undefined {
  const rules = view.rows.flatMap((row, index) => (FIRMWARE_RULE.test(row) ? [index] : []))
  const [top = 0, bottom = 0] = rules
  if (view.terminal !== 'uefi-console' || rules.length !== 2) return undefined
  const content = view.rows.slice(top + 1, bottom)
  const end = (view.rows[top] ?? '').length - 1
  if (end < NARROW || !content.every((row) => row[1] === '│') || content.some((row) => row[end] === '│'))
    return undefined
  return { state: { kind: 'grub-cut-off' }, because: 'GRUB’s frame without its right border' }
}

const FIRMWARE_RULE = /^ [┌└]─{10,}[┐┘]$/
/** Columns that every console has. */
const NARROW = 80

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

/** Prompts of GRUB and UEFI's shell, with the cursor at them; GRUB's for name and password end with a new line. */
export function seeBootloaderPrompt(view: ScreenView): Sighting | undefined {
  const because = view.beforeCursor
  if (/^grub rescue> /.test(because)) return { state: { kind: 'grub-rescue' }, because }
  // Two terminals on one line write it twice.
  if (/^grub> |^grub>grub> *$/.test(because)) return { state: { kind: 'grub-command-line' }, because }
  if (/^(?:Shell|[A-Z]{2,4}\d+:[^>]*)> $/.test(because)) return { state: { kind: 'uefi-shell' }, because }
  return seeGrubQuestion(view)
}

/** GRUB asks on an empty screen, and what is typed stands on the row below. (grub-core/normal/auth.c) */
function seeGrubQuestion(view: ScreenView): Sighting | undefined {
  const { row } = view.cursor
  const asked = view.rows[row - 1] ?? ''
  const question = /^Enter (?<what>username|password): *$/.exec(asked)?.groups?.what
  if (question === undefined || view.rows.slice(row + 1).some((below) => below !== '')) return undefined
  const typed = view.rows[row] ?? ''
  if (question === 'username') return { state: { kind: 'grub-password', asks: 'username', typed }, because: asked }
  return typed === '' ? { state: { kind: 'grub-password', asks: 'password', typed }, because: asked } : undefined
}

/** On two terminals at once each line is written twice, and each ends twice; of a name each character is doubled. */
function seeDoubledQuestion(view: ScreenView): Sighting | undefined {
  const { row } = view.cursor
  const because = view.rows[row - 2] ?? ''
  const asks = /^Enter (?<what>username|password): Enter \k<what>: *$/.exec(because)?.groups?.what
  if (asks !== 'username' && asks !== 'password') return undefined
  if (view.rows.slice(row + 1).some((below) => below !== '')) return undefined
  const echoed = view.rows[row] ?? ''
  const halved = echoed.replaceAll(/(.)\1/g, '$1')
  const typed = echoed === halved.replaceAll(/./g, '$&$&') ? halved : echoed
  return { state: { kind: 'grub-password', asks, typed }, because }
}

/** What one line says about firmware or GRUB, wherever it stands. */
export function readBootloaderLine(line: string, view: ScreenView): MachineState | undefined {
  if (/^\s*Booting (?:a command list|`.*')/.test(line)) return { kind: 'grub-booting' }
  if (/^Loading (?:Linux\b|initial ramdisk)/.test(line)) return { kind: 'grub-booting' }
  const message = readGrubError(line, view)
  if (message !== undefined)
    return { kind: 'grub-error', message, waits: view.lines.some(({ text }) => ANY_KEY.test(text)) }
  if (/^Welcome to GRUB!|^GRUB loading/.test(line)) return { kind: 'grub-starting' }
  if (IPXE.test(line)) return { kind: 'firmware', firmware: 'ipxe' }
  if (PXE.test(line)) return { kind: 'firmware', firmware: 'pxe' }
  if (BIOS.test(line)) return { kind: 'firmware', firmware: 'bios' }
  if (UEFI.test(line)) return { kind: 'firmware', firmware: 'uefi' }
  return undefined
}

const ANY_KEY = /^Press any key to continue/

/** GRUB's message; from 2.12 on a place in its source stands before it. Programs of Linux say `error: `, too. */
function readGrubError(line: string, view: ScreenView): string | undefined {
  if (/^Failed to boot both default and fallback entries|^Rescue mode has been disabled/.test(line)) return line
  const { place, message } = /^error: (?<place>\S+\.[chS]:(?:\w+:)?\d+: ?)?(?<message>.+)/.exec(line)?.groups ?? {}
  if (message === undefined) return undefined
  const inGrub = view.terminal !== 'plain' || view.lines.some(({ text }) => ANY_KEY.test(text))
  return place !== undefined || inGrub || OF_GRUB.test(message) ? message : undefined
}

/** (grub-core: the messages a boot that fails ends with) */
const OF_GRUB =
  /^(?:file|disk|symbol) [`'].*' not found|^no such (?:partition|device)|^unknown filesystem|^you need to load the kernel first|^attempt to read or write outside of|^out of memory|^invalid (?:magic|arch)|^bad shim signature|^shim_lock protocol not found|^prohibited by secure boot policy|^kernel does not support NX|^(?:alloc|free) magic is broken|^access denied|^can't find command|^no server is specified|^couldn't /

const IPXE = /^iPXE (?:initialising|\d|\()|^iPXE>/
const PXE = /^>>(?:Start|Checking) |^PXE-[EM]\w+:|^ {2}(?:Station IP address|NBP filename) is /
const BIOS = /^SeaBIOS \(version|^Booting from (?:Hard Disk|DVD\/CD|Floppy|ROM)|^No bootable device\./
const UEFI =
  /^BdsDxe: |^UEFI Interactive Shell|AAVMF Version|OVMF|^(?:PEIM|Image) Loaded: |^SecureBoot: |^(?:Loading|Starting) Boot[0-9A-F]{4}/
