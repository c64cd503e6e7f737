/** 診断の所見の種類ごとに、何が起きたかを1文で、ボタンで修復できないものは次にすることも。 */
import { accounts } from './findings/accounts.ts'
import { boot } from './findings/boot.ts'
import { disks } from './findings/disks.ts'
import { kernel } from './findings/kernel.ts'
import { network } from './findings/network.ts'
import { system } from './findings/system.ts'

export const findings = { ...boot, ...kernel, ...disks, ...system, ...accounts, ...network }
