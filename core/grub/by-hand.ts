/**
 * Boots from GRUB's command line, where GRUB found no menu: by a configuration that lies elsewhere on the disks, or else
 * by hand, with a kernel and a root that were found there. Each command is compared with its echo before it is given,
 * and what is to be booted stands on the screen as it was meant when `boot` is given.
 */
import { RescueError } from '../base/errors.ts'
import type { Console } from '../console/console.ts'
import { isOneOf } from '../machine/watch.ts'
import { stopAtMenu } from './catch.ts'
import { menuAfter } from './command-line.ts'
import { curePrompt } from './cures.ts'
import { type BootedEntry, type BootHooks, type BootLoader, type BootRequest, bootedEntry } from './grub.ts'
import { grub2 } from './grub2.ts'
import { editKernelLine, kernelIn } from './kernel-line.ts'
import { type ConfigOnDisk, lookAtDisks } from './look-at-disks.ts'
import { planBoot } from './plan-boot.ts'
import { ask, demandShown, giveCommand, typeCommand } from './prompt.ts'

/** An initramfs of 100 MB from a volume that is reached over a network. */
const LOAD_MS = 180_000
/** Configurations that are tried: a machine with more has several systems, and nobody said which. */
const MOST_CONFIGS = 3

export const byHand: BootLoader = {
  bootWithArguments: boot,
  bootEntry: (console, { entry }, signal, hooks) => boot(console, { entry, tokens: [] }, signal, hooks),
}

async function boot(
  console: Console,
  { tokens, entry: wanted }: BootRequest,
  signal: AbortSignal,
  hooks: BootHooks = {},
): Promise<BootedEntry> {
  await curePrompt(console, signal)
  const disks = await lookAtDisks(console, signal)
  if (await showMenu(console, disks.configs, signal)) {
    if (tokens.length === 0) return await grub2.bootEntry(console, { entry: wanted }, signal, hooks)
    return await grub2.bootWithArguments(console, { tokens, entry: wanted }, signal, hooks)
  }
  const { title, linux, initrd } = planBoot(disks, wanted)
  const { after } = editKernelLine(linux, tokens)
  const commands = [after, ...(initrd === undefined ? [] : [initrd])]
  for (const command of commands) await load(console, command, signal)
  await typeCommand(console, 'boot', signal)
  demandShown(console.view(), [...commands, 'boot'])
  const entry = bootedEntry(title, kernelIn(linux), tokens.length === 0 ? [] : [{ before: linux, after }])
  if (tokens.length > 0) await hooks.onEdited?.(entry)
  await giveCommand(console, signal)
  return entry
}

/** By the first configuration that shows one. One whose menu does not wait would boot before anybody could edit. */
async function showMenu(console: Console, configs: readonly ConfigOnDisk[], signal: AbortSignal): Promise<boolean> {
  const [prefix = ''] = await ask(console, 'echo $prefix', signal)
  const worthTrying = configs.filter(({ config }) => config.waits && config.hasMenu)
  for (const { volume, path } of worthTrying.slice(0, MOST_CONFIGS)) {
    const folder = volume.device + path.slice(0, path.lastIndexOf('/'))
    // The configuration takes its own folder for the one that GRUB was told at the start.
    await ask(console, `set prefix=${folder}`, signal)
    await ask(console, `set root=${volume.device.slice(1, -1)}`, signal)
    await typeCommand(console, `configfile ${volume.device}${path}`, signal)
    const menu = await menuAfter(console, signal)
    const stopped = menu && (await stopAtMenu(console, menu, 0, signal))
    if (stopped !== undefined && !isOneOf(stopped, ['grub-command-line'])) return true
    await curePrompt(console, signal)
  }
  if (worthTrying.length > 0) await ask(console, `set prefix=${prefix}`, signal)
  return false
}

/** What GRUB has against it, it says at once, and boots nothing. */
async function load(console: Console, command: string, signal: AbortSignal): Promise<void> {
  const said = await ask(console, command, signal, undefined, LOAD_MS)
  const message = said.flatMap((row) => /^error: (?:\S+:\S+:\d+:)?(?<message>.+)/.exec(row)?.groups?.message ?? [])
  if (message.length === 0) return
  throw new RescueError(
    'machine',
    'grub-error',
    `GRUB refused ${command}: ${message.join('; ')}\n${console.view().text}`,
    {
      details: { message: message.join('; ') },
    },
  )
}
