/** What the machine did, or did not do. */
const lookAtRecording = 'Look at the screen below and at the recording.'

export const machine = {
  'sshd-unclear': {
    happened: 'sshd on {instance} refuses to start for a reason that is not repaired here: {said}',
    next: 'Look at it with the shell, or change the file with `/oci-rescue edit`.',
  },
  'sudoers-unclear': {
    happened: 'sudo’s configuration on {instance} is refused for a reason that is not repaired here: {said}',
    next: 'Look at it with the shell, or change the file with `/oci-rescue edit`.',
  },
  'grub-not-seen': {
    happened: 'The boot loader’s menu never showed on the serial console. What was there instead: {saw}.',
    next: 'GRUB may not use the serial line on this image, or its menu may be off. The recording has the whole boot.',
  },
  'grub-does-not-wait': {
    happened:
      'The boot loader was seen to begin, but it starts the system without waiting for a key, however early one comes.',
    next: 'Its timeout may be zero. Then only the instance’s boot volume, attached to another instance, lets anybody in.',
  },
  'grub-ignores-keys': {
    happened: 'The boot loader showed its menu, but no key that was sent had an effect.',
    next: 'GRUB may take its input only from the screen, not from the serial line. The recording has the menu.',
  },
  'grub-password': {
    happened: 'The boot loader asks for a password, and was not given one that it takes.',
    next: 'Type the command again when somebody is there who knows it.',
  },
  'password-not-asked': {
    happened: 'The boot loader asked for a password, but the machine went on before it was entered.',
    next: 'Somebody else may have reset it. Type the command again.',
  },
  'edit-not-shown': {
    happened: 'The edited kernel line did not stand on the screen as it should, so it was not booted.',
    next: 'Type the command again. A slow or busy serial line is the usual cause.',
  },
  'no-kernel-line': {
    happened: 'The boot loader’s entry has no line that loads a Linux kernel.',
    next: `The default entry may belong to something else. ${lookAtRecording}`,
  },
  'editor-off': {
    happened: 'The boot loader (systemd-boot) does not let anybody edit the entry “{title}”.',
    next: 'Its editor is switched off, or the entry is signed with its arguments. Another entry of its menu may do.',
  },
  'entry-not-linux': {
    happened: 'The boot loader’s entry starts something else than a Linux kernel, with `{command}`.',
    next: 'Somebody who knows this machine must say which entry is its Linux.',
  },
  'unified-kernel': {
    happened: 'The boot loader’s entry starts a unified kernel image, which brings its own arguments.',
    next: 'Such a kernel takes no others at boot. If the menu has another entry, that one may do.',
  },
  'grub-error': {
    happened: 'The boot loader could not load the system: {message}.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'grub-screen-garbled': {
    happened: 'The boot loader’s menu can not be read: the firmware’s console garbles what GRUB draws.',
    next: 'GRUB has no serial driver of its own on this image. Somebody must do this by hand, over the graphic console.',
  },
  'kernel-line-odd': {
    happened: 'The boot loader’s kernel line has a form that I do not dare to edit.',
    next: lookAtRecording,
  },
  'kernel-line-too-long': {
    happened: 'The boot loader’s kernel line has no room for what must be added: the rest would be cut off.',
    next: 'Somebody must do this by hand: edit the line and take out what the kernel can do without.',
  },
  'tool-failed': {
    happened: '`{command}` ended with exit code {exitCode}, which is none of those that mean success. It said: {said}.',
    next: `What it has done until then stands. ${lookAtRecording}`,
  },
  'fsck-failed': {
    happened: '`{command}` could not check {device} (exit code {exitCode}). It said: {said}.',
    next: 'Nothing was changed. The disk itself may be faulty: look at its volume in the OCI console, and at its backups.',
  },
  'repair-did-not-help': {
    happened: 'The approved changes were made, but the machine still is not as the repair wants it.',
    next: `The changes stay, with their backups. ${lookAtRecording}`,
  },
  'root-unknown': {
    happened: 'The boot loader has no menu, and on its disks nothing says which one is the root file system: {seen}.',
    next: `It was not guessed. ${lookAtRecording}`,
  },
  'no-kernel-found': {
    happened: 'The boot loader has no menu, and no kernel was found on its disks: {seen}.',
    next: `The boot volume may be damaged, or another one is attached. ${lookAtRecording}`,
  },
  'no-maintenance-shell': {
    happened: 'The machine booted with the edited kernel line, but no root shell answered.',
    next: lookAtRecording,
  },
  'shell-unclean': {
    happened: 'A shell was there, but it did not answer as a shell must, so nothing was typed into it.',
    next: `Type the command again. If it happens again: ${lookAtRecording.toLowerCase()}`,
  },
  'shell-lost': {
    happened: 'The root shell stopped answering.',
    next: lookAtRecording,
  },
  'kernel-panic': {
    happened: 'The kernel stopped with a panic: {reason}.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'grub-rescue': {
    happened: 'The boot loader stopped at its rescue prompt: it cannot find its own files.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'firmware-menu': {
    happened: 'The machine stopped in the menus of its firmware.',
    next: 'Leave them by hand before it is reset: an instance that is reset from inside them may not come up again.',
  },
  'no-boot-option': {
    happened: 'The firmware does not offer to boot the boot volume. It offers: {options}.',
    next: lookAtRecording,
  },
  'firmware-not-left': {
    happened: 'The machine is in the menus of its firmware, and I could not leave them, so it was not reset.',
    next: 'Leave them by hand, over the console: an instance that is reset from inside them may not come up again.',
  },
  'uefi-shell': {
    happened: 'The firmware found nothing to boot and stopped in its own shell.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'grub-command-line': {
    happened: 'The boot loader stopped at its command line: it has no menu to boot from.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'root-not-mounted': {
    happened:
      'The boot stopped in a shell of the initramfs. The root file system, which the kernel line names as `{root}`, could not be mounted from there: {said}.',
    next: 'Compare `root=` of the kernel line with the volumes of the instance. If an update came before it, `/oci-rescue kernel` boots the kernel before.',
  },
  'root-without-shell': {
    happened: 'The boot stopped in a shell of the initramfs. On the root file system no shell starts: {said}.',
    next: 'Its programs or their libraries are missing or damaged. Attach the boot volume to another instance, and compare it with a backup.',
  },
  'initramfs-shell': {
    happened: 'The boot stopped in a shell of the initramfs, before the system was started.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  emergency: {
    happened: 'The machine boots into emergency mode: something it needs, often a disk in /etc/fstab, is missing.',
    next: `This machine has another problem than a lost key. ${lookAtRecording}`,
  },
  'line-dropped': {
    happened: 'The serial console dropped.',
    next: 'Type the command again. If it keeps dropping, look at the OCI status page for the region.',
  },
  'time-limit': {
    happened: 'Nothing more came from the machine within the time allowed.',
    next: lookAtRecording,
  },
  'nothing-appeared': {
    happened: 'I waited for {what}, and it did not appear in time.',
    next: lookAtRecording,
  },
  'command-time-limit': {
    happened: 'A command on the machine did not end in time and was interrupted.',
    next: `A disk that hangs is the usual cause. ${lookAtRecording}`,
  },
  'output-too-long': {
    happened: 'The machine said more than a command should.',
    next: lookAtRecording,
  },
  'file-too-long': {
    happened: '{path} is too long to be carried over the serial console.',
    next: 'Type the command again with another user, log in as that one and look at the file.',
  },
  'transfer-failed': {
    happened: 'A file did not come over the serial console whole, although it was tried again.',
    next: 'Type the command again. A busy serial line is the usual cause.',
  },
  'lacks-tools': {
    happened: '{path} is too long to be fetched from this maintenance shell, which lacks base64 or sha256sum.',
    next: 'It can be changed with `shell`, line by line, for example with sed.',
  },
  'look-unreadable': {
    happened: 'The machine’s answer about {about} is not in a form that I understand.',
    next: lookAtRecording,
  },
  'selinux-policy-failed': {
    happened: 'SELinux’s policy could not be loaded, so nothing was written: the login would have failed afterwards.',
    next: lookAtRecording,
  },
  'check-failed': {
    happened: '{path} was written, but reading it back did not give what was approved.',
    next: 'Compare it with its backup before you trust it.',
  },
}
