/** The lines of `/etc/fstab` (fstab(5)), field by field, and with other options: text in, text out. */
import { posix } from 'node:path'
import { onLines } from './edit-lines.ts'

export interface FstabEntry {
  /** Counted from 1, comments and empty lines too. */
  readonly line: number
  /** The whole line, without its end. */
  readonly text: string
  readonly device: string
  /** Empty when the line has none; `none` or `swap` for swap space. */
  readonly mountPoint: string
  readonly type: string
  readonly options: readonly string[]
  /** All fields as they stand there. */
  readonly fields: readonly string[]
}

/** Every line that is neither empty nor a comment, be it a good one or not. */
export function readFstab(text: string): readonly FstabEntry[] {
  return text.split('\n').flatMap((line, index) => readEntry(line, index + 1))
}

/** Read by systemd or `mount -a` at boot; what is not can not stop it. */
export function isMountedAtBoot({ options }: FstabEntry): boolean {
  return !options.includes('noauto') || options.includes('x-systemd.automount')
}

function readEntry(text: string, line: number): readonly FstabEntry[] {
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.startsWith('#')) return []
  const fields = trimmed.split(/\s+/)
  const [device = '', mountPoint = '', type = '', options = ''] = fields.map(withoutEscapes)
  return [
    { line, text, device: unquoted(device), mountPoint: plain(mountPoint), type, options: split(options), fields },
  ]
}

function plain(mountPoint: string): string {
  return mountPoint.startsWith('/') ? posix.normalize(mountPoint).replace(/(?<=.)\/$/, '') : mountPoint
}

/** `UUID="…"`: libmount takes quotes around the value. */
function unquoted(device: string): string {
  return device.replace(/^(\w+=)"(.*)"$/, '$1$2')
}

function split(options: string): readonly string[] {
  return options.split(',').filter((option) => option !== '')
}

/** Blanks are written as octal escapes, e.g. `\040`. */
function withoutEscapes(field: string): string {
  return field.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/** The text with more options in one of its entries; nothing else of it changes, not even its blanks. */
export function withOptions(text: string, { line, fields, options }: FstabEntry, more: readonly string[]): string {
  const added = [...options, ...more.filter((option) => !options.includes(option))].join(',')
  return onLines(text, [line], (old) => {
    if (fields.length < 4) return `${old.trimEnd()} ${added}`
    return old.replace(/^(\s*\S+\s+\S+\s+\S+\s+)\S+/, (_, before: string) => `${before}${added}`)
  })
}
