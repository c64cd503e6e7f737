/** The worker's settings: how it signs in to OCI, where it looks for instances, how long it waits. */
import { z } from 'zod'
import { type Environment, listOf, readConfig, Shared } from './read.ts'

const COMPARTMENT_ID = /^ocid1\.(?:compartment|tenancy)\.[a-z0-9-]+\.[a-z0-9-]*\.[a-zA-Z0-9._-]+$/

export const WorkerConfig = z
  .object({
    ...Shared,
    OCI_AUTH: z.enum(['config', 'instance-principal', 'resource-principal', 'workload-identity']).default('config'),
    /** For `OCI_AUTH=config`. Not set: `~/.oci/config`. */
    OCI_CONFIG_FILE: z.string().optional(),
    OCI_CONFIG_PROFILE: z.string().default('DEFAULT'),
    /** Not set: the region that the credentials name. */
    OCI_REGION: z
      .string()
      .regex(/^[a-z]{2,}-[a-z0-9-]+-\d+$/, 'must be a region such as eu-frankfurt-1')
      .optional(),
    /** Instead of the region's public endpoint: a private one, or a stand-in. */
    OCI_ENDPOINT: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    /** Where instances are looked for by name. Without any, they must be given by OCID. */
    OCI_COMPARTMENTS: listOf(COMPARTMENT_ID, 'compartment OCIDs'),
    /** How often all their instances are listed, for the forms in Slack. Fractions are for tests. */
    INVENTORY_MINUTES: z.coerce.number().min(0.01).max(1440).default(5),
    /** How long a gate waits for a decision. */
    GATE_1_EXPIRY_SECONDS: seconds(1, 7 * 24 * 3600).default(3600),
    /** Shorter: the machine is down meanwhile. */
    GATE_2_EXPIRY_SECONDS: seconds(1, 24 * 3600).default(900),
    /**
     * How long GRUB's question for a password waits; the machine is down meanwhile. All three that it can ask fit into
     * RESCUE_TIMEOUT_MINUTES, which they are a part of.
     */
    PASSWORD_EXPIRY_SECONDS: seconds(1, 3600).default(600),
    /** How long a root shell that people type into waits for a line before the machine boots normally. */
    SHELL_IDLE_SECONDS: seconds(1, 24 * 3600).default(900),
    /** How long one line may run there before it is interrupted by Ctrl-C. */
    SHELL_LINE_SECONDS: seconds(1, 3600).default(60),
    /** How many boots may pass before the boot loader counts as not to be caught: each one costs a reset. */
    CATCH_ATTEMPTS: z.coerce.number().int().min(1).max(10).default(3),
    /** Rescues that work at the same time; those that wait for a decision do not count. */
    WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(200).default(10),
    /** After so long without a sign of life of its worker, a rescue is given to another one. */
    WORKER_LOCK_SECONDS: seconds(1, 600).default(30),
    /** After SIGTERM: how long rescues get to boot their machines normally. Then the next worker has to. */
    WORKER_STOP_SECONDS: seconds(1, 3600).default(120),
    /** What opens serial lines. `auto`: ssh2, and the computer's own OpenSSH when ssh2 and OCI have no algorithm in common. */
    SSH_CLIENT: z.enum(['auto', 'ssh2', 'openssh']).default('auto'),
    /** Where the proof of a login asks for sshd. */
    LOGIN_PORT: z.coerce.number().int().min(1).max(65_535).default(22),
    /** Time for the work of one rescue, without its waits at gates. */
    RESCUE_TIMEOUT_MINUTES: z.coerce.number().min(1).max(240).default(45),
  })
  .refine((config) => config.OCI_AUTH === 'config' || config.OCI_CONFIG_FILE === undefined, {
    path: ['OCI_CONFIG_FILE'],
    error: 'is only for OCI_AUTH=config',
  })
export type WorkerConfig = z.infer<typeof WorkerConfig>

/** Throws `ConfigError`. */
export function readWorkerConfig(env: Environment): WorkerConfig {
  return readConfig(WorkerConfig, env)
}

/** Fractions are for tests. */
function seconds(least: number, most: number) {
  return z.coerce.number().min(least).max(most)
}
