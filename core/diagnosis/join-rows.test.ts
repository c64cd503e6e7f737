import { describe, expect, it } from 'vitest'
import { joinRows } from './join-rows.ts'
import { rowsOf } from './rows.ts'

const joined = (text: string) => joinRows(rowsOf(text)).map(({ number, text }) => `${number}: ${text}`)
const PANIC = '[    1.612000] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)'

describe('joining rows', () => {
  it('joins what a terminal of 80 columns cut', () => {
    expect(joined(`${PANIC.slice(0, 80)}\n${PANIC.slice(80)}\n[    1.700000] CPU: 0`)).toEqual([
      `1: ${PANIC}`,
      '3: [    1.700000] CPU: 0',
    ])
  })

  it('joins a line of many rows', () => {
    const line = `Command line: ${'x=y '.repeat(70)}`
    const rows = line.match(/.{1,80}/g) ?? []

    expect(joined(rows.join('\n'))).toEqual([`1: ${line}`])
  })

  it('takes another width only from several rows', () => {
    const long = 'a'.repeat(250)
    const cut = (width: number) => (long.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')

    expect(joined(cut(100))).toHaveLength(3)
    expect(joined(`${cut(100)}\nlogin:\n${cut(100)}`)).toEqual([`1: ${long}`, '4: login:', `5: ${long}`])
  })

  it('leaves alone what is full by chance, and logs that have longer lines', () => {
    const full = '[  OK  ] Started '.padEnd(80, 'x')

    expect(joined(`${full}\n[  OK  ] Started y\n${full}\n         Starting z`)).toHaveLength(4)
    expect(joined(`${'x'.repeat(80)}\nrest\n${'y'.repeat(200)}`)).toHaveLength(3)
  })

  it('does not take the next message for the rest of a full row', () => {
    const full = 'x'.repeat(80)

    expect(joined(`${full}\nrest\n${full}\nrest\n${full}\n[    1.000000] usb`)).toEqual([
      `1: ${full}rest`,
      `3: ${full}rest`,
      `5: ${full}`,
      '6: [    1.000000] usb',
    ])
  })

  it('joins GRUB’s messages, which it breaks at words', () => {
    const long = '/boot/vmlinuz-5.15.0-206.153.7.el8uek.x86_64'

    expect(joined(`error: ../../grub-core/fs/fshelp.c:257:file\n\`${long}' not found.\nPress any key`)).toEqual([
      `1: error: ../../grub-core/fs/fshelp.c:257:file \`${long}' not found.`,
      '3: Press any key',
    ])
    expect(joined('error: no such partition\nEntering rescue mode')).toHaveLength(2)
  })
})
