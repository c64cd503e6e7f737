/**
 * What a diagnosis found, by the class of the finding: what happened, in one sentence, and what to do next where no
 * button repairs it. Places are the names that the log gave; `unnamed` says it where the log did not give them.
 */
import { accounts } from './findings/accounts.ts'
import { boot } from './findings/boot.ts'
import { disks } from './findings/disks.ts'
import { kernel } from './findings/kernel.ts'
import { network } from './findings/network.ts'
import { system } from './findings/system.ts'

export const findings = { ...boot, ...kernel, ...disks, ...system, ...accounts, ...network }
