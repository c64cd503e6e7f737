import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChangePlan, canonicalJson, Plan, planHash } from './plan.ts'
import { because } from './reasons.ts'

const plan: ChangePlan = {
  gate: 2,
  playbook: 'replace-key',
  instance: { id: 'ocid1.instance.oc1..a', name: 'web-1' },
  user: 'opc',
  changes: [
    {
      kind: 'replace-file',
      path: '/home/opc/.ssh/authorized_keys',
      before: 'old\n',
      after: 'new\n',
      backup: null,
      mode: '0600',
      owner: { uid: 1000, gid: 1000 },
      why: [because('edited-by-hand')],
    },
  ],
  selinux: false,
}

describe('the hash of a plan', () => {
  it('is SHA-256 of its JSON with sorted keys: whoever has the log can compute it', () => {
    const change =
      '{"after":"new\\n","backup":null,"before":"old\\n","kind":"replace-file","mode":"0600",' +
      '"owner":{"gid":1000,"uid":1000},"path":"/home/opc/.ssh/authorized_keys","why":[{"code":"edited-by-hand","details":{}}]}'
    const json =
      `{"changes":[${change}],"gate":2,"instance":{"id":"ocid1.instance.oc1..a","name":"web-1"},` +
      '"playbook":"replace-key","selinux":false,"user":"opc"}'

    expect(planHash(plan)).toBe(createHash('sha256').update(json).digest('hex'))
  })

  it('survives the log: printing and parsing do not change it', () => {
    expect(planHash(Plan.parse(JSON.parse(JSON.stringify(plan))))).toBe(planHash(plan))
  })

  it('does not depend on the order in which the parts were written down', () => {
    const { gate, ...rest } = plan
    const [change] = plan.changes
    const reversed = change && Object.fromEntries(Object.entries(change).reverse())
    expect(planHash(Plan.parse({ ...rest, changes: [reversed], gate }))).toBe(planHash(plan))
  })

  it('changes with everything that people are shown', () => {
    const [change] = plan.changes
    if (change?.kind !== 'replace-file') throw new Error('another change')
    const others: Plan[] = [
      { ...plan, user: 'oracle' },
      { ...plan, selinux: true },
      { ...plan, instance: { ...plan.instance, id: 'ocid1.instance.oc1..b' } },
      { ...plan, changes: [{ ...change, after: 'new\n\n' }] },
      { ...plan, changes: [{ ...change, before: null }] },
      { ...plan, changes: [{ ...change, mode: '0644' }] },
      { ...plan, changes: [{ ...change, owner: { uid: 0, gid: 1000 } }] },
      { ...plan, changes: [{ ...change, backup: '/tmp/x' }] },
      { ...plan, changes: [change, change] },
    ]

    expect(new Set([plan, ...others].map(planHash)).size).toBe(others.length + 1)
  })
})

describe('canonical JSON', () => {
  it('is JSON of the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('is the same for values that are equal', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalJson(value))
      }),
    )
  })

  it('leaves out what is not there, as JSON does', () => {
    expect(canonicalJson({ b: [1, null, 'x'], a: undefined, c: { e: true, d: '"' } })).toBe(
      '{"b":[1,null,"x"],"c":{"d":"\\"","e":true}}',
    )
  })
})
