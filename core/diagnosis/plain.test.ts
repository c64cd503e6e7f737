import { expect, it } from 'vitest'
import { piecesOf } from './plain.ts'

it('leaves out colours, titles and what a terminal is asked', () => {
  expect(piecesOf('[\u001b[0;32m  OK  \u001b[0m] Started \u001b[0;1;39mssh.service\u001b[0m.')).toEqual([
    '[  OK  ] Started ssh.service.',
  ])
  expect(piecesOf('\u001b]0;root@app-7\u0007\u001b[6n# ')).toEqual(['#'])
  expect(piecesOf('\u001bP+q436f\u001b\\login')).toEqual(['login'])
})

it('leaves out colours of which the line lost the first byte', () => {
  expect(piecesOf('[[0;1;31mFAILED[0m] Failed to start')).toEqual(['[FAILED] Failed to start'])
  expect(piecesOf('M[K[[0;32m  OK  [0m] Started')).toEqual(['[  OK  ] Started'])
})

it('cuts where the cursor jumps, and where a line is written over', () => {
  expect(piecesOf('\u001b[2J\u001b[01;01HBdsDxe: loading\u001b[05;01Hmore')).toEqual(['BdsDxe: loading', 'more'])
  expect(piecesOf('\r[*     ] A start job\r\u001b[K[  OK  ] Started')).toEqual([
    '[*     ] A start job',
    '[  OK  ] Started',
  ])
})

it('goes on where the cursor jumps to where it is', () => {
  expect(piecesOf('\u001b[3;1HNo boot\u001b[3;8Hable device\u001b[3;30Hfound')).toEqual(['No bootable device found'])
})

it('does what a backspace does, and keeps tabs', () => {
  expect(piecesOf('rot\b\boot\tlogin')).toEqual(['root\tlogin'])
})

it('ends a title that never ends', () => {
  expect(piecesOf(`\u001b]0;${'x'.repeat(600)}end`).join('')).toMatch(/x+end$/)
})
