import { expect, it } from 'vitest'
import type { MachineSpec } from './machine.ts'
import { type QemuPlan, qemuArguments } from './qemu.ts'

const SPEC: MachineSpec = {
  name: 'web-1',
  disk: '/images/web-1.raw',
  format: 'raw',
  firmware: 'bios',
  memoryMiB: 512,
  user: 'opc',
  os: { name: 'Debian', version: '12' },
  keep: false,
}

const PLAN: QemuPlan = {
  spec: SPEC,
  acceleration: 'tcg',
  disk: { file: '/run/web-1.qcow2', format: 'qcow2', throwAway: true },
  dataDisks: [],
  firmware: undefined,
  sshd: { host: '127.77.0.2', port: 2222 },
  sockets: '/tmp/s',
  logFile: '/run/log',
}

it('forwards one loopback port to sshd, and lets the guest reach nothing', () => {
  expect(qemuArguments(PLAN)).toContain('user,id=net0,restrict=on,hostfwd=tcp:127.77.0.2:2222-:22')
})

it('does not risk a disk that is kept', () => {
  const kept = { ...PLAN, disk: { file: '/images/a,b.raw', format: 'raw' as const, throwAway: false } }

  expect(qemuArguments(PLAN).find((one) => one.startsWith('id=disk0'))).toContain('cache=unsafe')
  expect(qemuArguments(kept)).toContain('id=disk0,if=none,format=raw,file=/images/a,,b.raw')
})

it('boots from its own disk, and has others where they move no device', () => {
  const data = { file: '/images/data.raw', format: 'raw' as const, throwAway: false }

  const devices = qemuArguments({ ...PLAN, dataDisks: [data] }).filter((one) => /^virtio-/.test(one))

  expect(devices).toEqual([
    'virtio-blk-pci,drive=disk0,bootindex=0',
    'virtio-net-pci,netdev=net0,romfile=',
    'virtio-rng-pci',
    'virtio-blk-pci,drive=disk1',
  ])
})

it('gives a UEFI machine firmware that it cannot write and variables that it can', () => {
  const firmware = { code: '/code.fd', variables: '/vars.fd' }

  const drives = qemuArguments({ ...PLAN, firmware }).filter((one) => one.startsWith('if=pflash'))

  expect(drives).toEqual(['if=pflash,format=raw,readonly=on,file=/code.fd', 'if=pflash,format=raw,file=/vars.fd'])
})
