import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { readMachinesFile } from './machines-file.ts'

const WEB_9 = {
  name: 'web-9',
  disk: 'web-9.raw',
  format: 'raw',
  firmware: 'bios',
  memoryMiB: 512,
  user: 'opc',
  os: { name: 'Debian', version: '12' },
}
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  await writeFile(join(folder, 'web-9.raw'), 'a disk')
  await writeFile(join(folder, 'web-9.qcow2'), Buffer.from('QFI\xfb and more', 'latin1'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(content: unknown) {
  const path = join(folder, 'machines.json')
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readMachinesFile(path)
}

it('reads a machine, looks for its disk beside the file, and does not keep changes unless told', async () => {
  expect(await read([WEB_9])).toEqual([{ ...WEB_9, disk: join(folder, 'web-9.raw'), keep: false }])
  expect(await read([{ ...WEB_9, disk: join(folder, 'web-9.raw'), keep: true }])).toMatchObject([{ keep: true }])
})

it.each([
  ['is not there', undefined, /nowhere.json cannot be read/],
  ['is not JSON', '[{', /is not JSON/],
  ['is empty', [], /names no machine/],
  ['is one machine and no list', WEB_9, /is not a list of machines/],
  ['names a format that we do not know', [{ ...WEB_9, format: 'vmdk' }], /"raw"\|"qcow2"[\s\S]*\[0\]\.format/],
  ['names two machines alike', [WEB_9, WEB_9], /a second machine is called web-9/],
  ['gives a name that cannot be a host name', [{ ...WEB_9, name: '../web' }], /letters, digits and hyphens/],
  ['has a field that we do not know', [{ ...WEB_9, memory: 512 }], /memory/],
  ['names a disk that is not there', [{ ...WEB_9, disk: 'gone.raw' }], /the disk of web-9, .*gone.raw, cannot be read/],
  ['calls raw what is qcow2', [{ ...WEB_9, disk: 'web-9.qcow2' }], /is qcow2, but its format is given as raw/],
  ['calls qcow2 what is not', [{ ...WEB_9, format: 'qcow2' }], /is not qcow2, but its format is given as qcow2/],
])('says what is wrong with a file that %s', async (_what, content, message) => {
  const reading = content === undefined ? readMachinesFile(join(folder, 'nowhere.json')) : read(content)

  await expect(reading).rejects.toThrow(message)
})

it('says everything that is wrong at once', async () => {
  await expect(read([{ ...WEB_9, firmware: 'coreboot', memoryMiB: 1 }])).rejects.toThrow(
    /firmware[\s\S]*memoryMiB|memoryMiB[\s\S]*firmware/,
  )
})
