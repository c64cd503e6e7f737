import { spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type BareShellOptions, bareShell } from '../../test/helpers/bare-shell.ts'

const signal = () => AbortSignal.timeout(50_000)

/** What the commands below need themselves. */
const FEW = ['sh', 'mv', 'rm', 'cat', 'yes', 'head']
const FEWEST = ['sh', 'mv', 'yes']

const BUSYBOX = 'busybox'
const hasBusybox = spawnSync(BUSYBOX, ['true']).status === 0
const SHELLS: readonly (readonly [string, BareShellOptions])[] = [
  ['bash', {}],
  ['bash without sums, base64 and stty', { tools: FEW }],
  ['bash with next to nothing', { tools: FEWEST }],
  ['dash that becomes a bash', { shell: ['dash'] }],
  ['dash', { shell: ['dash'], tools: [...FEW, 'cksum', 'base64'] }],
  ['dash with od and md5sum', { shell: ['dash'], tools: [...FEW, 'md5sum', 'od'] }],
  ['dash with hexdump and sha256sum', { shell: ['dash'], tools: [...FEW, 'sha256sum', 'hexdump'] }],
  ['dash with next to nothing', { shell: ['dash'], tools: FEWEST }],
  ['dash at the prompt of an initramfs', { shell: ['dash'], prompt: 'dracut:/# ', tools: [...FEW, 'cksum', 'od'] }],
  ...(hasBusybox ? [['busybox', { shell: [BUSYBOX, 'sh'], prompt: '/ # ', tools: ['yes', 'mv', 'sh'] }] as const] : []),
]

describe.concurrent.each(SHELLS)('in %s', (name, options) => {
  const hasNul = name !== 'dash with next to nothing'

  it('output and exit code are exact, whatever bytes there are', async () => {
    await using own = await bareShell(signal(), options)
    const run = (...command: string[]) => own.shell.run(command, signal())

    expect(await run('true')).toEqual({ output: '', exitCode: 0 })
    for (const code of [1, 10, 100, 127, 255])
      expect(await run('sh', '-c', `echo out; echo err >&2; exit ${code}`)).toEqual({
        output: 'out\nerr\n',
        exitCode: code,
      })
    expect((await run('sh', '-c', 'kill -9 $$')).exitCode).toBe(137)
    for (const text of [
      'no newline',
      '\n\n',
      '@123456>\n1:YQ==\n#0\n',
      'it\'s $HOME `x` \\ "q" !! ä\t\r\u001b[2J',
      ' ',
    ])
      expect(await run('printf', '%s', text)).toEqual({ output: text, exitCode: 0 })
    expect((await run('no-such-command')).exitCode).toBe(127)

    const octal = Array.from({ length: 256 }, (_, byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')
    const { bytes } = await own.shell.runExactly(['printf', octal], signal())
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    expect(new Uint8Array(bytes)).toEqual(hasNul ? all : all.subarray(1))
    expect(own.shell.lacks.includes('nul-bytes')).toBe(!hasNul)
  })

  it('long commands and files pass whole', async () => {
    await using own = await bareShell(signal(), options)
    const long = Array.from({ length: 300 }, (_, n) => `word ${n}'s `).join('')
    expect((await own.shell.run(['printf', '%s', long], signal())).output).toBe(long)

    const bytes = Uint8Array.from({ length: 2000 }, (_, index) => (index * 31) % 256 || (hasNul ? 0 : 1))
    const path = join(own.directory, "a file's name")
    await own.shell.writeFile(path, bytes, signal())
    expect(new Uint8Array(await readFile(path))).toEqual(bytes)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('a command that never ends is interrupted, and the next one runs', async () => {
    await using own = await bareShell(signal(), options)
    const endless = own.shell.run(['sh', '-c', 'while :; do :; done'], signal(), { limitMs: 300 })

    await expect(endless).rejects.toMatchObject({ code: 'command-time-limit' })
    expect(await own.shell.run(['echo', 'here'], signal())).toEqual({ output: 'here\n', exitCode: 0 })
  })
})

it.each([
  ['bash', {}],
  ['dash', { shell: ['dash'], tools: [...FEW, 'cksum', 'base64'] }],
] as const)('in %s, an output of ten megabytes is refused, and the next one is exact', async (_, options) => {
  await using own = await bareShell(signal(), options)
  const much = own.shell.run(['sh', '-c', 'yes 0123456789abcdef | head -c 10000000'], signal())

  await expect(much).rejects.toMatchObject({ code: 'output-too-long' })
  expect((await own.shell.run(['echo', 'here'], signal())).output).toBe('here\n')
})

it('says what the machine lacks', async () => {
  await using whole = await bareShell(signal())
  await using poor = await bareShell(signal(), { shell: ['dash'], tools: FEWEST })

  expect(whole.shell.lacks).toEqual([])
  expect(poor.shell.lacks).toEqual(['sum-tool', 'base64', 'nul-bytes'])
})
