/** On a machine: which files are changed for which way of choosing a kernel. */
import { afterEach, describe, expect, it } from 'vitest'
import { canHaveNamespaces, Machine } from '../../test/helpers/maintenance-machine.ts'
import { applyChanges, checkChanges, lookAndPropose } from './index.ts'

const noText = () => Promise.reject(new Error('no text was asked for'))
const { signal } = new AbortController()
const RESCUE = 'R-7K2M9Q'
const OLD = '/vmlinuz-5.4.17-1'

let machine: Machine | undefined
afterEach(() => machine?.close())

async function boot(given: string): Promise<Machine> {
  machine = new Machine()
  await machine.given(given)
  await machine.isReadOnly()
  return machine
}

const propose = (on: Machine, kernel: string) =>
  lookAndPropose(on, [{ name: 'default-kernel', kernel }], { rescueId: RESCUE, askForText: noText, done: [] }, signal)

/** Applies what is proposed, and looks again. */
async function makeDefault(on: Machine, kernel: string): Promise<readonly string[]> {
  const { plan } = await propose(on, kernel)
  if (plan === undefined) throw new Error('nothing was proposed')
  const steps = { began: async () => undefined, finished: async () => undefined }
  const means = { rescueId: RESCUE, hashOfNewPassword: () => Promise.reject(new Error('no password was asked for')) }
  await applyChanges(on, plan, means, steps, signal)
  await checkChanges(on, plan.changes, signal)
  expect((await propose(on, kernel)).plan).toBeUndefined()
  return plan.changes.map((change) => ('path' in change ? change.path : change.kind))
}

const BLOCK = (saved: string) => `# GRUB Environment Block\nsaved_entry=${saved}\nboot_success=0\n`.padEnd(1024, '#')

/** Oracle Linux: entries of their own, the chosen one in the environment block, which on UEFI lies elsewhere. */
const BLS = `mkdir -p /boot/grub2 /boot/loader/entries /boot/efi/EFI/redhat
printf 'set default="\${saved_entry}"\\nblscfg\\n' >/boot/grub2/grub.cfg
printf '%s' '${BLOCK('id-5.15.0-2')}' >/boot/efi/EFI/redhat/grubenv
ln -s ../efi/EFI/redhat/grubenv /boot/grub2/grubenv
for v in 5.15.0-2 5.4.17-1; do printf 'title OL %s\\nlinux /vmlinuz-%s\\n' $v $v >/boot/loader/entries/id-$v.conf; done`

const DEBIAN = `mkdir -p /boot/grub /etc/default
echo GRUB_DEFAULT=0 >/etc/default/grub
cat >/boot/grub/grub.cfg <<'END'
set default="0"
menuentry 'D' $menuentry_id_option 'simple' {
	linux	/vmlinuz-6 ro
}
submenu 'More' $menuentry_id_option 'more' {
	menuentry 'D, 5' $menuentry_id_option 'five' {
		linux	${OLD} ro
	}
}
END`

describe.runIf(canHaveNamespaces)('the default kernel', () => {
  it('is saved in the environment block, where that really is', async () => {
    const on = await boot(BLS)

    expect(await makeDefault(on, OLD)).toEqual(['/boot/efi/EFI/redhat/grubenv'])
    expect(await on.given('cat /boot/grub2/grubenv')).toBe(BLOCK('id-5.4.17-1'))
    expect(await on.given(`cat /boot/efi/EFI/redhat/grubenv.old-${RESCUE}`)).toBe(BLOCK('id-5.15.0-2'))
  })

  it('stands in grub.cfg, and in what grub.cfg is made from', async () => {
    const on = await boot(DEBIAN)

    expect(await makeDefault(on, OLD)).toEqual(['/boot/grub/grub.cfg', '/etc/default/grub'])
    expect(await on.given('head -n 1 /boot/grub/grub.cfg; cat /etc/default/grub')).toBe(
      'set default="more>five"\nGRUB_DEFAULT="more>five"\n',
    )
  })

  it('is not changed to a kernel that no entry loads, and not without GRUB', async () => {
    const on = await boot(DEBIAN)
    await expect(propose(on, '/vmlinuz-7')).rejects.toMatchObject({ code: 'no-default-entry' })

    await on.given('mount -o remount,rw /; rm -r /boot/grub; mount -o remount,ro /')
    await expect(propose(on, OLD)).rejects.toMatchObject({ code: 'no-grub-config' })
  })
})
