import { spawnSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { requireCommand, runCommand } from '../commands.ts'
import { Ext4 } from './ext4.ts'

/** As on a guest's disk, the file system does not begin where the disk does. */
const OFFSET = 1 << 20
const BYTES = 8 << 20

let directory: string
let disk: string
let files: Ext4

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oci-rescue-ext4-test-'))
})
afterAll(() => rm(directory, { recursive: true }))

beforeEach(async () => {
  disk = join(directory, 'disk')
  await using file = await open(disk, 'w')
  await file.truncate(OFFSET + BYTES)
  const options = ['-q', '-F', '-t', 'ext4', '-E', `offset=${OFFSET},root_owner=0:0`]
  await runCommand('mke2fs', [...options, disk, `${BYTES >> 10}k`])
  files = new Ext4(disk, OFFSET)
})

/** e2fsck's exit code (0: in order, 4: left to a person) and its words. `-p` mends what needs no person, as at a boot. */
function check(how: '-n' | '-p'): { readonly code: number | null; readonly said: string } {
  const e2fsck = requireCommand('e2fsck', process.env)
  const { status, stdout, stderr } = spawnSync(e2fsck, ['-f', how, `${disk}?offset=${OFFSET}`], { encoding: 'utf8' })
  return { code: status, said: stdout + stderr }
}

describe('a file', () => {
  it("is new, and root's", async () => {
    await files.write('/new', 'one\n')

    expect(await files.read('/new')).toBe('one\n')
    expect(await files.status('/new')).toEqual({ type: 'regular', mode: 0o644, uid: 0, gid: 0 })
    expect(check('-n')).toMatchObject({ code: 0 })
  })

  it('keeps its mode and its owner when it is written anew', async () => {
    await files.write('/rule', 'before\n')
    await files.chmod('/rule', 0o440)
    await files.chown('/rule', 1000, 70_000)

    await files.append('/rule', 'more\n')
    await files.replace('/rule', /^before$/m, 'after')

    expect(await files.read('/rule')).toBe('after\nmore\n')
    expect(await files.status('/rule')).toEqual({ type: 'regular', mode: 0o440, uid: 1000, gid: 70_000 })
    expect(check('-n')).toMatchObject({ code: 0 })
  })

  it('keeps its label, and many get theirs at once', async () => {
    await files.write('/plain', 'text')
    await files.write('"/with a blank"', 'text')
    expect(await files.label('/plain')).toBeUndefined()

    await files.setLabels(
      new Map([
        ['/with a blank', 'system_u:object_r:usr_t:s0'],
        ['/plain', 'system_u:object_r:etc_t:s0'],
      ]),
    )
    await files.write('/plain', 'another text')

    expect(await files.label('/plain')).toBe('system_u:object_r:etc_t:s0')
    expect(await files.label('"/with a blank"')).toBe('system_u:object_r:usr_t:s0')
    await expect(files.setLabels(new Map([['/none', 'system_u:object_r:etc_t:s0']]))).rejects.toThrow(
      '/none was not labelled',
    )
    expect(check('-n')).toMatchObject({ code: 0 })
  })

  it('has the bytes that it was given, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 9000 }), async (bytes) => {
        await files.write('/bytes', bytes)
        expect(Buffer.compare(await files.readBytes('/bytes'), bytes)).toBe(0)
      }),
      { numRuns: 10 },
    )
  })

  it('is gone when it was removed, as an empty folder is', async () => {
    await files.makeFolder('/folder')
    await files.write('/folder/file', 'text')
    await expect(files.remove('/folder')).rejects.toThrow('/folder was not removed')

    await files.remove('/folder/file')
    await files.remove('/folder')

    expect(await files.status('/folder')).toBeUndefined()
    expect(check('-n')).toMatchObject({ code: 0 })
  })

  it('may be a link, of which nothing is followed', async () => {
    await files.link('/link', '/nowhere')

    expect(await files.status('/link')).toMatchObject({ type: 'symlink' })
    await files.remove('/link')
    expect(await files.status('/link')).toBeUndefined()
  })
})

describe('a change that is not made', () => {
  it('is an error: nothing to read, to replace, to remove, to write into', async () => {
    await files.write('/there', 'text')

    await expect(files.read('/none')).rejects.toThrow('/none cannot be read')
    await expect(files.replace('/there', 'other', 'new')).rejects.toThrow('/there has nothing like other')
    await expect(files.remove('/none')).rejects.toThrow('there is no /none')
    await expect(files.chmod('/none', 0o600)).rejects.toThrow('there is no /none')
    await expect(files.write('/none/file', 'text')).rejects.toThrow()
    await expect(files.makeFolder('/none/folder')).rejects.toThrow('there is no /none/folder')
    await expect(files.write('/large', Buffer.alloc(2 * BYTES, 1))).rejects.toThrow()
  })
})

describe('a file system', () => {
  it('is full to its last block, and is whole', async () => {
    await files.fill('/log')

    await expect(files.write('/more', 'one byte is a block')).rejects.toThrow()
    expect(check('-n')).toMatchObject({ code: 0 })
  })

  it('has two files of one block, which e2fsck leaves to a person', async () => {
    await files.write('/one', 'one\n')
    await files.write('/two', 'two\n')

    await files.entangle('/one', '/two')

    expect(await files.read('/two')).toBe(await files.read('/one'))
    expect(check('-n').said).toContain('Multiply-claimed block(s) in inode')
    const { code, said } = check('-p')
    expect(said).toContain('UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY')
    expect(code).toBe(4)
  })
})
