import { expect, it } from 'vitest'
import { Grub, type GrubOptions } from '../../test/helpers/grub.ts'
import { Console } from '../console/console.ts'
import { catchBootLoader } from './catch.ts'
import { grub2 } from './grub2.ts'

const REQUEST = { tokens: ['init=/bin/bash'], entry: { kind: 'default' } } as const

/** A `linux` line that GRUB's editor shows `columns` wide. */
function kernelLine(columns: number, keyword = 'linux'): string {
  const start = `\t${keyword}\t/boot/vmlinuz`
  const width = columns - (start.length + 14)
  const words = Array.from({ length: 400 }, (_, index) => ` arg${index}=${'value'.slice(index % 5)}`).join('')
  return `${start}${words.slice(0, width - 1)}x`
}

function entry(...kernelLines: string[]) {
  const before = [
    '\tload_video',
    '\tinsmod gzio',
    "\tsearch --no-floppy --fs-uuid --set=root '1f2e3d4c-5b6a-7988-a9b0-c1d2e3f40516'",
  ]
  return {
    title: 'Debian GNU/Linux',
    lines: [...before, '\techo loading', ...kernelLines, '\tinitrd\t/boot/initrd.img'],
  }
}

/** Switches the machine on, catches GRUB, boots with the tokens. */
async function rescue(options: Partial<GrubOptions>, signal: AbortSignal) {
  const grub = new Grub({ entries: [entry(kernelLine(464))], timeout: 5, ...options })
  await using console = new Console(grub)
  const caught = catchBootLoader(console, {}, signal)
  grub.powerOn()
  await caught
  const booted = await grub2.bootWithArguments(console, REQUEST, signal)
  return { grub, booted }
}

it.each([75, 76, 149, 150, 151, 464, 600, 824, 825, 900, 975, 1900])(
  'appends to a line of %i columns and boots exactly that',
  async (columns) => {
    const line = kernelLine(columns)
    const { grub, booted } = await rescue({ entries: [entry(line)] }, AbortSignal.timeout(50_000))

    expect(grub.booted).toContain(`${line} init=/bin/bash`)
    expect(booted).toMatchObject({ title: 'Debian GNU/Linux' })
    expect(booted.edits[0]?.before).toBe(line.replaceAll('\t', ' '.repeat(8)))
    expect(booted.edits[0]?.after).toBe(`${booted.edits[0]?.before} init=/bin/bash`)
  },
)

it.each(['linuxefi', 'linux16'])('knows the line by %s too', async (keyword) => {
  const line = kernelLine(600, keyword)
  const { grub } = await rescue({ entries: [entry(line)] }, AbortSignal.timeout(20_000))

  expect(grub.booted).toContain(`${line} init=/bin/bash`)
})

it('works when bytes arrive one at a time', async () => {
  const { grub } = await rescue({ atOnce: 1, entries: [entry(kernelLine(150))] }, AbortSignal.timeout(60_000))

  expect(grub.booted).toContain(`${kernelLine(150)} init=/bin/bash`)
})

it('keeps blanks at the end of the line, which no screen shows', async () => {
  const { grub } = await rescue({ entries: [entry(`${kernelLine(300)}   `)] }, AbortSignal.timeout(20_000))

  expect(grub.booted).toContain(`${kernelLine(300)}    init=/bin/bash`)
})

it('puts the arguments before what is meant for init', async () => {
  const { grub } = await rescue({ entries: [entry(`${kernelLine(300)} -- single`)] }, AbortSignal.timeout(20_000))

  expect(grub.booted).toContain(`${kernelLine(300)} init=/bin/bash -- single`)
})

it('edits every kernel line of an entry that chooses between two', async () => {
  const two = ['\tif [ "$initrdfail" = 1 ]; then', kernelLine(464), '\telse', kernelLine(600), '\tfi']
  const { grub, booted } = await rescue({ entries: [entry(...two)] }, AbortSignal.timeout(20_000))

  expect(booted.edits).toHaveLength(2)
  expect(grub.booted).toContain(`${kernelLine(464)} init=/bin/bash`)
  expect(grub.booted).toContain(`${kernelLine(600)} init=/bin/bash`)
})

it('erases what came wrong, when a key got lost in the middle, and types on from there', async () => {
  let typed = ''
  const loses = (_: number, key: string) => {
    typed += key
    return typed.endsWith(' in') && typed.indexOf(' in') === typed.length - 3
  }
  const { grub } = await rescue({ loses }, AbortSignal.timeout(40_000))

  expect(grub.keys).toContain('\b')
  expect(grub.keys).not.toContain('\u001b')
  expect(grub.booted).toContain(`${kernelLine(464)} init=/bin/bash`)
})

it('types one by one when of each piece the last key is lost', async () => {
  const grub = new Grub({ entries: [entry(kernelLine(464))], timeout: 5 })
  const whole = grub.write.bind(grub)
  grub.write = async (bytes) => await whole(bytes.length > 3 ? bytes.subarray(0, -1) : bytes)
  await using console = new Console(grub)
  const signal = AbortSignal.timeout(60_000)
  const caught = catchBootLoader(console, {}, signal)
  grub.powerOn()
  await caught
  await grub2.bootWithArguments(console, REQUEST, signal)

  expect(grub.booted).toContain(`${kernelLine(464)} init=/bin/bash`)
})

it.each([464, 1900])('boots the right edit of %i columns whatever single key comes twice', async (columns) => {
  for (const doubled of ['e', '\u000e', '\u0005', 'n', '/', '\u0018']) {
    const grub = new Grub({ entries: [entry(kernelLine(columns))], timeout: 5 })
    const once = grub.write.bind(grub)
    let pending = true
    grub.write = async (bytes) => {
      const text = Buffer.from(bytes).toString('latin1')
      const twice = pending && text.includes(doubled)
      pending &&= !twice
      await once(Buffer.from(twice ? text.replace(doubled, doubled + doubled) : text, 'latin1'))
    }
    await using console = new Console(grub)
    const signal = AbortSignal.timeout(50_000)
    const caught = catchBootLoader(console, {}, signal)
    grub.powerOn()
    await caught
    await grub2.bootWithArguments(console, REQUEST, signal)

    expect(grub.booted?.slice(2, -1), JSON.stringify(doubled)).toEqual(
      entry(kernelLine(columns)).lines.map((line) => (line.includes('vmlinuz') ? `${line} init=/bin/bash` : line)),
    )
  }
})

it('gets through when one key of ten is lost, wherever that happens', async () => {
  // As UEFI's firmware takes them: single keys at any step, and more of those that come in a row.
  const loses = (key: number) => key % 10 === 7
  const { grub } = await rescue({ loses }, AbortSignal.timeout(120_000))

  expect(grub.booted).toContain(`${kernelLine(464)} init=/bin/bash`)
})

it.each([
  ['chainloader +1', 'entry-not-linux'],
  ['multiboot2 /boot/xen.gz', 'entry-not-linux'],
  ['chainloader /EFI/Linux/fedora-6.9.efi', 'unified-kernel'],
  ['uki /EFI/Linux/fedora-6.9.efi', 'unified-kernel'],
  ['echo nothing', 'no-kernel-line'],
])('refuses %j, and shows the menu again', async (line, code) => {
  const grub = new Grub({ entries: [{ title: 'Other', lines: [`\t${line}`] }] })
  await using console = new Console(grub)
  grub.powerOn()
  const signal = AbortSignal.timeout(20_000)
  await catchBootLoader(console, {}, signal)

  await expect(grub2.bootWithArguments(console, REQUEST, signal)).rejects.toMatchObject({ code })
  expect(grub.booted).toBeUndefined()
  expect(console.view().text).toContain('*Other')
})

it('looks once more when the name of the kernel’s line came torn', async () => {
  const grub = new Grub({ entries: [entry(kernelLine(60))], timeout: 50 })
  let torn = 0
  const line = new Proxy(grub, {
    get: (target, name) => {
      const value = Reflect.get(target, name, target)
      if (name !== 'read') return typeof value === 'function' ? value.bind(target) : value
      return async (signal: AbortSignal) => {
        const said = Buffer.from((await target.read(signal)) ?? []).toString('latin1')
        if (torn > 0 || !said.includes('linux  ')) return Buffer.from(said, 'latin1')
        torn += 1
        return Buffer.from(said.replace('linux  ', 'l nux  '), 'latin1')
      }
    },
  })
  await using console = new Console(line)
  const signal = AbortSignal.timeout(50_000)
  grub.powerOn()
  await catchBootLoader(console, {}, signal)

  await grub2.bootWithArguments(console, REQUEST, signal)

  expect(torn).toBe(1)
  expect(grub.booted).toContain(`${kernelLine(60)} init=/bin/bash`)
})

it('appends behind $kernelopts, as the entries of a Boot Loader Specification have it', async () => {
  const line = 'linux ($root)/vmlinuz-5.14.0 root=/dev/mapper/ol-root ro $kernelopts $tuned_params'
  const { grub } = await rescue(
    { entries: [{ title: 'Oracle Linux', lines: ['load_video', line] }] },
    AbortSignal.timeout(20_000),
  )

  expect(grub.booted).toContain(`${line} init=/bin/bash`)
})

it('shows the edit before it boots it', async () => {
  const grub = new Grub({ entries: [entry(kernelLine(464))] })
  await using console = new Console(grub)
  grub.powerOn()
  const signal = AbortSignal.timeout(20_000)
  await catchBootLoader(console, {}, signal)
  const onEdited = () =>
    expect([grub.booted, console.view().text]).toEqual([undefined, expect.stringMatching(/init=\/bin\/b/)])

  await grub2.bootWithArguments(console, REQUEST, signal, { onEdited })
  expect(grub.booted).toBeDefined()
})
