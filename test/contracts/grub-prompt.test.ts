/** The simulated command line of GRUB shows what the real one showed when it was recorded. */
import { expect, it } from 'vitest'
import { GrubPrompt } from '../helpers/grub-prompt.ts'
import { grubTerminal } from '../helpers/grub-terminal.ts'
import { moment, shown } from '../helpers/recordings.ts'

const LONG =
  'linux /boot/vmlinuz-6.1.0-56-cloud-amd64 root=UUID=1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516 ro console=tty0 console=ttyS0,115200n8 net.ifnames=0 biosdevname=0'

it('opened, a command answered, a long one broken where the row ends, an error', async () => {
  let said = ''
  const terminal = grubTerminal('grub-serial')
  const prompt = new GrubPrompt(
    () => terminal,
    (text) => {
      said += text
    },
  )
  const type = (keys: string) => {
    for (const key of keys) prompt.press(key)
  }
  const screen = async () => {
    const { rows, cursor } = await shown(terminal.encode(said))
    return { rows, cursor }
  }
  const real = async (label: string) => {
    const { rows, cursor } = await shown(moment(label).bytes)
    return { rows, cursor }
  }

  prompt.open(true)
  expect(await screen()).toEqual(await real('cmdline.01-grub-prompt'))
  type('ls\r')
  prompt.print('(cd) (cd,msdos1) (fd0) ')
  prompt.ask()
  type(LONG)
  expect(await screen()).toEqual(await real('cmdline.03-long-cmd'))
  type('\r')
  prompt.print("error: file `/boot/vmlinuz-6.1.0-56-cloud-amd64' not found.")
  prompt.ask()
  expect(await screen()).toEqual(await real('cmdline.04-long-cmd-error'))
})
