/** `npm run diagnose -- FILE`: what is wrong with a machine, by a captured log of its console, as JSON. */
import { readFileSync } from 'node:fs'
import { describeError } from '../core/base/errors.ts'
import { diagnose } from '../core/diagnosis/diagnose.ts'
import type { Diagnosis, Finding } from '../core/diagnosis/finding.ts'
import { catalogues, explain } from '../core/i18n/catalogue.ts'

const USAGE = 'usage: npm run diagnose -- FILE   (a captured log of a machine’s serial console)'

function main(args: readonly string[]): number {
  const [file, ...more] = args
  if (file === undefined || file === '-' || more.length > 0) {
    console.error(USAGE)
    return 2
  }
  let log: Uint8Array
  try {
    log = readFileSync(file)
  } catch (error) {
    console.error(`${file} cannot be read: ${describeError(error)}`)
    return 1
  }
  const diagnosis = diagnose(log)
  console.log(JSON.stringify(diagnosis.findings.map(asShown), undefined, 2))
  console.error(summaryOf(diagnosis))
  return 0
}

function asShown(finding: Finding) {
  const { class: name, severity, confidence, evidence, playbook } = finding
  const { happened, next } = explain(catalogues.en, finding)
  return { class: name, severity, confidence, evidence, explanation: next ? `${happened} ${next}` : happened, playbook }
}

/** What the findings do not say: that there are none, and why. */
function summaryOf({ log, system, reached, sshd, findings, before }: Diagnosis): string {
  switch (log) {
    case 'empty':
      return 'The log is empty.'
    case 'binary':
      return 'This is not the log of a console: it is not text.'
    case 'other-system':
      return `This is a log of ${system}, not of Linux: nothing is said about it.`
    case 'no-boot':
      return 'Nothing in this log shows a machine that boots.'
    case 'linux': {
      const ssh = sshd === 'unseen' ? '' : `, its SSH server ${sshd === 'up' ? 'runs' : 'failed'}`
      const nothing = findings.length === 0 ? ' Nothing wrong was found in this log.' : ''
      const [earlier] = before
      const loop = earlier === undefined ? '' : ` The boot before it ended with: ${earlier.class}.`
      return `The last boot in this log came to: ${reached}${ssh}.${nothing}${loop}`
    }
  }
}

process.exitCode = main(process.argv.slice(2))
