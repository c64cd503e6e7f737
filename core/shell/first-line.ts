/**
 * The first line that is typed at a bare prompt, in the words of any sh: silences
 * the kernel, looks around, and ends the echo. And what it tells us. Pure.
 */
import { inHalves } from './remote-functions.ts'
import { TOOLS } from './surroundings.ts'

export interface Findings {
  readonly isSilent: boolean
  /** The shell has job control, so Ctrl-C reaches what it runs. */
  readonly isInterruptible: boolean
  readonly isBash: boolean
  /** The tty that our line is: what was written there was seen here. */
  readonly device: string | undefined
  readonly tools: readonly string[]
  /** A directory in memory that can be written to. */
  readonly place: string | undefined
}

/** `name`: a word that nothing else on the line says. `path`: where programs are. */
export function firstLine(name: string, path: string): string {
  const word = inHalves(`@${name}`)
  const commands = [
    `export PATH=${path}`,
    'dmesg -n 1||echo 1 >/proc/sys/kernel/printk',
    `echo ${word}:silent=$?`,
    // Writing a marker to a tty, and seeing it here, proves which tty this is; neither /proc nor /sys need be there.
    't=;read -r t </sys/class/tty/console/active',
    `for t in $t ttyS0 ttyAMA0 hvc0;do [ -c /dev/$t ]&&echo ${word}:tty=$t >/dev/$t;done`,
    `h=;for t in ${TOOLS.join(' ')};do type $t&&h=$h,$t;done >/dev/null`,
    // What can be written although `/` can not is no part of the disk; else only the kernel's list of mounts tells.
    'm=;[ -w / ]&&{ m=.;while read -r a b c d;do m="$m $b:$c";done </proc/mounts;}',
    'p=;for d in /dev /run /dev/shm;do case "$m " in " "|*" $d:tmpfs "*|*" $d:devtmpfs "*)[ -w $d ]&&p=$d;;esac;done',
    // klibc's sh says that it has job control also where it has no terminal of its own.
    'i=;case $- in *m*){ [ ! -c /dev/tty ]||true </dev/tty;}&&i=m;;esac',
    // Line editing would swallow what is typed ahead and draw over it; `!` must not mean history.
    'case $BASH_VERSION in ?*)set +o emacs +o vi +H;;esac',
    'stty -echo -ixon cols 1000 rows 1000',
    `echo ${word}:end=$i:\${BASH_VERSION%%.*}:$h:$p.`,
  ]
  return `{ ${commands.join(';')};} 2>/dev/null`
}

/** Undefined while the line has not ended. */
export function readFindings(heard: string, name: string): Findings | undefined {
  const end = new RegExp(`@${name}:end=(?<flags>[^:\\n]*):(?<bash>\\d*):(?<tools>[\\w,]*):(?<place>[\\w/]*)\\.\\n`)
  const { flags, bash, tools = '', place = '' } = end.exec(heard)?.groups ?? {}
  if (flags === undefined) return undefined
  const said = (key: string) => new RegExp(`@${name}:${key}=(?<value>\\w+)\\n`).exec(heard)?.groups?.value
  return {
    isSilent: said('silent') === '0',
    isInterruptible: flags.includes('m'),
    isBash: bash !== '',
    device: said('tty'),
    tools: tools.split(','),
    place: place === '' ? undefined : place,
  }
}
