import { expect, it } from 'vitest'
import { readSudoComplaints } from './sudo-complaints.ts'

it('understands sudo 1.9, which shows the line, too', () => {
  const said = [
    '/etc/sudoers.d/90-cloud-init-users:3:21: syntax error',
    'opc ALL=(ALL) NOPASSWD ALL',
    '                       ^~~',
    'visudo: /etc/sudoers:27:1: syntax error',
  ]
  expect(readSudoComplaints(said.join('\n'))).toEqual([
    { path: '/etc/sudoers.d/90-cloud-init-users', line: 3, problem: 'syntax error' },
    { path: '/etc/sudoers', line: 27, problem: 'syntax error' },
  ])
})

it('understands sudo 1.8, which says it twice', () => {
  const said = '>>> /etc/sudoers: syntax error near line 27 <<<\nparse error in /etc/sudoers near line 27\n'

  expect(readSudoComplaints(said)).toEqual([{ path: '/etc/sudoers', line: 27, problem: 'syntax error' }])
})

it('understands what it says of a file as a whole', () => {
  const said =
    '/etc/sudoers.d/x: bad permissions, should be mode 0440\n/etc/sudoers: wrong owner (uid, gid) should be (0, 0)\n'

  expect(readSudoComplaints(said)).toMatchObject([
    { path: '/etc/sudoers.d/x', line: null },
    { path: '/etc/sudoers', line: null },
  ])
})

it('takes for no complaint what sudo only warns of', () => {
  const said = [
    '/etc/sudoers: parsed OK',
    '/etc/sudoers:20:17: Warning: User_Alias "ADMINS" referenced but not defined',
    'Warning: /etc/sudoers:21:9: unused Cmnd_Alias "STORAGE"',
  ]
  expect(readSudoComplaints(said.join('\n'))).toEqual([])
})
