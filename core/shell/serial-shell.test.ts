import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PtyChannel, type PtyOptions } from '../../test/helpers/pty-channel.ts'
import { Console } from '../console/console.ts'
import { enterShell } from './enter.ts'

const signal = () => AbortSignal.timeout(50_000)

/**
 * A bash as the kernel starts it, on a pty, in a directory of its own. `dmesg` is a stand-in: the real one would silence
 * the kernel of whoever runs the tests. With `noise` the kernel talks all the time.
 */
async function machine({ noise = false, ...options }: PtyOptions & { noise?: boolean } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'serial-shell-'))
  await writeFile(join(directory, 'dmesg'), '#!/bin/sh\nexit 0\n')
  await chmod(join(directory, 'dmesg'), 0o755)
  const env = { PS1: 'bash-5.2# ', PATH: `${directory}:${process.env.PATH}`, HOME: directory }
  const channel = new PtyChannel(['bash', '--norc', '--noprofile'], { ...options, env })
  const console = new Console(channel)
  const shell = await enterShell(console, signal())
  let count = 0
  const talk = () => {
    count += 1
    channel.say(Buffer.from(`[   12.${String(count).padStart(6, '0')}] usb 1-1: new device ${count}\r\n`))
  }
  const talking = noise ? setInterval(talk, 7) : undefined
  return {
    shell,
    console,
    channel,
    directory,
    async [Symbol.asyncDispose]() {
      clearInterval(talking)
      await console.close()
      await rm(directory, { recursive: true })
    },
  }
}

it.each([
  ['at once', {}],
  ['one byte at a time', { atOnce: 1 }],
  ['between kernel messages', { noise: true }],
])('runs commands and reads output and exit code, when bytes come %s', async (_, options) => {
  await using own = await machine(options)
  const run = (...command: string[]) => own.shell.run(command, signal())

  expect(await run('true')).toEqual({ output: '', exitCode: 0 })
  expect(await run('sh', '-c', 'echo out; echo err >&2; exit 7')).toEqual({ output: 'out\nerr\n', exitCode: 7 })
  expect(await run('printf', '%s', 'it\'s $HOME `x` \\ "q" !! ä\t#')).toMatchObject({
    output: 'it\'s $HOME `x` \\ "q" !! ä\t#',
  })
  expect((await run('seq', '1', '300')).output).toBe(Array.from({ length: 300 }, (_, n) => `${n + 1}\n`).join(''))
  expect((await run('no-such-command')).exitCode).toBe(127)
})

it('gives output exactly: control sequences, carriage returns, its own markers, no newline at the end', async () => {
  await using own = await machine()
  for (const text of ['\u001b[31mred\u001b[m', 'a\r\nb\rc', '@NONCE>\n@X=0 3\n', '\n\n', ' ', 'x#0'])
    expect(await own.shell.run(['printf', '%s', text], signal())).toEqual({ output: text, exitCode: 0 })
})

it('takes a command that is longer than a line of a tty', async () => {
  await using own = await machine()
  const long = Array.from({ length: 1000 }, (_, n) => `word ${n} `).join('')

  expect((await own.shell.run(['printf', '%s', long], signal())).output).toBe(long)
})

it('gives a command an empty standard input, not what we type next', async () => {
  await using own = await machine()

  expect(await own.shell.run(['cat'], signal())).toEqual({ output: '', exitCode: 0 })
})

it('interrupts a command that takes too long, and goes on with the next', async () => {
  await using own = await machine()
  const sleeping = own.shell.run(['sleep', '60'], signal(), { limitMs: 200 })

  await expect(sleeping).rejects.toMatchObject({ code: 'command-time-limit' })
  expect((await own.shell.run(['echo', 'still here'], signal())).output).toBe('still here\n')
})

it('finds its way back after a command that was abandoned', async () => {
  await using own = await machine()
  const stopped = new Error('stopped')
  const controller = new AbortController()
  const running = own.shell.run(['sleep', '60'], controller.signal)
  setTimeout(() => controller.abort(stopped), 200)

  await expect(running).rejects.toBe(stopped)
  expect((await own.shell.run(['echo', 'still here'], signal())).output).toBe('still here\n')
})

it.each([
  ['at once', {}],
  ['between kernel messages', { noise: true }],
])('writes and reads files exactly, when bytes come %s', async (_, options) => {
  await using own = await machine(options)
  const bytes = Uint8Array.from({ length: 9000 }, (_, index) => (index * 31) % 256)
  const path = join(own.directory, "a file's name")
  await own.shell.writeFile(path, bytes, signal())

  expect(new Uint8Array(await readFile(path))).toEqual(bytes)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(new Uint8Array((await own.shell.readFile(path, signal())) ?? [])).toEqual(bytes)
})

it('knows an empty file from none at all, and refuses one that is too long', async () => {
  await using own = await machine()
  await own.shell.writeFile(join(own.directory, 'empty'), new Uint8Array(), signal())

  expect(await own.shell.readFile(join(own.directory, 'empty'), signal())).toHaveLength(0)
  expect(await own.shell.readFile(join(own.directory, 'none'), signal())).toBeUndefined()
  expect(await own.shell.readFile(own.directory, signal())).toBeUndefined()
  await expect(own.shell.readFile(join(own.directory, 'dmesg'), signal(), 4)).rejects.toMatchObject({
    code: 'file-too-long',
  })
})

it('leaves nothing behind when a file cannot be written', async () => {
  await using own = await machine()
  const path = join(own.directory, 'missing', 'file')

  await expect(own.shell.writeFile(path, Buffer.from('x'), signal())).rejects.toMatchObject({ code: 'transfer-failed' })
})

it('does not type into what is no shell any more', async () => {
  await using own = await machine()
  own.channel.say(Buffer.from('\u001b[H\u001b[J\u001b[1;1H\r\nDebian GNU/Linux 12 web-1 ttyS0\r\n\r\nweb-1 login: '))
  await own.console.until(
    'login-prompt',
    (view) => (view.text.includes('web-1 login') ? true : undefined),
    5000,
    signal(),
  )

  await expect(own.shell.run(['rm', '-rf', '/tmp/x'], signal())).rejects.toMatchObject({ code: 'shell-lost' })
})

it('says so when what stands at the root prompt is no shell', async () => {
  const script = 'stty -echo; printf "bash-5.2# "; while read -r x; do printf "what?\\nbash-5.2# "; done'
  await using console = new Console(new PtyChannel(['bash', '-c', script]))
  const entering = enterShell(console, AbortSignal.timeout(2000))

  await expect(entering).rejects.toThrow()
})
