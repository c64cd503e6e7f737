/** What the console says of each class of trouble, and what it says on healthy machines that looks like it. */
import { accountCases } from './accounts.ts'
import { bootLoaderCases } from './boot-loader.ts'
import { cloudCases } from './cloud.ts'
import { fileSystemCases } from './file-systems.ts'
import { firmwareCases } from './firmware.ts'
import { fstabCases } from './fstab.ts'
import { initramfsCases } from './initramfs.ts'
import { kernelCases } from './kernel.ts'
import { networkCases } from './network.ts'
import { resourceCases } from './resources.ts'
import { selinuxCases } from './selinux.ts'
import { sshdCases } from './sshd.ts'
import { systemdCases } from './systemd.ts'

export interface ClassCases {
  /** Each shows the class, before everything else. */
  readonly fails: readonly string[]
  /** Each shows nothing at all. */
  readonly healthy: readonly string[]
}

export type Cases = Readonly<Record<string, ClassCases>>

export const CASES: Cases = {
  ...firmwareCases,
  ...bootLoaderCases,
  ...initramfsCases,
  ...kernelCases,
  ...fileSystemCases,
  ...fstabCases,
  ...selinuxCases,
  ...systemdCases,
  ...sshdCases,
  ...accountCases,
  ...networkCases,
  ...cloudCases,
  ...resourceCases,
}
