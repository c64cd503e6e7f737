/** Writes cpio archives in the format that Linux takes as initramfs (`newc`: Documentation/driver-api/early-userspace/buffer-format.rst). */

export interface ArchiveEntry {
  /** Without a leading slash. */
  readonly path: string
  readonly content: Uint8Array
  /** Type and permissions, as in stat(2). */
  readonly mode: number
  /** For a device node. */
  readonly device?: { readonly major: number; readonly minor: number }
}

export const DIRECTORY = 0o040755
export const PROGRAM = 0o100755
export const LINK = 0o120777
export const CHARACTER_DEVICE = 0o020600

export function cpioArchive(entries: readonly ArchiveEntry[]): Buffer {
  const end = { path: 'TRAILER!!!', content: new Uint8Array(), mode: 0 }
  return Buffer.concat([...entries, end].flatMap((entry, index) => pieces(entry, index + 1)))
}

function pieces({ path, content, mode, device }: ArchiveEntry, inode: number): readonly Buffer[] {
  const links = 1
  const name = Buffer.from(`${path}\0`)
  const { major, minor } = device ?? { major: 0, minor: 0 }
  const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length, 0]
  const header = Buffer.from(`070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`)
  return [padded(Buffer.concat([header, name])), padded(Buffer.from(content))]
}

/** To a multiple of four bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}
