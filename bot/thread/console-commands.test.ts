import { describe, expect, it } from 'vitest'
import { catalogues } from '../../core/i18n/catalogue.ts'
import { listed } from '../../test/helpers/policy.ts'
import { entriesOf, INSTANCE, RESCUE } from '../../test/helpers/thread-events.ts'
import { wordsOf } from '../../test/helpers/words.ts'
import { consoleCommandsMessage } from './console-commands.ts'
import { emptyThread, follow } from './thread.ts'
import type { Voice } from './words.ts'

const voice: Voice = { text: catalogues.en, policy: listed({}), commandPrefix: '!' }
const CONNECTION = 'ocid1.instanceconsoleconnection.oc1.ap-tokyo-1.aaaa'
const GATEWAY = `ssh -o ProxyCommand='ssh -W %h:%p -p 443 ${CONNECTION}@instance-console.ap-tokyo-1.oci.oraclecloud.com'`
const strings = {
  connectionString: `${GATEWAY} ${INSTANCE.id}`,
  vncConnectionString: `${GATEWAY} -N -L localhost:5900:${INSTANCE.id}:5900 ${INSTANCE.id}`,
  hostKeyFingerprint: `SHA256:${'a'.repeat(43)}`,
}

function read(changed: Partial<typeof strings> = {}): string {
  const events = [
    { type: 'resolved', instance: INSTANCE },
    { type: 'console-handed-out', ...strings, ...changed, until: '2026-11-01T04:00:00.000Z' },
  ] as const
  return wordsOf(consoleCommandsMessage(voice, follow(emptyThread(RESCUE), entriesOf(events))).blocks)
}

describe('the private message with the commands', () => {
  it('has one for each client, says what to expect, how to leave and until when', () => {
    const said = read()

    for (const words of ['Linux, macOS', 'PowerShell', 'PuTTY', strings.hostKeyFingerprint, '~.', '127.0.0.1:5901'])
      expect(said).toContain(words)
    expect(said.match(/HostKeyAlgorithms=\+ssh-rsa/g)?.length).toBeGreaterThanOrEqual(4)
    expect(said).toContain(CONNECTION)
  })

  it('says so when the instance has no screen', () => {
    expect(read({ vncConnectionString: '' })).toContain('OCI names no screen')
  })

  it('makes no commands of what OCI never gave', () => {
    const said = read({ connectionString: "ssh -o ProxyCommand='rm -rf ~' x" })

    expect(said).not.toContain('rm -rf')
    expect(said).toContain('I make no commands')
  })
})
