/** The worker's channels: a bash behind two SSH servers, reached by either of the two SSH clients. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { openSerial, type SshClient } from '../../workers/serial/open-console.ts'
import { OpensshChannel } from '../../workers/serial/openssh-channel.ts'
import { lineCommand } from '../../workers/serial/openssh-command.ts'
import { OpensshDirectory } from '../../workers/serial/openssh-directory.ts'
import { SshChannel } from '../../workers/serial/ssh-channel.ts'
import { connectSsh } from '../../workers/serial/ssh-connection.ts'
import { type BashGateway, type GatewayOptions, startBashGateway } from '../helpers/bash-gateway.ts'
import { channelContract, type HalfClosingLine, halfCloseContract } from './channel.ts'

const limit = () => AbortSignal.timeout(30_000)

async function started(options: GatewayOptions = {}): Promise<BashGateway> {
  const gateway = await startBashGateway(options)
  onTestFinished(() => gateway[Symbol.asyncDispose]())
  return gateway
}

async function lineOver(client: SshClient): Promise<HalfClosingLine> {
  const { target, drop, halfClose } = await started()
  return { ...(await openSerial(target, client, limit())), drop, halfClose }
}

channelContract('ssh2', () => lineOver('ssh2'))
halfCloseContract('ssh2', () => lineOver('ssh2'))
// A half-closed session is nothing that OpenSSH would tell.
channelContract('OpenSSH', () => lineOver('openssh'))

it.each(['ssh2', 'openssh'] as const)(
  'keeps the gateway’s banner apart from what the line says, over %s',
  async (client) => {
    await using channel = (await lineOver(client)).channel

    const heard = Buffer.from((await channel.read(limit())) ?? []).toString()
    expect(heard).not.toContain('IMPORTANT')
    expect(heard).not.toBe('')
  },
)

it('goes on with OpenSSH when ssh2 and the gateway have no algorithm in common, and says why', async () => {
  const { target } = await started({ isStrangeToSsh2: true })

  const opened = await openSerial(target, 'auto', limit())
  await using channel = opened.channel
  expect(channel).toBeInstanceOf(OpensshChannel)
  expect(opened.fellBackBecause).toContain('no matching')
  await expect(openSerial(target, 'ssh2', limit())).rejects.toMatchObject({ code: 'gateway-unreachable' })
})

it('takes ssh2 where it can', async () => {
  const { target } = await started()
  const opened = await openSerial(target, 'auto', limit())
  await using channel = opened.channel

  expect(channel).toBeInstanceOf(SshChannel)
  expect(opened.fellBackBecause).toBeUndefined()
})

it.each(['ssh2', 'openssh'] as const)('types nothing to hosts that do not show the key, over %s', async (client) => {
  const { target } = await started()
  const hostKeyFingerprint = `SHA256:${'A'.repeat(43)}`

  await expect(openSerial({ ...target, hostKeyFingerprint }, client, limit())).rejects.toMatchObject({
    code: 'host-key-mismatch',
  })
})

it('keeps the key on no disk longer than the logins take, and leaves no files', async () => {
  const { target } = await started()
  const directory = await mkdtemp(join(tmpdir(), 'oci-rescue-test-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  vi.stubEnv('TMPDIR', directory)
  onTestFinished(() => void vi.unstubAllEnvs())
  const { channel } = await openSerial(target, 'openssh', limit())
  const [own = ''] = await readdir(directory)

  expect(await readdir(join(directory, own))).toEqual(['known_hosts.gateway', 'log'])
  await channel.close()
  expect(await readdir(directory)).toEqual([])
})

it('notices over ssh2 that the gateway answers no more', async () => {
  const { target, freeze } = await started()
  const { gateway, instance, user, privateKey } = target
  const anybody = { isKnownHost: () => true, identity: { privateKey } }
  const first = await connectSsh({ ...gateway, ...anybody, username: user, keepaliveMs: 50 }, limit())
  const through = await first.forward(instance, 22, limit())
  const second = await connectSsh({ host: instance, port: 22, ...anybody, username: instance, through }, limit())
  await using channel = new SshChannel(await second.shell(limit()), () => first.close())

  freeze()
  await expect(dropped(channel)).resolves.toBe('dropped')
})

it('notices over OpenSSH that the gateway answers no more', async () => {
  const { target, freeze } = await started()
  const directory = await OpensshDirectory.make(target.privateKey)
  const words = lineCommand(target, directory, { gateway: 'any', console: 'any' })
  expect(words.join(' ').match(/ServerAliveInterval=10\b/g)).toHaveLength(2)
  const quick = words.map((word) => word.replace('ServerAliveInterval=10', 'ServerAliveInterval=1'))
  await using channel = await OpensshChannel.open(quick, directory, limit())

  freeze()
  await expect(dropped(channel)).resolves.toBe('dropped')
})

async function dropped(channel: SshChannel | OpensshChannel): Promise<string> {
  while ((await channel.read(limit())) !== undefined);
  return 'dropped'
}
