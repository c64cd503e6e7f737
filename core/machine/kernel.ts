/** A running kernel, and how it ends, by what it prints. */
import type { MachineState } from './state.ts'

const TIMESTAMP = /^\[ *(?<uptime>\d+\.\d{6})\](?:\[[ \w]+\])?/
/** And what an initramfs says before it has found the machine's own system. (initramfs-tools init, scripts/functions) */
const START =
  /^EFI stub: |^Decompressing Linux|\bLinux version \d|^Loading, please wait|^Begin: |^Starting (?:version|systemd-udevd)/
const SYSTEMD =
  /^\[ *(?:OK|FAILED|DEPEND|WARN|INFO|TIME|SKIP|\*+) *\] |^ {9}(?:Starting|Mounting|Activating|Stopping) |^Welcome to (?!GRUB).+!$/
/** The kernel's last words. (kernel/reboot.c: kernel_power_off, kernel_halt; before 3.13 without `reboot: `) */
const OFF = /(?:^|\] )(?:reboot: (?:Power down|Power off not available|System halted)|(?:Power down|System halted)\.$)/

/** What one line says about the kernel, wherever it stands. */
export function readKernelLine(line: string): MachineState | undefined {
  const reason = /Kernel panic - not syncing: (?<reason>.*?)(?: \]---)?$/.exec(line)?.groups?.reason
  if (reason !== undefined) return { kind: 'kernel-panic', reason }
  if (OFF.test(line)) return { kind: 'powered-off' }
  const uptime = TIMESTAMP.exec(line)?.groups?.uptime
  if (uptime !== undefined) return { kind: 'kernel', uptime: Number(uptime) }
  return START.test(line) || SYSTEMD.test(line) ? { kind: 'kernel', uptime: undefined } : undefined
}

/**
 * Lines that kernel, systemd and cloud-init write whenever they like, also
 * behind a prompt that waits: they do not say that the prompt has gone.
 */
export function isNoise(text: string): boolean {
  return text.trim() === '' || TIMESTAMP.test(text) || SYSTEMD.test(text) || CLOUD_INIT.test(text)
}

const CLOUD_INIT = /^cloud-init\[\d+\]: |^Cloud-init v\. |^ci-info: |^<\d+>|^(?:\[[^\]]*\] )?cloud-init/

/** Whether a sighting's evidence is a kernel's first words: what only a boot that has just begun says. */
export function isFirstOfKernel(because: string): boolean {
  return /Linux version|EFI stub/.test(because)
}
