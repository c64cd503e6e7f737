/**
 * `npm run bench -- diagnose`: how long a log of 0.1, 1 and 10 MB takes, and how that grows. All of it is one boot,
 * which is the worst case: of other boots only the beginnings are looked for.
 */
import { diagnose } from '../../core/diagnosis/diagnose.ts'
import { median } from './numbers.ts'
import type { Print } from './print.ts'

const SIZES_MB = [0.1, 1, 10]
const ROUNDS = 7
const GOAL_MS = 200

export async function benchDiagnose(print: Print): Promise<void> {
  const times = SIZES_MB.map((size) => timeOf(mixedLog(size * 1e6)))
  SIZES_MB.forEach((size, at) => {
    const time = times[at] ?? 0
    const growth =
      at === 0 ? '' : `, ${(time / (times[at - 1] ?? 1)).toFixed(1)} times the one before for 10 times as much`
    print(`${size} MB: ${time.toFixed(1)} ms${growth}`)
  })
  const [, oneMegabyte = Number.NaN] = times
  const isMet = oneMegabyte <= GOAL_MS
  print(`goal: 1 MB in ${GOAL_MS} ms: ${isMet ? 'met' : 'MISSED'}`, isMet)
}

function timeOf(log: Uint8Array): number {
  return median(
    Array.from({ length: ROUNDS }, () => {
      const start = performance.now()
      diagnose(log)
      return performance.now() - start
    }),
  )
}

/** What a console carries: the kernel, systemd's status lines in colour, its spinner, loggers, errors, boxes, noise. */
export function mixedLog(bytes: number): Uint8Array {
  const lines = ['[    0.000000] Linux version 5.15.0-206.153.7.el8uek.x86_64 (mockbuild@build) #2 SMP']
  for (let length = 0, n = 1; length < bytes; n += 1) {
    const line = KINDS[n % KINDS.length]?.(n) ?? ''
    lines.push(line)
    length += line.length + 2
  }
  return Buffer.from(lines.join('\r\n')).subarray(0, bytes)
}

const uptime = (n: number) => `[${(n / 1000 + 1).toFixed(6).padStart(12)}]`
const KINDS: readonly ((n: number) => string)[] = [
  (n) => `${uptime(n)} pci 0000:00:${(n % 32).toString(16)}.0: reg 0x10: [mem 0xfe${n % 10}00000-0xfe${n % 10}fffff]`,
  (n) => `[\u001b[0;32m  OK  \u001b[0m] Started \u001b[0;1;39mservice-${n}.service\u001b[0m - Service number ${n}.`,
  (n) => `         Starting \u001b[0;1;39mservice-${n}.service\u001b[0m - Service number ${n}...`,
  (n) => `${uptime(n)} audit: type=1130 audit(1715000000.${n}:${n}): pid=1 uid=0 subj=kernel msg='unit=x res=success'`,
  (n) => `\r\u001b[K[\u001b[0;31m*     \u001b[0m] A start job is running for /dev/sd${n} (${n % 60}s / 1min 30s)`,
  (n) => `May 06 12:00:${String(n % 60).padStart(2, '0')} app-7 systemd[1]: Mounted /srv/data-${n}.`,
  (n) => `${uptime(n)} blk_update_request: I/O error, dev sdb, sector ${n * 8} op 0x0:(READ) flags 0x0`,
  (n) => `cloud-init[811]: ci-info: |  ens${n}  | False |     .     |     .     |   .   | 02:00:17:0a:0b:0c |`,
  (n) => `${uptime(n)} systemd[1]: unit-${n}.service: Failed with result 'exit-code'.`,
  (n) => `│ ${'─'.repeat(60)} ${n} │`,
  (n) => `login[${n}]: pam_unix(login:session): session opened for user opc by LOGIN(uid=0)${uptime(n)} usb 1-1: reset`,
]
