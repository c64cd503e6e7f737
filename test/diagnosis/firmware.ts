/** Firmware and shim. */
import type { Cases } from './cases.ts'

const BOOTS = `
GRUB loading.
Welcome to GRUB!
`

export const firmwareCases: Cases = {
  'no-bootable-device': {
    fails: [
      `SeaBIOS (version 1.16.2-debian-1.16.2-1)
Booting from Hard Disk...
Boot failed: not a bootable disk

No bootable device.`,
      `Booting from Hard Disk...
Boot failed: could not read the boot disk`,
      `Booting from Hard Disk...
Boot failed: not a bootable disk`,
      `BdsDxe: failed to load Boot0001 "UEFI ORACLE BlockVolume" from PciRoot(0x0)/Pci(0x4,0x0)/Scsi(0x1,0x1): Not Found
BdsDxe: No bootable option or device was found.
BdsDxe: Press any key to enter the Boot Manager Menu.`,
      `BdsDxe: loading Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x7,0x0)
BdsDxe: starting Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x7,0x0)
BdsDxe: failed to start Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x7,0x0): Time out`,
      `FATAL: No bootable medium found! System halted.`,
      `Missing operating system`,
      `Boot Failed. EFI Hard Drive
Boot Failed. EFI Network.
No Operating System was Loaded. Press a key to retry the boot sequence...`,
      `Operating System not found`,
      `Reboot and Select proper Boot device
or Insert Boot Media in selected Boot device and press a key`,
      `iPXE 1.21.1 -- Open Source Network Boot Firmware
Nothing to boot: No such file or directory (https://ipxe.org/2d03e13b)
No more network devices`,
      `No more network devices`,
      `UEFI Interactive Shell v2.2
EDK II
UEFI v2.70 (EDK II, 0x00010000)
Mapping table
Press ESC in 1 seconds to skip startup.nsh or any other key to continue.
Shell> `,
    ],
    healthy: [
      `SeaBIOS (version 1.15.0-1)
Booting from DVD/CD...
Boot failed: Could not read from CDROM (code 0003)
Booting from Hard Disk...
${BOOTS}`,
      `BdsDxe: failed to load Boot0001 "UEFI QEMU DVD-ROM QM00003 " from PciRoot(0x0)/Pci(0x1F,0x2)/Sata(0x1,0xFFFF,0x0): Not Found
BdsDxe: loading Boot0002 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x3,0x0)
BdsDxe: starting Boot0002 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x3,0x0)`,
      `>>Start PXE over IPv4.
  PXE-E16: No valid offer received.
BdsDxe: loading Boot0003 "Oracle Linux" from HD(1,GPT,8C0FFEE0-17B2-4F1A-9E0C-1A2B3C4D5E6F)/\\EFI\\redhat\\shimx64.efi
BdsDxe: starting Boot0003 "Oracle Linux" from HD(1,GPT,8C0FFEE0-17B2-4F1A-9E0C-1A2B3C4D5E6F)/\\EFI\\redhat\\shimx64.efi`,
    ],
  },
  'secure-boot-refused': {
    fails: [
      `BdsDxe: loading Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x3,0x0)
BdsDxe: failed to load Boot0001 "UEFI Misc Device" from PciRoot(0x0)/Pci(0x3,0x0): Access Denied
BdsDxe: No bootable option or device was found.`,
      `ERROR
Verification failed: (0x1A) Security Violation`,
      `Verifying shim SBAT data failed: Security Policy Violation
Something has gone seriously wrong: SBAT self-check failed: Security Policy Violation`,
      `Something has gone seriously wrong: SBAT self-check failed`,
      `  Booting \`Oracle Linux Server 9.4'

error: ../../grub-core/kern/efi/sb.c:182:bad shim signature.
error: ../../grub-core/loader/i386/efi/linux.c:258:you need to load the kernel first.

Press any key to continue...`,
      `error: shim_lock protocol not found.`,
      `error: prohibited by secure boot policy.`,
      `Invalid signature detected. Check Secure Boot Policy in Setup`,
      `Bootloader has not verified loaded image.
System is compromised.  halting.`,
      `error: ../../grub-core/loader/efi/linux.c:98:kernel does not support NX loading.`,
      `error: verification requested but nobody cares: (hd0,gpt2)/vmlinuz-5.14.0-427.el9.x86_64.`,
      `Secure Boot Violation`,
      `Secure Boot: image failed to verify: Security Violation`,
    ],
    healthy: [
      `EFI stub: UEFI Secure Boot is enabled.
[    0.000000] secureboot: Secure boot enabled
[    0.000000] Kernel is locked down from EFI Secure Boot mode; see man kernel_lockdown.7`,
      `[    3.112233] Lockdown: modprobe: unsigned module loading is restricted; see man kernel_lockdown.7
[    3.112301] Loading of unsigned module is rejected`,
      `Booting in insecure mode`,
    ],
  },
  'boot-loader-missing': {
    fails: [
      `Failed to open \\EFI\\redhat\\grubx64.efi - Not Found
Failed to load image \\EFI\\redhat\\grubx64.efi: Not Found
start_image() returned Not Found`,
      `Failed to load image ??: Not Found`,
      `start_image() returned Not Found, falling back to default loader`,
      `GRUB Hard Disk Error`,
    ],
    healthy: [
      `Failed to open \\EFI\\BOOT\\mmx64.efi - Not Found${BOOTS}`,
      `System BootOrder not found.  Initializing defaults.
Creating boot entry "Boot0003" with label "redhat" for file "\\EFI\\redhat\\shimx64.efi"`,
    ],
  },
}
