import { expect, it } from 'vitest'
import { ENFORCING } from './selinux.ts'

const PERSONAL = [
  'hostname',
  'hosts',
  'machine-id',
  ...['rsa', 'ecdsa', 'ed25519'].map((kind) => `ssh/ssh_host_${kind}_key`),
]

/** As matchpathcon(8) prints it: a path, a tab, a label. */
function answer(personal: readonly string[]): string {
  const files = Array.from({ length: 1200 }, (_, index) => `/usr/bin/tool ${index}\tsystem_u:object_r:bin_t:s0`)
  const rest = personal.flatMap((name) => (name.startsWith('ssh/') ? [name, `${name}.pub`] : [name]))
  return [
    ...files,
    '/proc\t<<none>>',
    ...rest.map((name) => `/etc/${name}\tsystem_u:object_r:etc_t:s0`),
    '/lost+found\tsystem_u:object_r:lost_found_t:s0',
    '',
  ].join('\n')
}

it("takes the labels of the guest's own policy, for what there is and what is still to come", async () => {
  const ran: (readonly string[])[] = []
  const run = async (commandLine: readonly string[]) => {
    ran.push(commandLine)
    return answer(PERSONAL)
  }

  const labels = await ENFORCING.labelsFor({ run })

  expect(labels.get('/usr/bin/tool 7')).toBe('system_u:object_r:bin_t:s0')
  expect(labels.get('/etc/ssh/ssh_host_rsa_key.pub')).toBe('system_u:object_r:etc_t:s0')
  expect(labels.has('/proc')).toBe(false)
  expect(ran.flat()).toContain('/etc/ssh/ssh_host_ed25519_key')
})

it('does not build on a policy that has no labels for what a machine needs', async () => {
  await expect(ENFORCING.labelsFor({ run: async () => answer(PERSONAL.slice(1)) })).rejects.toThrow(
    /labels for 12\d\d files only/,
  )
  await expect(ENFORCING.labelsFor({ run: async () => 'matchpathcon: not found\n' })).rejects.toThrow(
    'labels for 0 files only',
  )
})
