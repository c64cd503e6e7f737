/**
 * The file that `--machines` names: a list of bootable disks, whoever made them,
 * to be used as instances.
 */
import { access, constants, open, readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { type DiskFile, disksOf, type MachineSpec } from './machine.ts'

const Disk = z.strictObject({ disk: z.string().min(1), format: z.enum(['raw', 'qcow2']) })

const Entry = z.strictObject({
  ...Disk.shape,
  // A name that can be a host name, and the name of a file.
  name: z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/, 'must be letters, digits and hyphens, 63 at the most'),
  firmware: z.enum(['bios', 'uefi']),
  // 64 MiB: less than any Linux boots in.
  memoryMiB: z.int().min(64).max(65_536),
  user: z.string().min(1),
  os: z.strictObject({ name: z.string().min(1), version: z.string().min(1) }),
  dataDisks: z.array(Disk).optional(),
  keep: z.boolean().default(false),
})

const MachinesFile = z
  .array(Entry)
  .min(1, 'names no machine')
  .superRefine((entries, context) => {
    entries.forEach(({ name }, index) => {
      if (entries.findIndex((other) => other.name === name) < index) {
        context.addIssue({ code: 'custom', path: [index, 'name'], message: `a second machine is called ${name}` })
      }
    })
  })

/** Disks are looked for beside the file. The error of a bad file says everything that is wrong with it. */
export async function readMachinesFile(path: string): Promise<readonly MachineSpec[]> {
  const parsed = MachinesFile.safeParse(parseJson(path, await readText(path)))
  if (!parsed.success) throw new Error(`${path} is not a list of machines:\n${z.prettifyError(parsed.error)}`)
  const beside = <D extends DiskFile>(one: D): D => ({ ...one, disk: resolve(dirname(path), one.disk) })
  const specs = parsed.data.map(({ dataDisks, ...entry }) => ({
    ...beside(entry),
    ...(dataDisks && { dataDisks: dataDisks.map(beside) }),
  }))
  for (const spec of specs) for (const one of disksOf(spec)) await checkDisk(path, spec, one)
  return specs
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new Error(`the file of machines ${path} cannot be read`, { cause })
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${path} is not JSON: ${why}`, { cause })
  }
}

async function checkDisk(path: string, spec: MachineSpec, one: DiskFile): Promise<void> {
  try {
    await access(one.disk, spec.keep ? constants.R_OK | constants.W_OK : constants.R_OK)
  } catch (cause) {
    const how = spec.keep ? 'read and written' : 'read'
    throw new Error(`${path}: the disk of ${spec.name}, ${one.disk}, cannot be ${how}`, { cause })
  }
  await checkFormat(path, spec.name, one)
}

/** A qcow2 file begins with "QFI\xfb" (QEMU's docs/interop/qcow2.txt); taken for raw, the guest would find no disk. */
async function checkFormat(path: string, name: string, { disk, format }: DiskFile): Promise<void> {
  const isQcow2 = (await firstBytes(disk, 4)).equals(Buffer.from([0x51, 0x46, 0x49, 0xfb]))
  if (isQcow2 !== (format === 'qcow2')) {
    const is = isQcow2 ? 'is' : 'is not'
    throw new Error(`${path}: the disk of ${name}, ${disk}, ${is} qcow2, but its format is given as ${format}`)
  }
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  await using file = await open(path, 'r')
  const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0)
  return buffer.subarray(0, bytesRead)
}
