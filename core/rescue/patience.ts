/** How long a rescue waits for a machine, and how often it tries. Times in milliseconds. */
export interface Patience {
  /** From a reset to the first sign of GRUB. */
  readonly grubMs: number
  /** How many boots may be missed, each time with keys pressed earlier. */
  readonly catchAttempts: number
  /** For a boot that was not caught to come to its login prompt. */
  readonly missedBootMs: number
  /** From the edited kernel line to the maintenance shell. */
  readonly shellMs: number
  /** From an order to reset until it is carried out; what is said before may still be the old system's. */
  readonly orderMs: number
  /** From there to the first sign of a boot. */
  readonly signOfBootMs: number
  /** For a system that is asked to stop, until it has. */
  readonly softStopMs: number
  /** How long a console is listened to after a diagnostic interrupt. */
  readonly interruptMs: number
  /** From there to the login prompt. */
  readonly loginMs: number
  /** A silence behind the login prompt after which the boot has said all; and how long that is waited for. */
  readonly afterLoginQuietMs: number
  readonly afterLoginMs: number
  /** How long the gateway may hold the console for a client of ours that died. */
  readonly heldMs: number
  /** Between tries to open a line that dropped. */
  readonly lineTryMs: number
  /** How long the gateway may be out of reach after a line dropped. */
  readonly lineMs: number
  /** For our shell to show its prompt again when it is asked over a new line; a command may still run. */
  readonly promptMs: number
  /** Between tries to pay a debt; when they are used up, the debt is left. */
  readonly betweenTriesMs: readonly number[]
  /** For each debt: paying it takes a boot at the most, but must not hang for ever. */
  readonly settleMs: number
}

const USUAL: Patience = {
  // OCI's reset and firmware together take one to two minutes; a large bare-metal shape takes more.
  grubMs: 300_000,
  // A menu that was missed is missed by moments: one that was missed three times is not there.
  catchAttempts: 3,
  // Most systems are up by then; one without a login prompt on this line never is.
  missedBootMs: 120_000,
  // A quiet kernel says nothing for minutes while an initramfs waits for its devices (dracut: up to 3 minutes).
  shellMs: 600_000,
  // OCI resets within seconds of the order; no boot reaches its login prompt so soon.
  orderMs: 15_000,
  // `reboot -f` and the firmware answer within seconds; a bare-metal shape's firmware may be silent for minutes.
  signOfBootMs: 300_000,
  // OCI waits for 15 minutes before it cuts the power (facts of the SOFTRESET action).
  softStopMs: 17 * 60_000,
  // A panic says all it has to say within seconds; a crash dump is written for longer, and is not waited for.
  interruptMs: 20_000,
  // A boot that checks its file systems or relabels SELinux takes many minutes.
  loginMs: 900_000,
  // systemd starts a service that fails five times before it says so, most often behind the prompt.
  afterLoginQuietMs: 5_000,
  afterLoginMs: 30_000,
  // "About 5 minutes", says OCI; and one more.
  heldMs: 360_000,
  // Often enough to lose little, seldom enough for the thread.
  lineTryMs: 15_000,
  // A network that is gone for longer is an outage.
  lineMs: 180_000,
  // What a playbook runs takes a minute at the most.
  promptMs: 90_000,
  // OCI's hiccups pass within minutes, its outages do not.
  betweenTriesMs: [1_000, 5_000, 15_000, 60_000],
  settleMs: 30 * 60_000,
}

export function patienceOf({ patience }: { readonly patience?: Partial<Patience> }): Patience {
  return { ...USUAL, ...patience }
}
