/** What the worker must be allowed to do in each compartment, and the statements of an IAM policy that allow it. */
import type { SignInSettings } from './sign-in.ts'

/** Verb and resource type, or a single permission, as a statement has them; README.md has the same list. */
export const PERMISSIONS = {
  consoleConnections: 'manage instance-console-connection',
  instances: 'read instances',
  power: '{INSTANCE_POWER_ACTIONS}',
  images: 'read instance-images',
  histories: 'manage console-histories',
  attachments: 'read vnic-attachments',
  vnics: 'read vnics',
  compartments: 'inspect compartments',
} as const
export type Permission = keyof typeof PERMISSIONS

/** In capitals: what only the tenancy's owner knows. */
const SUBJECTS: Readonly<Record<SignInSettings['auth'], readonly [subject: string, where: string]>> = {
  config: ['group GROUP-OF-THIS-USER', ''],
  'instance-principal': ['dynamic-group oci-rescue', ''],
  'resource-principal': ['dynamic-group oci-rescue', ''],
  'workload-identity': [
    'any-user',
    " where all {request.principal.type = 'workload', request.principal.namespace = 'NAMESPACE', request.principal.service_account = 'SERVICE-ACCOUNT', request.principal.cluster_id = 'CLUSTER-OCID'}",
  ],
}

export function statementFor(permission: Permission, auth: SignInSettings['auth'], compartmentId: string): string {
  const [subject, where] = SUBJECTS[auth]
  // The path to a compartment is made of the names of those above it.
  const isEverywhere = permission === 'compartments' || compartmentId.startsWith('ocid1.tenancy.')
  const location = isEverywhere ? 'tenancy' : `compartment id ${compartmentId}`
  return `Allow ${subject} to ${PERMISSIONS[permission]} in ${location}${where}`
}
