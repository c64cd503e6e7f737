/** What a rig boots: a kernel and its initramfs, and where boot loaders find them. */
export interface Kernel {
  readonly kernel: Uint8Array
  readonly initrd: Uint8Array
}

export const KERNEL = '/vmlinuz'
export const INITRD = '/initrd.img'
