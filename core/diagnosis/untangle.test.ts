import { describe, expect, it } from 'vitest'
import { rowsOf } from './rows.ts'
import { untangle } from './untangle.ts'

const lines = (text: string) => untangle(rowsOf(text)).map(({ text }) => text)

describe('untangling', () => {
  it('puts together what the kernel wrote into', () => {
    expect(lines('[FAI[   12.345678] usb 1-1: reset\nLED] Failed to mount /data.')).toEqual([
      '[FAILED] Failed to mount /data.',
      '[   12.345678] usb 1-1: reset',
    ])
  })

  it('puts together what it wrote into more than once', () => {
    expect(
      lines('Please en[   47.067120] a\nter passphrase f[   47.075570] b\n[   47.080000] c\nor disk md2!'),
    ).toEqual(['Please enter passphrase for disk md2!', '[   47.067120] a', '[   47.075570] b', '[   47.080000] c'])
  })

  it('leaves a prompt alone that the kernel wrote behind', () => {
    expect(lines('app-7 login: [   47.067120] usb\n[  OK  ] Started x.')).toEqual([
      'app-7 login: ',
      '[   47.067120] usb',
      '[  OK  ] Started x.',
    ])
  })

  it('does not take what a logger wrote before a message for a line', () => {
    expect(lines('May  7 10:00:02 app-7 kernel: [   47.067120] usb')).toHaveLength(1)
    expect(lines('<6>[   47.067120] usb')).toHaveLength(1)
  })

  it('parts two messages of the kernel that have no line end between them', () => {
    expect(lines('[   47.067120] usb[   47.067130] scsi')).toEqual(['[   47.067120] usb', '[   47.067130] scsi'])
  })
})
