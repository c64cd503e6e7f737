/** Where the boots of a log begin: at the firmware's first words, or at the kernel's where the firmware says none. */
import { withoutPrefix } from './prefix.ts'
import type { Row } from './rows.ts'
import { WordFinder } from './word-finder.ts'

/** What begins, or ends, in the order of a boot. */
type Mark = 'firmware' | 'boot-loader' | 'kernel' | 'running' | 'end'

interface Sign {
  readonly word: string
  readonly line: RegExp
  readonly mark: Mark
}

const SIGNS: readonly Sign[] = [
  { word: 'seabios (version', line: /SeaBIOS \(version/, mark: 'firmware' },
  { word: 'uefi firmware (version', line: /^UEFI firmware \(version/, mark: 'firmware' },
  { word: 'bdsdxe: loading', line: /^BdsDxe: loading Boot/, mark: 'firmware' },
  { word: 'grub loading', line: /^GRUB loading/, mark: 'boot-loader' },
  { word: 'welcome to grub', line: /^Welcome to GRUB!/, mark: 'boot-loader' },
  { word: 'gnu grub  version', line: /GNU GRUB {2}version \d/, mark: 'boot-loader' },
  { word: 'booting `', line: /^\s*Booting `.*'/, mark: 'boot-loader' },
  { word: 'booting a command list', line: /^\s*Booting a command list/, mark: 'boot-loader' },
  { word: 'loading linux ', line: /^Loading Linux \d\S* \.\.\./, mark: 'boot-loader' },
  { word: 'efi stub: booting linux', line: /^EFI stub: Booting Linux/, mark: 'kernel' },
  { word: 'decompressing linux', line: /^Decompressing Linux/, mark: 'kernel' },
  { word: 'linux version ', line: /^Linux version \d+\.\d+/, mark: 'kernel' },
  { word: 'booting linux on physical', line: /^Booting Linux on physical CPU/, mark: 'kernel' },
  { word: 'command line: boot_image=', line: /^Command line: BOOT_IMAGE=/, mark: 'kernel' },
  { word: 'run /init as init', line: /^Run \/init as init process/, mark: 'running' },
  { word: 'welcome to ', line: /^Welcome to (?!GRUB).+!$/, mark: 'running' },
  { word: 'systemd[1]: ', line: /systemd\[1\]: /, mark: 'running' },
  { word: ' login: ', line: /^[\w.-]+ login: /, mark: 'running' },
  { word: 'not syncing', line: /Kernel panic - not syncing/, mark: 'running' },
  { word: 'restarting system', line: /(?:^|reboot: )Restarting system\b/, mark: 'end' },
  { word: 'power down', line: /(?:^|reboot: )Power down\.?$/, mark: 'end' },
  { word: 'system halted', line: /reboot: System halted$/, mark: 'end' },
]
const ORDER: readonly Mark[] = ['firmware', 'boot-loader', 'kernel', 'running', 'end']
/** A kernel that was started by a crash, to save the memory of the one that crashed. */
const CRASH_KERNEL =
  /\belfcorehdr=|Kdump Vmcore Save Service|kdump(?:\.sh)?\[\d+\]: (?:Kdump is using|saving (?:to|vmcore))/
/** What a machine may still say when it has said that it restarts. */
const MOST_LAST_WORDS = 4
/** The kernel's clock may go back a little where processors write at once, but not so far. */
const CLOCK_BACK = 5

/** The rows at which boots begin, the first of the log included; what follows the last one is the last boot. */
export function bootStarts(rows: readonly Row[]): readonly number[] {
  const starts = new BootStarts()
  rows.forEach(({ text }, at) => {
    starts.look(text, at)
  })
  const last = starts.all.at(-1) ?? 0
  const isLastWord = starts.all.length > 1 && !starts.isMarked && countSaid(rows.slice(last)) <= MOST_LAST_WORDS
  return isLastWord ? starts.all.slice(0, -1) : starts.all
}

function countSaid(rows: readonly Row[]): number {
  return rows.filter(({ text }) => text.trim() !== '').length
}

/** The rows of each boot that matters: the last one, and those before it, the latest first. */
export function bootsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const starts = bootStarts(rows)
  const boots = starts.map((start, index) => rows.slice(start, starts[index + 1])).reverse()
  const [last = [], crashed, ...earlier] = boots
  // The crash says more than the kernel that saves its memory.
  if (crashed !== undefined && last.some(({ text }) => CRASH_KERNEL.test(text)))
    return [[...crashed, ...last], ...earlier]
  return boots
}

let finder: WordFinder | undefined

class BootStarts {
  readonly all: number[] = [0]
  /** How far the boot that is read has come; -1 before its first mark. */
  #phase = -1
  #uptime: number | undefined

  /** Whether the boot that is read has shown what it is. */
  get isMarked(): boolean {
    return this.#phase !== -1
  }

  look(text: string, at: number): void {
    finder ??= new WordFinder(SIGNS.map(({ word }) => word))
    const words = finder.find(text)
    if (words.length === 0 && !text.includes('[')) {
      this.#goOn(text, at)
      return
    }
    const { said, uptime } = withoutPrefix(text)
    const mark = words.map((word) => SIGNS[word]).find((sign) => sign?.line.test(said))?.mark
    if (mark !== undefined) this.#readMark(mark, at)
    else if (uptime === undefined) this.#goOn(text, at)
    if (uptime !== undefined) this.#readClock(uptime, at)
  }

  #readMark(mark: Mark, at: number): void {
    const phase = ORDER.indexOf(mark)
    const startsOver = this.#phase >= ORDER.indexOf('kernel') && phase < this.#phase && phase <= ORDER.indexOf('kernel')
    const secondKernel =
      mark === 'kernel' && this.#phase === phase && this.#uptime !== undefined && this.#uptime > CLOCK_BACK
    const resetInLoader = mark === 'firmware' && this.#phase === ORDER.indexOf('boot-loader')
    if (this.#phase === ORDER.indexOf('end') || startsOver || secondKernel || resetInLoader) this.#begin(at)
    this.#phase = Math.max(this.#phase, phase)
  }

  /** After a machine has said that it restarts, whatever it says belongs to the next boot. */
  #goOn(text: string, at: number): void {
    if (this.#phase === ORDER.indexOf('end') && text.trim() !== '') this.#begin(at)
  }

  #readClock(uptime: number, at: number): void {
    if (this.#uptime !== undefined && uptime < CLOCK_BACK && this.#uptime - uptime > CLOCK_BACK) this.#begin(at)
    this.#phase = Math.max(this.#phase, ORDER.indexOf('kernel'))
    this.#uptime = uptime
  }

  #begin(at: number): void {
    if (this.all.at(-1) !== at) this.all.push(at)
    this.#phase = -1
    this.#uptime = undefined
  }
}
