/**
 * What a person reads of a stretch of a terminal's stream: control sequences gone,
 * and in pieces where the cursor jumped, for what stands behind a jump stands elsewhere.
 */

const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/
const TOKEN =
  /\u001b\[(?<arguments>[0-?]*)[ -/]*(?<final>[@-~])|\u001b[\]PX^_][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)?|\u001b[ -/]*(?<escape>[0-Z\\-~])|(?<control>[\u0000-\u0008\u000b-\u001f\u007f])|(?<text>[^\u0000-\u0008\u000b-\u001f\u007f]+)/g
/** What is left of a colour when the line lost its first byte. */
const ORPHANS = /\[(?:\d{1,2}(?:;\d{1,3})*)?m/g
/** systemd shortens its lines in the middle, also in the middle of a colour. */
const CUT_COLOUR = /\[[\d;]+(?=…)/
/** And of the erasing that systemd does around its spinner. */
const ORPHAN_ERASE = /^M?\[K/

export function piecesOf(stretch: string): readonly string[] {
  return CONTROLS.test(stretch) ? new Pieces().read(stretch) : [withoutOrphans(stretch)]
}

function withoutOrphans(text: string): string {
  return text.includes('[') ? text.replace(ORPHAN_ERASE, '').replace(CUT_COLOUR, '').replace(ORPHANS, '') : text
}

class Pieces {
  readonly #pieces: string[] = []
  #piece = ''
  /** Where the last jump went to, from 1; undefined until the first. */
  #row: number | undefined
  #column = 1

  read(stretch: string): readonly string[] {
    for (const { groups = {} } of stretch.matchAll(TOKEN)) {
      if (groups.text !== undefined) this.#write(groups.text)
      else if (groups.control !== undefined) this.#obey(groups.control)
      else if (groups.final !== undefined) this.#move(groups.final, groups.arguments ?? '')
      // Reset, index, reverse index, next line: whatever follows is on another row.
      else if (groups.escape !== undefined && 'cDEM'.includes(groups.escape)) this.#cut()
    }
    this.#cut()
    return this.#pieces.length === 0 ? [''] : this.#pieces
  }

  #write(text: string): void {
    this.#piece += text
    this.#column += text.length
  }

  #obey(control: string): void {
    if (control === '\b') {
      this.#piece = this.#piece.slice(0, -1)
      this.#column -= 1
    } else if (control === '\r' || control === '\u000b' || control === '\u000c') {
      this.#cut()
      this.#column = 1
    }
  }

  #move(final: string, text: string): void {
    if (final === 'C') this.#write(' ')
    else if (final === 'J') this.#cut()
    else if (final === 'H' || final === 'f') this.#jump(text)
  }

  /** A firmware that redirects its screen jumps to where the cursor is already, in the middle of words. */
  #jump(text: string): void {
    const [row = 1, column = 1] = text.split(';').map((number) => Number(number) || 1)
    if (row !== this.#row || column < this.#column) this.#cut()
    else if (column > this.#column) this.#piece += ' '
    this.#row = row
    this.#column = column
  }

  #cut(): void {
    const piece = withoutOrphans(this.#piece).trimEnd()
    if (piece !== '') this.#pieces.push(piece)
    this.#piece = ''
  }
}
