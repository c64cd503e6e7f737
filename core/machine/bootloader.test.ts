import { expect, it } from 'vitest'
import { type FirmwarePage, firmwarePage } from '../../test/helpers/firmware-menu-page.ts'
import { moment, recording, shown } from '../../test/helpers/recordings.ts'
import { recognise } from './recognise.ts'

async function seen(text: string) {
  return recognise(await shown(Buffer.from(text)))
}

it('does not say that GRUB boots once something of Linux has been said', async () => {
  const booting = '\u001b[H\u001b[J\u001b[1;1H  Booting a command list\n\r\n\rLoading Linux 6.1 ...\n\r'

  expect((await seen(booting)).state.kind).toBe('grub-booting')
  expect((await seen(`${booting}bash: no job control in this shell\r\nuname\r\n`)).state.kind).toBe('unknown')
})

it('reads an error of GRUB, and whether it waits for a key', async () => {
  const error = 'error: ../../grub-core/fs/fshelp.c:grub_fshelp_find_file:257:file `/vmlinuz’ not found.\r\n'

  expect((await seen(error)).state).toEqual({
    kind: 'grub-error',
    message: 'file `/vmlinuz’ not found.',
    waits: false,
  })
  expect((await seen(`${error}\r\nPress any key to continue...`)).state).toMatchObject({ waits: true })
  expect((await seen('error: Failed dependencies: libfoo\r\n')).state.kind).toBe('unknown')
})

it('reads what GRUB asks, and the name as far as it is typed', async () => {
  const asks = '\u001b[H\u001b[J\u001b[1;1HEnter username: \n\r'

  expect((await seen(`${asks}adm`)).state).toEqual({ kind: 'grub-password', asks: 'username', typed: 'adm' })
  expect((await seen(`${asks}admin\n\rEnter password: \n\r`)).state).toMatchObject({ asks: 'password' })
})

it('reads it where two terminals write it twice, and the name halved again', async () => {
  const both = Buffer.from(recording('efi-both').subarray(0, 8276)).toString('latin1')
  const asks = `${both}\u001b[0m\u001b[2J\u001b[01;01H\u001b[H\u001b[J\u001b[1;1HEnter username: Enter username: \n\r\n\r`
  const at = async (typed: string) => recognise(await shown(Buffer.from(asks + typed, 'latin1'))).state

  expect(await at('rroooott')).toEqual({ kind: 'grub-password', asks: 'username', typed: 'root' })
  expect(await at('rrooo')).toMatchObject({ typed: 'rrooo' })
  expect(await at('rroott\n\r\n\rEnter password: Enter password: \n\r\n\r')).toMatchObject({ asks: 'password' })
})

it('shows two terminals over each other as what they are, and the way out', async () => {
  const both = recording('efi-both')
  const at = async (length: number) => recognise(await shown(both.subarray(0, length))).state.kind

  expect(await at(8276)).toBe('grub-overlaid')
  expect(await at(15619)).toBe('grub-overlaid')
  expect(await at(24458)).toBe('grub-command-line')
  expect(await at(28250)).toBe('grub-editor')
})

const MENU = ['*Oracle Linux Server 8.9', ' Oracle Linux Server 8.9 (old)', ' System setup']
const EDITOR = ["setparams 'Oracle'", '', '  linux /vmlinuz root=/dev/sda3 ro quiet']
const HELP = {
  english: ['Use the ^ and v keys to select which entry is highlighted.', 'Press enter to boot the selected OS.'],
  french: ['Utilisez les touches ^ et v pour sélectionner une entrée.', 'Démarrage automatique dans 5s.'],
  cyrillic: ['????????? ??????? ^ ? v ??? ?????????', '??????? enter ????? ????????? ????????? ??'],
}
const EDITOR_HELP = ['Ctrl-x ou F10 démarre, Ctrl-c ou F2 ouvre une invite, ESC abandonne.']

it.each<Pick<FirmwarePage, 'firmware' | 'columns' | 'rows'>>([
  { firmware: 'uefi', columns: 80, rows: 25 },
  { firmware: 'uefi', columns: 100, rows: 31 },
  { firmware: 'uefi', columns: 128, rows: 40 },
  { firmware: 'bios', columns: 80, rows: 25 },
])('reads menu and editor of $firmware at $columns by $rows, in any language', async (size) => {
  for (const help of Object.values(HELP)) {
    const menu = recognise(await shown(firmwarePage({ ...size, help, content: MENU, selected: 0 }), 7)).state
    expect(menu).toMatchObject({ kind: 'grub-menu', menu: { entries: MENU.map((row) => row.slice(1)), selected: 0 } })
  }
  const editor = recognise(await shown(firmwarePage({ ...size, help: EDITOR_HELP, content: EDITOR }), 7)).state
  expect(editor).toMatchObject({ kind: 'grub-editor', editor: { current: 0 } })
})

it('takes a menu whose highlight is not drawn yet for no editor', async () => {
  const page = { firmware: 'uefi', columns: 100, rows: 31, help: HELP.english, content: MENU } as const

  expect(recognise(await shown(firmwarePage(page))).state.kind).toBe('unknown')
})

it('reads the menu of GRUB’s serial terminal in French', async () => {
  const { bytes } = moment('menu.01-menu-countdown')
  const french = Buffer.from(bytes)
    .toString('latin1')
    .replace(
      'Use the ^ and v keys to select which entry is highlighted.',
      'Utilisez les touches ^ et v pour choisir une entree.      ',
    )
    .replace('GNU GRUB  version', 'GNU GRUB  versjon')
    .replaceAll(
      'The highlighted entry will be executed automatically in',
      'Demarrage automatique de l’entree en surbrillance dans ',
    )
  const { state } = recognise(await shown(Buffer.from(french)))

  expect(state).toMatchObject({ kind: 'grub-menu', menu: { selected: 0, countdown: 12, nested: false } })
})
