/**
 * Changes the files of a guest's ext4 file system with debugfs: nothing is mounted,
 * so it needs no root. debugfs ends with 0 whatever happened and only says what went
 * wrong; so each change is looked at after it was made.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from '../commands.ts'

const FREE_BLOCKS = /^Free blocks: +(\d+)$/m

/** The extended attribute that SELinux keeps its label in. */
const LABEL = 'security.selinux'

export interface FileStatus {
  readonly type: string
  /** The permission bits alone. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export class Ext4 {
  readonly #disk: string
  readonly #filesystem: string
  readonly #signal: AbortSignal | undefined

  /** The file system that begins `offset` bytes into `disk`, a raw image. */
  constructor(disk: string, offset: number, signal?: AbortSignal) {
    this.#disk = disk
    this.#filesystem = `${disk}?offset=${offset}`
    this.#signal = signal
  }

  async read(path: string): Promise<string> {
    return (await this.readBytes(path)).toString('utf8')
  }

  readBytes(path: string): Promise<Buffer> {
    return inTemporaryFolder(async (folder) => {
      const file = join(folder, 'file')
      await this.#run(`dump ${path} ${file}`)
      return await readFile(file).catch((cause) => {
        throw this.#failure(`${path} cannot be read`, cause)
      })
    })
  }

  /** Undefined when there is no such file. A link is not followed. */
  async status(path: string): Promise<FileStatus | undefined> {
    const said = await this.#run(`stat ${path}`)
    const found = /Type: (?<type>\S.*?) +Mode: +(?<mode>\d+)[\s\S]*?User: +(?<uid>\d+) +Group: +(?<gid>\d+)/.exec(said)
    const { type, mode, uid, gid } = found?.groups ?? {}
    if (type === undefined || mode === undefined) return undefined
    return { type, mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) }
  }

  /** A file that is there keeps its mode, its owner and its label; a new one is root's, with 0644 and no label. */
  async write(path: string, content: string | Uint8Array): Promise<void> {
    const before = await this.status(path)
    const label = await this.label(path)
    if (before !== undefined) await this.#run(`rm ${path}`, 'w')
    await inTemporaryFolder(async (folder) => {
      const file = join(folder, 'file')
      await writeFile(file, content)
      await this.#run(`write ${file} ${path}`, 'w')
    })
    if (!(await this.readBytes(path)).equals(Buffer.from(content))) throw this.#failure(`${path} was not written`)
    await this.chmod(path, before?.mode ?? 0o644)
    if (before !== undefined) await this.chown(path, before.uid, before.gid)
    if (label !== undefined) await this.setLabels(new Map([[path, label]]))
  }

  /** SELinux's; undefined when there is none. */
  async label(path: string): Promise<string | undefined> {
    return /^security\.selinux \(\d+\) = "(?<label>[^"]*)"$/m.exec(await this.#run(`ea_get ${path} ${LABEL}`))?.groups
      ?.label
  }

  async append(path: string, text: string): Promise<void> {
    await this.write(path, (await this.read(path)) + text)
  }

  /** `from` must be there: a guest that was to be broken and is not would be found out much later. */
  async replace(path: string, from: string | RegExp, to: string): Promise<void> {
    const before = await this.read(path)
    const after = before.replace(from, to)
    if (after === before) throw this.#failure(`${path} has nothing like ${from}`)
    await this.write(path, after)
  }

  async remove(path: string): Promise<void> {
    const { type } = await this.#statusOf(path)
    await this.#run(`${type === 'directory' ? 'rmdir' : 'rm'} ${path}`, 'w')
    if ((await this.status(path)) !== undefined) throw this.#failure(`${path} was not removed`)
  }

  async makeFolder(path: string): Promise<void> {
    await this.#run(`mkdir ${path}`, 'w')
    await this.#statusOf(path)
  }

  async link(path: string, target: string): Promise<void> {
    await this.#run(`symlink ${path} ${target}`, 'w')
    await this.#statusOf(path)
  }

  async chmod(path: string, mode: number): Promise<void> {
    const { type } = await this.#statusOf(path)
    const kind = type === 'directory' ? '04' : '010'
    await this.#run(`set_inode_field ${path} mode ${kind}${mode.toString(8).padStart(4, '0')}`, 'w')
    if ((await this.#statusOf(path)).mode !== mode) throw this.#failure(`the mode of ${path} was not changed`)
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    await this.#run(`set_inode_field ${path} uid ${uid}`, 'w')
    await this.#run(`set_inode_field ${path} gid ${gid}`, 'w')
    const now = await this.#statusOf(path)
    if (now.uid !== uid || now.gid !== gid) throw this.#failure(`the owner of ${path} was not changed`)
  }

  /** Many at once: in one run of debugfs, of which the last is looked at. */
  async setLabels(labels: ReadonlyMap<string, string>): Promise<void> {
    await inTemporaryFolder(async (folder) => {
      const script = join(folder, 'script')
      const lines = [...labels].map(([path, label]) => `ea_set "${path}" ${LABEL} ${label}\n`)
      await writeFile(script, lines.join(''))
      await runCommand('debugfs', ['-w', '-f', script, this.#filesystem], {}, this.#signal)
    })
    const [path = '', wanted] = [...labels].at(-1) ?? []
    if ((await this.label(path)) !== wanted) throw this.#failure(`${path} was not labelled`)
  }

  /** A file that takes all the room there is, down to the last block that is kept for root. */
  async fill(path: string): Promise<void> {
    await this.write(path, '')
    const blocks = await this.#number(FREE_BLOCKS)
    const blockBytes = await this.#number(/^Block size: +(\d+)$/m)
    // The last few do not fit: they go to what says where all the others are. The size may count them nevertheless.
    await this.#run(`fallocate ${path} 0 ${blocks - 1}`, 'w')
    await this.#run(`set_inode_field ${path} size ${blocks * blockBytes}`, 'w')
    if ((await this.#number(FREE_BLOCKS)) > 0) throw this.#failure('there is still room')
  }

  /**
   * Makes `two` begin with the same block of the disk as `one`, as two writers on one
   * disk do it, and has it noticed: e2fsck will not mend this without being asked.
   */
  async entangle(one: string, two: string): Promise<void> {
    const [block] = (await this.#run(`blocks ${one}`)).trim().split(/\s+/)
    // i_block of a small file: 12 bytes of header, then one extent whose third word is the block (Linux' ext4_extents.h).
    await this.#run(`set_inode_field ${two} block[5] ${block}`, 'w')
    // EXT2_ERROR_FS: the kernel has met an error, so the next e2fsck looks at everything.
    await this.#run('set_super_value state 2', 'w')
    if (!(await this.readBytes(one)).equals(await this.readBytes(two))) {
      throw this.#failure(`${one} and ${two} still have blocks of their own`)
    }
  }

  async #statusOf(path: string): Promise<FileStatus> {
    const found = await this.status(path)
    if (found === undefined) throw this.#failure(`there is no ${path}`)
    return found
  }

  async #number(pattern: RegExp): Promise<number> {
    const found = pattern.exec(await this.#run('stats -h'))?.[1]
    if (found === undefined) throw this.#failure(`debugfs said nothing like ${pattern}`)
    return Number(found)
  }

  #run(request: string, how: 'r' | 'w' = 'r'): Promise<string> {
    const mayWrite = how === 'w' ? ['-w'] : []
    return runCommand('debugfs', [...mayWrite, '-R', request, this.#filesystem], {}, this.#signal)
  }

  #failure(what: string, cause?: unknown): Error {
    return new Error(`${this.#disk}: ${what}`, { cause })
  }
}

async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'oci-rescue-ext4-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
