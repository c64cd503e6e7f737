/** Every way in which a guest can be broken, by the name that `--way` takes. */
import { ACCOUNT_WAYS } from './accounts.ts'
import { BOOT_WAYS } from './boot.ts'
import { FSTAB_WAYS } from './fstab.ts'
import { KEY_WAYS } from './keys.ts'
import { SSHD_WAYS } from './sshd.ts'
import type { Way } from './way.ts'

const TABLE = { ...KEY_WAYS, ...FSTAB_WAYS, ...SSHD_WAYS, ...ACCOUNT_WAYS, ...BOOT_WAYS } as const

export type WayName = keyof typeof TABLE

export const WAYS: Readonly<Record<WayName, Way>> = TABLE

export function isWay(name: string): name is WayName {
  return Object.hasOwn(WAYS, name)
}
