/**
 * An SSH server that nobody started: a cloud image always has one, so a boot that tells of all its services and says
 * nothing of this one has it switched off.
 */
import type { Found } from './found.ts'
import type { Line } from './line.ts'
import type { Rule } from './rule.ts'

/** So many services told, the console shows them all. */
const ENOUGH_SERVICES = 8
const SERVICE = /\] (?:Started|Finished) /
const BASIC = /Reached target .*Basic System/
const ALL_STARTED = /Reached target .*Multi-User System/
const CLOUD_IMAGE = /cloud-init|^Welcome to Oracle Linux|Oracle Cloud Agent|oracle-cloud-agent/i

export function missingSshd(lines: readonly Line[], rule: Rule): readonly Found[] {
  const from = lines.findLastIndex(({ said }) => BASIC.test(said))
  const done = lines.slice(from + 1).find(({ said }) => ALL_STARTED.test(said))
  const services = lines.slice(from + 1).filter(({ said }) => SERVICE.test(said))
  const isCloudImage = lines.some(({ said }) => CLOUD_IMAGE.test(said))
  if (from === -1 || done === undefined || services.length < ENOUGH_SERVICES || !isCloudImage) return []
  if (lines.some(({ said }) => /ssh|secure shell|dropbear/i.test(said))) return []
  const evidence = [{ line: done.number, text: done.text.trim() }]
  const { severity, playbook } = rule
  return [{ rule, finding: { class: rule.class, severity, confidence: 'likely', evidence, playbook, details: {} } }]
}
