import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PERMISSIONS, statementFor } from './policy.ts'

const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

it('has the permissions that README.md asks for', () => {
  const asked = [
    ...README.matchAll(/^Allow dynamic-group oci-rescue to (?<what>.+) in (?:compartment prod|tenancy)$/gm),
  ]

  expect(asked.map(({ groups }) => groups?.what)).toEqual(Object.values(PERMISSIONS))
})

it('makes statements for whoever signs in, and for the tenancy itself', () => {
  const compartment = 'ocid1.compartment.oc1..aaaa'

  expect(statementFor('power', 'instance-principal', compartment)).toBe(
    'Allow dynamic-group oci-rescue to {INSTANCE_POWER_ACTIONS} in compartment id ocid1.compartment.oc1..aaaa',
  )
  expect(statementFor('vnics', 'config', 'ocid1.tenancy.oc1..bbbb')).toBe(
    'Allow group GROUP-OF-THIS-USER to read vnics in tenancy',
  )
  expect(statementFor('vnics', 'workload-identity', compartment)).toMatch(
    /^Allow any-user to read vnics in compartment id \S+ where all \{request\.principal\.type = 'workload'/,
  )
})
