/**
 * Makes one machine's disk out of the common one: its name, its identity, its SSH
 * host keys. Done now and not at the first boot, since each boot of an overlay
 * would be the first.
 */
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../../commands.ts'
import { PARTITION_OFFSET } from './disk.ts'

/** Writes `disk`, a copy of `common` that is the machine `name`; `work` is a folder for temporary files. */
export async function personalise(
  common: string,
  disk: string,
  name: string,
  work: string,
  signal: AbortSignal,
): Promise<void> {
  const files = join(work, name)
  await mkdir(files, { recursive: true })
  // Shares the blocks where the file system can; cp keeps the holes where it cannot.
  await runCommand('cp', ['--reflink=auto', '--sparse=always', common, disk], {}, signal)
  await writeFile(join(files, 'hostname'), `${name}\n`)
  await writeFile(join(files, 'hosts'), `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n`)
  await writeFile(join(files, 'machine-id'), `${randomUUID().replaceAll('-', '')}\n`)
  for (const file of ['hostname', 'hosts', 'machine-id']) await chmod(join(files, file), 0o644)
  const keys = await hostKeys(files, signal)
  await writeInto(
    disk,
    [...['hostname', 'hosts', 'machine-id'].map((file) => [file, `/etc/${file}`]), ...keys],
    files,
    signal,
  )
}

async function hostKeys(files: string, signal: AbortSignal): Promise<string[][]> {
  const kinds = ['rsa', 'ecdsa', 'ed25519']
  for (const kind of kinds) {
    const path = join(files, `ssh_host_${kind}_key`)
    await runCommand('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', '', '-f', path], {}, signal)
  }
  return kinds.flatMap((kind) =>
    ['', '.pub'].map((end) => [`ssh_host_${kind}_key${end}`, `/etc/ssh/ssh_host_${kind}_key${end}`]),
  )
}

/** debugfs writes into the file system without mounting it, as root and with the mode of the file that it copies. */
async function writeInto(
  disk: string,
  files: readonly (readonly string[])[],
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const script = join(folder, 'debugfs')
  const lines = files.flatMap(([from, to]) => [`rm ${to}`, `write ${from} ${to}`])
  await writeFile(script, `${lines.join('\n')}\n`)
  const filesystem = `${disk}?offset=${PARTITION_OFFSET}`
  const options = { cwd: folder }
  await runCommand('debugfs', ['-w', '-f', script, filesystem], options, signal)
  // It ends with 0 whatever happened, so look: the last file is there only if it got that far.
  const [from = '', to = ''] = files.at(-1) ?? []
  const written = await runCommand('debugfs', ['-R', `cat ${to}`, filesystem], options, signal)
  if (written !== (await readFile(join(folder, from), 'utf8')))
    throw new Error(`debugfs did not write ${to} to ${disk}`)
}
