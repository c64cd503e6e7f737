/** All rules, in the order of a boot. */
import type { Rule } from './rule.ts'
import { accountRules } from './rules/accounts.ts'
import { bootLoaderRules } from './rules/boot-loader.ts'
import { cloudRules } from './rules/cloud.ts'
import { fileSystemRules } from './rules/file-systems.ts'
import { firmwareRules } from './rules/firmware.ts'
import { fstabRules } from './rules/fstab.ts'
import { initramfsRules } from './rules/initramfs.ts'
import { kernelRules } from './rules/kernel.ts'
import { networkRules } from './rules/network.ts'
import { resourceRules } from './rules/resources.ts'
import { selinuxRules } from './rules/selinux.ts'
import { sshdRules } from './rules/sshd.ts'
import { systemdRules } from './rules/systemd.ts'

export const RULES: readonly Rule[] = [
  ...firmwareRules,
  ...bootLoaderRules,
  ...initramfsRules,
  ...kernelRules,
  ...fileSystemRules,
  ...fstabRules,
  ...selinuxRules,
  ...systemdRules,
  ...sshdRules,
  ...accountRules,
  ...networkRules,
  ...cloudRules,
  ...resourceRules,
]
