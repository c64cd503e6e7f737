/**
 * Modes of the terminal that it does not tell, and those that are refused:
 * SeaBIOS turns auto-wrap off and nobody turns it on again, which would cut every
 * later line at column 80; an alternate screen or character set that line noise
 * turned on would hide the machine.
 */
import type { IParser } from '@xterm/headless'

const AUTOWRAP = 7
const CURSOR = 25
const ALTERNATE_SCREENS = [47, 1047, 1049]
/** DEC's and the national character sets, and what they can be assigned to. */
const CHARACTER_SETS = '0A45CR6QKYEZH7='
const ASSIGNMENTS = '()*+-./'
/** SGR attributes that a light ground is made of: inverse, white, any colour of the palette, bright white. */
const LIGHT = [7, 47, 48, 107]

export class TerminalModes {
  /** Whether the machine shows its cursor. */
  cursorVisible = true
  /** Whether the attributes set last had a light ground. */
  writesLight = false
  /**
   * Whether a light ground may stand anywhere on the screen: most have none, and to look for it costs as much as to read
   * them.
   */
  mayBeLight = false

  constructor(parser: IParser) {
    this.#watchCursor(parser)
    this.#watchLight(parser)
    for (const intermediates of ASSIGNMENTS)
      for (const final of CHARACTER_SETS) parser.registerEscHandler({ intermediates, final }, () => true)
  }

  /** The whole screen was cleared, with the attributes that are in force. */
  cleared(): void {
    this.mayBeLight = this.writesLight
  }

  #watchCursor(parser: IParser): void {
    const refused = (modes: number[]) => modes.some((mode) => ALTERNATE_SCREENS.includes(mode))
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (parameters) => {
      const modes = parameters.flat()
      if (modes.includes(CURSOR)) this.cursorVisible = true
      return refused(modes)
    })
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (parameters) => {
      const modes = parameters.flat()
      if (modes.includes(CURSOR)) this.cursorVisible = false
      return modes.includes(AUTOWRAP) || refused(modes)
    })
    // UEFI sets a text mode; it never shows the cursor that GRUB may have hidden before.
    parser.registerCsiHandler({ prefix: '=', final: 'h' }, () => this.#showCursor())
    parser.registerEscHandler({ final: 'c' }, () => this.#showCursor())
  }

  #showCursor(): boolean {
    this.cursorVisible = true
    return false
  }

  #watchLight(parser: IParser): void {
    parser.registerCsiHandler({ final: 'm' }, (parameters) => {
      this.writesLight = parameters.flat().some((parameter) => LIGHT.includes(parameter))
      this.mayBeLight ||= this.writesLight
      return false
    })
  }
}
