/** Against ssh2's server, which sees on the wire what sshd would see. */
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as TcpServer } from 'node:net'
import ssh2, { type AuthContext } from 'ssh2'
import { expect, it } from 'vitest'
import { type KeyQuestion, probeLogin } from './login-probe.ts'

const HOST_KEY = newKey().privatePem

function newKey(): { readonly privatePem: string; readonly publicLine: string; readonly blob: Buffer } {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privatePem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
  const key = ssh2.utils.parseKey(privatePem)
  if (key instanceof Error) throw key
  const blob = key.getPublicSSH()
  return { privatePem, publicLine: `ssh-rsa ${blob.toString('base64')} opc@web-1`, blob }
}

interface Sshd extends AsyncDisposable {
  readonly port: number
  /** What clients asked for, in order. */
  readonly asked: { readonly method: string; readonly user: string; readonly signed: boolean }[]
}

/** An sshd that takes `blob` for `opc`, on the given address of loopback. */
async function startSshd(blob: Buffer, host = '127.0.0.1', port = 0): Promise<Sshd> {
  const asked: Sshd['asked'] = []
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (connection) => {
    connection.on('error', () => connection.end())
    connection.on('authentication', (context) => {
      const signed = context.method === 'publickey' && context.signature !== undefined
      asked.push({ method: context.method, user: context.username, signed })
      if (isTaken(context, blob)) context.accept()
      else context.reject(['publickey'])
    })
  })
  server.listen(port, host)
  await once(server, 'listening')
  return { port: portOf(server.address()), asked, [Symbol.asyncDispose]: async () => void server.close() }
}

function isTaken(context: AuthContext, blob: Buffer): boolean {
  return context.method === 'publickey' && context.username === 'opc' && context.key.data.equals(blob)
}

function portOf(address: ReturnType<TcpServer['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function question(port: number, publicKey: string, rest: Partial<KeyQuestion> = {}): KeyQuestion {
  return { hosts: ['127.0.0.1'], port, user: 'opc', publicKey, ...rest }
}

function limit(): AbortSignal {
  return AbortSignal.timeout(30_000)
}

it('learns that the key is good, and signs nothing', async () => {
  const key = newKey()
  await using sshd = await startSshd(key.blob)

  const proof = await probeLogin(question(sshd.port, key.publicLine), limit())

  expect(proof).toEqual({
    kind: 'key-accepted',
    user: 'opc',
    fingerprint: expect.stringMatching(/^SHA256:/),
    host: '127.0.0.1',
    port: sshd.port,
  })
  expect(sshd.asked).toEqual([{ method: 'publickey', user: 'opc', signed: false }])
})

it('asks about kinds of keys that it could never sign with', async () => {
  const type = 'sk-ssh-ed25519@openssh.com'
  const field = (bytes: Uint8Array) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes])
  const blob = Buffer.concat([field(Buffer.from(type)), field(Buffer.alloc(32, 7)), field(Buffer.from('ssh:'))])
  const offered: string[] = []
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (connection) => {
    connection.on('error', () => connection.end())
    connection.on('authentication', (context) => {
      if (context.method === 'publickey') offered.push(`${context.key.algo} ${context.key.data.toString('base64')}`)
      context.reject(['publickey'])
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const probe = probeLogin(question(portOf(server.address()), `${type} ${blob.toString('base64')}`), limit())

  // ssh2's server does not know this kind of key either, so it refuses or hangs up; what counts is what it was asked.
  await probe.catch(() => undefined)
  expect(offered).toEqual([`${type} ${blob.toString('base64')}`])
  server.close()
})

it('says so when sshd does not take the key, or not for this user', async () => {
  const key = newKey()
  await using sshd = await startSshd(key.blob)

  await expect(probeLogin(question(sshd.port, newKey().publicLine), limit())).rejects.toMatchObject({
    code: 'key-not-accepted',
    details: { user: 'opc', host: '127.0.0.1' },
  })
  await expect(probeLogin(question(sshd.port, key.publicLine, { user: 'root' }), limit())).rejects.toMatchObject({
    code: 'key-not-accepted',
  })
})

it('waits for an sshd that is not up yet', async () => {
  const key = newKey()
  const port = await freePort()
  const proof = probeLogin(question(port, key.publicLine), limit())
  await new Promise((resolve) => setTimeout(resolve, 700))
  await using _sshd = await startSshd(key.blob, '127.0.0.1', port)

  expect(await proof).toMatchObject({ kind: 'key-accepted' })
})

it('claims nothing when nobody answers: no listener, no address, somebody who says nothing', async () => {
  const key = newKey()
  const mute = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(mute, 'listening')

  expect(await probeLogin(question(await freePort(), key.publicLine), limit(), 800)).toEqual({
    kind: 'sshd-not-reached',
    reason: expect.stringContaining('ECONNREFUSED'),
  })
  expect(await probeLogin(question(22, key.publicLine, { hosts: [] }), limit())).toMatchObject({
    kind: 'sshd-not-reached',
  })
  expect(await probeLogin(question(portOf(mute.address()), key.publicLine), limit(), 800)).toMatchObject({
    kind: 'sshd-not-reached',
  })
  mute.close()
})

it('believes the address that takes the key, not a stranger at the other one', async () => {
  const key = newKey()
  await using sshd = await startSshd(key.blob, '127.0.0.2')
  await using _stranger = await startSshd(newKey().blob, '127.0.0.1', sshd.port)

  const proof = await probeLogin(question(sshd.port, key.publicLine, { hosts: ['127.0.0.1', '127.0.0.2'] }), limit())

  expect(proof).toMatchObject({ kind: 'key-accepted', host: '127.0.0.2' })
})

it('can be stopped', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('stopped')), 100)

  await expect(probeLogin(question(await freePort(), newKey().publicLine), stop.signal)).rejects.toThrow('stopped')
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = portOf(server.address())
  server.close()
  await once(server, 'close')
  return port
}
