import { describe, expect, it } from 'vitest'
import { bundleFor, type Finding, requestFor } from './findings.ts'

function finding(playbook: string | null, details: Record<string, string> = {}): Finding {
  return { class: 'x', severity: 'critical', confidence: 'certain', evidence: [], playbook, details }
}

describe('the request that repairs what was found', () => {
  it('touches only what the evidence names', () => {
    expect(requestFor(finding('fstab', { mount: '/data', device: 'UUID=dead-beef' }))).toEqual({
      name: 'fstab',
      only: ['UUID=dead-beef'],
    })
    expect(requestFor(finding('fstab', { option: 'defualts' }))).toEqual({ name: 'fstab', only: ['defualts'] })
    expect(requestFor(finding('fstab', { option: 'x', mount: '/data' }))).toMatchObject({ only: ['/data'] })
    expect(requestFor(finding('fstab'))).toEqual({ name: 'fstab', only: [] })
    expect(requestFor(finding('fsck', { device: 'dm-0' }))).toEqual({ name: 'fsck', only: ['dm-0'] })
    expect(requestFor(finding('fsck'))).toEqual({ name: 'fsck', only: [] })
  })

  it('rather names what was not cut to fit a line', () => {
    const cut = '…6c9b0-5bbd-42bc-b7ba-e62c6da5da5c'
    expect(requestFor(finding('fstab', { mount: '/data', device: cut }))).toMatchObject({ only: ['/data'] })
    expect(requestFor(finding('fstab', { device: cut }))).toMatchObject({ only: [cut] })
  })

  it('is none where a person has to say more first, or nothing repairs it', () => {
    for (const playbook of ['replace-key', 'reset-password', 'edit', 'unlock', null])
      expect(requestFor(finding(playbook))).toBeUndefined()
  })

  it('repairs sshd for whom the evidence names, and sudo', () => {
    expect(requestFor(finding('sshd', { user: 'opc' }))).toEqual({ name: 'sshd', user: 'opc' })
    expect(requestFor(finding('sshd', { user: 'o p c' }))).toEqual({ name: 'sshd', user: null })
    expect(requestFor(finding('sudoers'))).toEqual({ name: 'sudoers' })
  })

  it('unlocks the user that the evidence names, if that is a name', () => {
    expect(requestFor(finding('unlock', { user: 'opc' }))).toEqual({ name: 'unlock', user: 'opc' })
    expect(requestFor(finding('unlock', { user: 'o p c' }))).toBeUndefined()
  })
})

describe('several repairs at once', () => {
  it('fit into one maintenance boot, each once', () => {
    const findings = [
      finding('fstab', { device: '/dev/sdb1' }),
      finding('fstab', { device: '/dev/sdb1' }),
      finding('unlock', { user: 'opc' }),
    ]

    expect(bundleFor(findings)).toEqual({
      name: 'repair',
      repairs: [
        { name: 'fstab', only: ['/dev/sdb1'] },
        { name: 'unlock', user: 'opc' },
      ],
    })
  })

  it('are no bundle when there is one of them, or one that is no repair of the disk', () => {
    expect(bundleFor([finding('fstab')])).toBeUndefined()
    expect(bundleFor([finding('fstab'), finding('kernel')])).toBeUndefined()
  })
})
