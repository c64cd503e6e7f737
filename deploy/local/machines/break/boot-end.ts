/** How the serial line looks when a boot has come to rest, well or badly. */

/** What stands last on the line; control sequences may follow. */
const BOOT_ENDS = {
  'login-prompt': /\n\S+ login: $/,
  /** systemd's emergency or rescue mode, with a shell for whoever presses Enter. */
  'emergency-shell': /or press Control-D to continue\): $/,
  /** The same for a root account that is locked: the shell is for nobody. */
  'emergency-locked': /the root account is locked\.[\s\S]*Press Enter to continue\.\s*$/,
  /** The shell that initramfs-tools gives when it has no root file system. */
  'initramfs-shell': /\(initramfs\) $/,
  'kernel-panic': /---\[ end Kernel panic/,
  'grub-prompt': /grub> \S*$/,
  /** GRUB's words about a kernel that it cannot load. */
  'grub-error': /Press any key to continue\.\.\./,
} as const satisfies Record<string, RegExp>

export type BootEnd = keyof typeof BOOT_ENDS

/** As much of a line's end as any of them needs to be seen in. */
const END_BYTES = 4096

/** Whether a boot has come to rest so, by all that its line has said. */
export function hasEndedSo(end: BootEnd, history: Uint8Array): boolean {
  const text = withoutControls(Buffer.from(history.subarray(-END_BYTES)).toString('latin1'))
  return BOOT_ENDS[end].test(text) || BOOT_ENDS[end].test(text.replaceAll(TALK, ''))
}

/** The kernel complains about its clocks, and systemd tells what it has started, also over a prompt that waits. */
const TALK = /(?:\[ *\d+\.\d{6}\]|\[(?: {2}OK {2}|FAILED|DEPEND)\]|^ {9}(?:Start|Stopp)ing )[^\n]*\n?/gm

function withoutControls(text: string): string {
  return text.replaceAll(/\x1b(?:\[[0-9;?]*[A-Za-z]|[()][A-Z0-9]|[A-Z=>c])/g, '')
}
