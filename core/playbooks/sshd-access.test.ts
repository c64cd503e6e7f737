import { describe, expect, it } from 'vitest'
import { letIn } from './sshd-access.ts'
import { MAIN_CONFIG, readSettings } from './sshd-config.ts'

const OPC = { user: 'opc', groups: ['opc', 'adm'] }

/** The configuration afterwards, and what people are told. */
function changed(text: string, login = OPC) {
  const lines = text.split('\n')
  const config = new Map([[MAIN_CONFIG, [{ path: MAIN_CONFIG, lines }]]])
  const { edits, notices } = letIn(readSettings(config, login.user).settings, login)
  for (const { line, edit } of edits) lines[line - 1] = edit(lines[line - 1] ?? '')
  return { text: lines.join('\n'), told: notices.map(({ details }) => details.setting) }
}

describe('a list of sshd’s', () => {
  it.each([
    'PermitRootLogin no',
    'AllowUsers opc',
    'AllowUsers admin o?c@10.0.0.*',
    'AllowUsers admin\nAllowUsers opc',
    'DenyUsers admin',
    'AllowGroups wheel adm',
    'Match User other\n  DenyUsers opc',
    '# AllowUsers admin',
  ])('that lets the user in stays as it is: %j', (text) => {
    expect(changed(text)).toEqual({ text, told: [] })
  })

  it.each([
    ['AllowUsers admin  # only us', 'AllowUsers admin opc  # only us'],
    ['allowusers=admin\nAllowUsers root', 'allowusers=admin opc\nAllowUsers root'],
    ['DenyUsers admin opc guest', 'DenyUsers admin guest'],
    ['DenyUsers opc', '# DenyUsers opc'],
    ['DenyUsers "opc"  # since May', '# DenyUsers "opc"  # since May'],
    ['AllowUsers admin\nDenyUsers opc x', 'AllowUsers admin opc\nDenyUsers x'],
    ['AllowGroups wheel', 'AllowGroups wheel opc'],
    ['AllowUsers opc\nMatch User opc\n  AllowUsers admin', 'AllowUsers opc\nMatch User opc\n  AllowUsers admin opc'],
  ])('that names the others only gets or loses one name: %j', (text, then) => {
    expect(changed(text)).toEqual({ text: then, told: [] })
  })

  it.each([
    ['DenyUsers o*', 'DenyUsers o*'],
    ['DenyGroups adm', 'DenyGroups adm'],
  ])('is left to people where the change would let in others, too: %j', (text, setting) => {
    expect(changed(text)).toEqual({ text, told: [setting] })
  })

  it('of groups is left to people when the user has no group of its own', () => {
    const text = 'AllowGroups wheel'
    expect(changed(text, { user: 'opc', groups: ['users'] })).toEqual({ text, told: ['AllowGroups wheel'] })
  })

  it('lets root in with a key, when root is meant', () => {
    const root = { user: 'root', groups: ['root'] }
    expect(changed('PermitRootLogin no # never', root).text).toBe('PermitRootLogin prohibit-password # never')
    expect(changed('permitrootlogin yes\nPermitRootLogin no', root).text).toBe(
      'permitrootlogin yes\nPermitRootLogin no',
    )
  })
})
