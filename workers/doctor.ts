/**
 * A worker's part of `npm run doctor`: reads the same environment as the worker, looks
 * at everything it needs without changing it, and says how to mend what is wrong.
 * Exit 1 when anything is bad. `--json`: a line of JSON for each finding.
 */
import { parseArgs } from 'node:util'
import { type Check, report, settled } from '../core/base/checks.ts'
import { secretsOf, settingsFindings } from '../core/config/help.ts'
import { type Partly, readPartly } from '../core/config/read.ts'
import { WorkerConfig } from '../core/config/worker.ts'
import { storeChecks } from '../core/store/store-checks.ts'
import { compartmentCheck } from './checks/permissions.ts'
import { signInCheck } from './checks/sign-in.ts'
import { gatewayCheck, opensshChecks } from './checks/way-to-console.ts'
import { quietConsole } from './oci/quiet-console.ts'

type Settings = Partly<typeof WorkerConfig.shape>['good']

async function main(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean', default: false } } })
  quietConsole(() => undefined)
  const { good, problems } = readPartly(WorkerConfig, process.env)
  using parts = new DisposableStack()
  const { REDIS_URL: url, SEALING_KEY: sealingKey } = good
  const checks = [
    ...settingsFindings(problems).map((seen) => settled('settings', seen)),
    ...(url === undefined ? [] : storeChecks({ url, sealingKey, now: Date.now }, parts)),
    ...(good.SSH_CLIENT === undefined ? [] : opensshChecks(good.SSH_CLIENT)),
    ...cloudChecks(good),
  ]
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const options = { side: 'worker', json: values.json, secrets: secretsOf(process.env), say }
  return await report(checks, options, new AbortController().signal)
}

function cloudChecks(settings: Settings): readonly Check[] {
  const { OCI_AUTH: auth, OCI_CONFIG_PROFILE: profile, OCI_REGION: region } = settings
  if (auth === undefined || profile === undefined) return []
  const { OCI_CONFIG_FILE: configFile, OCI_ENDPOINT: endpoint, OCI_COMPARTMENTS: compartments } = settings
  return [
    signInCheck({ auth, configFile, profile, region, endpoint }, Date.now, {
      located: (oci, access) => [gatewayCheck(oci, access, region)],
      known: (oci) => [
        ...(compartments?.length === 0 ? [NO_COMPARTMENTS] : []),
        ...(compartments ?? []).map((compartmentId) => compartmentCheck({ oci, auth, compartmentId })),
      ],
    }),
  ]
}

const NO_COMPARTMENTS = settled('OCI compartments', {
  verdict: 'warn',
  said: 'are not set: instances are found by their OCID only, and no permission could be tried',
  mend: ['set OCI_COMPARTMENTS to the OCIDs of those with the instances, separated by commas'],
})

try {
  process.exit((await main(process.argv.slice(2))) ? 0 : 1)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
