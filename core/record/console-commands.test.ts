import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { consoleCommands } from './console-commands.ts'

const USER = 'ocid1.instanceconsoleconnection.oc1.ap-tokyo-1.anxhiljrabcdefgh'
const INSTANCE = 'ocid1.instance.oc1.ap-tokyo-1.anxhiljrdef'
const HOST = 'instance-console.ap-tokyo-1.oci.oraclecloud.com'
const GATEWAY = `ssh -o ProxyCommand='ssh -W %h:%p -p 443 ${USER}@${HOST}'`
const STRINGS = {
  connectionString: `${GATEWAY} ${INSTANCE}`,
  vncConnectionString: `${GATEWAY} -N -L localhost:5900:${INSTANCE}:5900 ${INSTANCE}`,
  hostKeyFingerprint: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
}
const COMMANDS = consoleCommands(STRINGS)

/** What becomes of a command in sh: the words that the program gets. */
function wordsOf(command: string | undefined, program: string): string[] {
  const script = `${program}() { printf '%s\\n' "$@"; }; HOME=/home/me; ${command}`
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trimEnd().split('\n')
}

const OPTIONS = [
  ...['-F', 'none', '-i', '/home/me/.ssh/oci-console'],
  ...['-o', 'IdentitiesOnly=yes', '-o', 'HostKeyAlgorithms=+ssh-rsa'],
  ...['-o', 'IgnoreUnknown=PubkeyAcceptedAlgorithms', '-o', 'PubkeyAcceptedAlgorithms=+ssh-rsa'],
  // OpenSSH looks for the home by itself here.
  ...['-o', 'UserKnownHostsFile=~/.ssh/oci-console.abcdefgh'],
]

describe('OpenSSH', () => {
  it('gets the same key and the same options for both servers', () => {
    const words = wordsOf(COMMANDS?.serial.openssh, 'ssh')

    const at = words.findIndex((word) => word.startsWith('ProxyCommand='))
    const [proxy = ''] = words.splice(at, 1)
    expect(words).toEqual([...OPTIONS, '-o', 'ServerAliveInterval=30', '-o', '-l', INSTANCE, INSTANCE])
    // OpenSSH fills in %h and %p, and gives the rest to a shell.
    const inner = wordsOf(proxy.replace('ProxyCommand=', '').replace('%h:%p', `${INSTANCE}:22`), 'ssh')
    expect(inner).toEqual([...OPTIONS, '-W', `${INSTANCE}:22`, '-p', '443', `${USER}@${HOST}`])
  })

  it('carries the screen, and nothing else, to a port of this computer', () => {
    const words = wordsOf(COMMANDS?.screen?.openssh, 'ssh')

    expect(words.slice(-8)).toEqual([
      ...['-N', '-o', 'ExitOnForwardFailure=yes', '-L', `127.0.0.1:5901:${INSTANCE}:5900`],
      ...['-l', INSTANCE, INSTANCE],
    ])
  })

  it('is found by itself on Windows', () => {
    expect(COMMANDS?.serial['windows-openssh']).toBe(
      COMMANDS?.serial.openssh.replace("'ProxyCommand=ssh ", "'ProxyCommand=ssh.exe "),
    )
  })

  it('needs no character that PowerShell would read in another way', () => {
    for (const command of [COMMANDS?.serial['windows-openssh'], COMMANDS?.screen?.['windows-openssh']]) {
      const outside = command?.replaceAll(/'[^']*'/g, '') ?? ''
      expect(outside).toMatch(/^[\w.~/:=+ -]+$/)
      expect(command?.match(/'/g)).toHaveLength(2)
    }
  })
})

describe('PuTTY', () => {
  it('goes through the gateway in the background, and then to the console', () => {
    expect(COMMANDS?.serial.plink).toBe(
      `Start-Job { Echo N | plink.exe -ssh -i $HOME\\.ssh\\oci-console.ppk -N -P 443 -l ${USER} -L 22000:${INSTANCE}:22 ${HOST} }; sleep 5; plink.exe -ssh -i $HOME\\.ssh\\oci-console.ppk -P 22000 -l ${INSTANCE} localhost`,
    )
    expect(COMMANDS?.screen?.plink).toMatch(`-N -L 127.0.0.1:5901:${INSTANCE}:5900 -P 22000 -l ${INSTANCE} localhost`)
  })
})

it('passes on the fingerprint that both servers are held against', () => {
  expect(COMMANDS?.fingerprint).toBe(STRINGS.hostKeyFingerprint)
  const md5 = 'd2:ac:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc'
  expect(consoleCommands({ ...STRINGS, hostKeyFingerprint: md5 })?.fingerprint).toBe(md5)
})

it('has no commands for a screen that is not there, or behind another way', () => {
  const other = STRINGS.vncConnectionString.replace('tokyo-1.oci', 'osaka-1.oci')
  for (const vncConnectionString of ['', other, STRINGS.connectionString]) {
    const commands = consoleCommands({ ...STRINGS, vncConnectionString })
    expect(commands?.serial).toEqual(COMMANDS?.serial)
    expect(commands?.screen).toBeUndefined()
  }
})

it('makes nothing of strings that are not what OCI documents', () => {
  for (const bad of [
    { connectionString: '' },
    { connectionString: `${STRINGS.connectionString}; reboot` },
    { connectionString: STRINGS.connectionString.replace(HOST, 'a.b$(reboot)') },
    { hostKeyFingerprint: '' },
    { hostKeyFingerprint: 'SHA256:`reboot`' },
  ])
    expect(consoleCommands({ ...STRINGS, ...bad })).toBeUndefined()
})
