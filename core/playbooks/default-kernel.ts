/**
 * The playbook that makes a kernel the default one which has proved itself: GRUB's configuration, its environment
 * block, or both, as the machine has them. What GRUB reads is changed, and what makes it anew.
 */
import { posix } from 'node:path'
import { RescueError } from '../base/errors.ts'
import type { Change } from '../record/changes.ts'
import type { DefaultKernel } from '../record/playbooks.ts'
import { because } from '../record/reasons.ts'
import type { Shell } from '../shell/shell.ts'
import { ask } from './answers.ts'
import { kernelEntries, usesSavedEntry, withDefault, withGrubDefault, withSavedEntry } from './grub-default.ts'
import { inspect, type Present, unreadable } from './inspect.ts'
import type { Playbook, Proposal } from './playbook.ts'
import { ASK_SELINUX, saysSelinux } from './selinux.ts'

interface TextFile {
  readonly path: string
  readonly text: string
  readonly found: Present
}

export interface DefaultKernelFacts {
  readonly config: TextFile
  /** Where there is one. */
  readonly environment: TextFile | undefined
  readonly defaults: TextFile | undefined
  /** Boot loader specification: the entries' names, and the kernel of each. */
  readonly entries: readonly { readonly id: string; readonly kernel: string }[]
  readonly selinux: boolean
}

/** Debian's and SUSE's names, and Red Hat's; on UEFI the last ones may be links to the firmware's own partition. */
const CONFIGS = ['/boot/grub2/grub.cfg', '/boot/grub/grub.cfg']
const LARGEST_BYTES = 1024 * 1024

export const defaultKernel: Playbook<DefaultKernel, DefaultKernelFacts> = {
  name: 'default-kernel',
  looksAgain: true,
  look,
  propose,
}

/** Names without links on their way, and what the entries load; `?` for what is not there. */
const SCRIPT = [
  'export LC_ALL=C',
  'for p do [ -f "$p" ] && echo "file $(readlink -f -- "$p") $p"; done',
  'for e in /boot/loader/entries/*.conf; do [ -f "$e" ] && sed -n "s|^linux[[:space:]]*|entry $e |p" "$e"; done',
  ASK_SELINUX,
  'echo end',
].join('; ')

async function look(shell: Shell, _request: DefaultKernel, signal: AbortSignal): Promise<DefaultKernelFacts> {
  const wanted = [...CONFIGS, '/etc/default/grub', ...CONFIGS.map((path) => `${posix.dirname(path)}/grubenv`)]
  const lines = await ask(shell, [SCRIPT, 'sh', ...wanted], signal, 'boot-loader')
  const real = new Map(lines.flatMap((line) => readFileLine(line)))
  const config = CONFIGS.find((path) => real.has(path))
  if (config === undefined) throw new RescueError('operator', 'no-grub-config', 'there is no grub.cfg in /boot')
  const read = (path: string) => readText(shell, real.get(path), signal)
  const [text, environment, defaults] = [
    await read(config),
    await read(`${posix.dirname(config)}/grubenv`),
    await read('/etc/default/grub'),
  ]
  if (text === undefined) throw unreadable(config, lines.join('\n'))
  const entries = lines.flatMap((line) => readEntryLine(line))
  return { config: text, environment, defaults, entries, selinux: saysSelinux(lines) }
}

function propose(facts: DefaultKernelFacts, { kernel }: DefaultKernel, rescueId: string): Proposal {
  const changes = proposeChanges(facts, kernel, rescueId)
  if (changes.length === 0) return { kind: 'nothing-to-change', details: { kernel }, notices: [] }
  return { kind: 'changes', plan: { user: null, changes: [...changes], selinux: facts.selinux }, notices: [] }
}

function proposeChanges(facts: DefaultKernelFacts, kernel: string, rescueId: string): readonly Change[] {
  const { config, environment, defaults, entries } = facts
  const change = (file: TextFile, after: string | undefined) => replace(file, after, kernel, rescueId)
  if (usesSavedEntry(config.text)) {
    const id = entryFor(entries, kernel) ?? entryFor(kernelEntries(config.text), kernel)
    if (environment === undefined || id === undefined) throw noEntry(kernel)
    return change(environment, withSavedEntry(environment.text, id))
  }
  const id = entryFor(kernelEntries(config.text), kernel)
  if (id === undefined) throw noEntry(kernel)
  const remembered = defaults === undefined ? [] : change(defaults, withGrubDefault(defaults.text, id))
  return [...change(config, withDefault(config.text, id)), ...remembered]
}

/** A whole kernel path, or the version at its end. A submenu's entry is exact; the first one may be another kernel's tomorrow. */
function entryFor(entries: readonly { readonly id: string; readonly kernel: string }[], kernel: string) {
  const fits = entries.filter((entry) => posix.basename(entry.kernel) === posix.basename(kernel))
  return (fits.find(({ id }) => id.includes('>')) ?? fits[0])?.id
}

function replace(file: TextFile, after: string | undefined, kernel: string, rescueId: string): readonly Change[] {
  if (after === undefined) throw noEntry(kernel)
  if (after === file.text) return []
  const { path, text: before, found } = file
  const backup = `${path}.old-${rescueId}`
  const why = [because('default-kernel', { kernel: posix.basename(kernel) })]
  return [{ kind: 'replace-file', path, before, after, backup, mode: found.mode, owner: found.owner, why }]
}

function noEntry(kernel: string): RescueError {
  return new RescueError('operator', 'no-default-entry', `no entry of GRUB's loads ${kernel}`, { details: { kernel } })
}

function readFileLine(line: string): readonly (readonly [name: string, real: string])[] {
  const { real, name } = /^file (?<real>\/\S*) (?<name>\/\S*)$/.exec(line)?.groups ?? {}
  return real === undefined || name === undefined ? [] : [[name, real]]
}

function readEntryLine(line: string): readonly { readonly id: string; readonly kernel: string }[] {
  const { path, kernel } = /^entry (?<path>\S+) (?<kernel>\/\S+)/.exec(line)?.groups ?? {}
  return path === undefined || kernel === undefined ? [] : [{ id: posix.basename(path, '.conf'), kernel }]
}

async function readText(shell: Shell, path: string | undefined, signal: AbortSignal): Promise<TextFile | undefined> {
  if (path === undefined) return undefined
  const found = (await inspect(shell, [path], signal))(path)
  const bytes = await shell.readFile(path, signal, LARGEST_BYTES)
  if (found.kind !== 'file' || bytes === undefined) throw unreadable(path, '')
  return { path, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), found }
}
