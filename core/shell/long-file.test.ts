import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BareShellOptions, bareShell } from '../../test/helpers/bare-shell.ts'
import { type Part, readLongFile, writeLongFile } from './long-file.ts'

const signal = () => AbortSignal.timeout(50_000)
const TOOLS = ['sh', 'mv', 'rm', 'cat', 'head', 'tail', 'wc', 'base64', 'sha256sum', 'cksum']

const SHELLS: readonly (readonly [string, BareShellOptions, boolean])[] = [
  ['bash', { tools: [...TOOLS, 'gzip'] }, true],
  ['bash without gzip', { tools: TOOLS }, false],
  ['dash', { shell: ['dash'], tools: [...TOOLS, 'gzip'] }, true],
]

/** Text that hardly can be compressed, in lines. */
function text(bytes: number): string {
  return randomBytes(Math.ceil((bytes * 3) / 4))
    .toString('base64')
    .replaceAll(/.{100}/g, '$&\n')
    .slice(0, bytes)
}

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

describe.concurrent.each(SHELLS)('a long file in %s', (_, options, isPacked) => {
  it('comes in parts, whole', async () => {
    await using own = await bareShell(signal(), options)
    const path = join(own.directory, 'long ä.conf')
    const content = Buffer.from(`${text(150_000)}ä€😀\n`)
    await writeFile(path, content)
    const parts: Part[] = []

    const read = await readLongFile(own.shell, path, content.length, async (part) => void parts.push(part), signal())

    expect(sum(read)).toBe(sum(content))
    const all = parts[0]?.all ?? 0
    expect(all < content.length).toBe(isPacked)
    expect(parts.at(0)).toEqual({ done: 0, all })
    expect(parts.at(-1)).toEqual({ done: all, all })
    expect(parts.length).toBeGreaterThan(3)
  })

  it('is made of the old one and of what is new, and leaves nothing beside it', async () => {
    await using own = await bareShell(signal(), options)
    const old = join(own.directory, 'old')
    const to = join(own.directory, 'new')
    const before = text(300_000)
    await writeFile(old, before)
    const cases: readonly string[] = [
      before.replace(before.slice(150_000, 150_020), 'ä'),
      `first\n${before}`,
      `${before}last\n`,
      before.slice(1000),
      before.slice(0, -1000),
      before.slice(0, 1000) + before.slice(2000),
      before + before.slice(0, 100_000),
      '',
      text(120_000),
    ]
    for (const after of cases) {
      const parts: Part[] = []
      const file = { old, before: Buffer.from(before), after: Buffer.from(after), to }

      await writeLongFile(own.shell, file, async (part) => void parts.push(part), signal())

      expect(sum(await readFile(to))).toBe(sum(Buffer.from(after)))
    }
    expect((await readdir(own.directory)).filter((name) => name.startsWith('new'))).toEqual(['new'])
  })

  it('that is changed a little goes in one part, however long it is', async () => {
    await using own = await bareShell(signal(), options)
    const old = join(own.directory, 'old')
    const before = text(1 << 20)
    await writeFile(old, before)
    const after = Buffer.from(before.replace(before.slice(500_000, 500_100), 'changed'))
    const parts: Part[] = []
    const file = { old, before: Buffer.from(before), after, to: join(own.directory, 'new') }

    await writeLongFile(own.shell, file, async (part) => void parts.push(part), signal())

    expect(sum(await readFile(file.to))).toBe(sum(after))
    expect(parts).toEqual([])
  })

  it('that is not there is an error, and not an empty file', async () => {
    await using own = await bareShell(signal(), options)

    const read = readLongFile(own.shell, join(own.directory, 'none'), 100_000, async () => undefined, signal())

    await expect(read).rejects.toMatchObject({ code: 'transfer-failed' })
  })
})

it('is refused where the machine has not the tools', async () => {
  await using own = await bareShell(signal(), { tools: TOOLS.filter((tool) => tool !== 'base64') })

  const read = readLongFile(own.shell, '/etc/passwd', 100_000, async () => undefined, signal())

  await expect(read).rejects.toMatchObject({ code: 'lacks-tools' })
})
