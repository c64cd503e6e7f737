import { expect, it } from 'vitest'
import { isBinary, textOf } from './log-text.ts'

it('reads UTF-8, what a firmware draws in CP437, and what a Windows shell writes', () => {
  expect(textOf(Buffer.from('Started ssh…'))).toBe('Started ssh…')
  expect(textOf(Buffer.from([0xda, 0x20, 0xb3, 0x41]))).toBe('┌ │A')
  expect(textOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('login', 'utf16le')]))).toBe('login')
})

it('knows a program from the log of a console', () => {
  const program = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 7919) % 256))

  expect(isBinary(program)).toBe(true)
  expect(isBinary(Buffer.from('[    0.000000] Linux version 6.1.0\r\n'.repeat(100)))).toBe(false)
})

it('takes a silent line, boxes and another language for text', () => {
  expect(isBinary(Buffer.from(`${'\0'.repeat(5000)}[    1.000000] usb: reset`))).toBe(false)
  expect(isBinary(Buffer.from('┌────────────┐\n│            │\n└────────────┘\n'.repeat(50)))).toBe(false)
  expect(isBinary(Buffer.from('システムを起動しています。\n'.repeat(50)))).toBe(false)
})

it('takes a log with noise at its beginning for a log', () => {
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, n) => (n * 7919) % 256))

  expect(isBinary(Buffer.concat([noise, Buffer.from('[    1.000000] usb: reset\n'.repeat(10_000))]))).toBe(false)
})
