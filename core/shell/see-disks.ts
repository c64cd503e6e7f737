/**
 * Part of a script of any sh: makes the machine's disks visible where a bare shell lacks /proc, /sys and /dev, and the
 * volumes of LVM appear. All of that is in memory.
 *
 * Without udev nobody answers libdevmapper's questions, so it makes the nodes itself. util-linux's blkid finds disks in
 * /proc/partitions.
 */
export const SEE_DISKS = [
  '[ -e /proc/partitions ] || mount -t proc proc /proc >/dev/null 2>&1',
  '[ -e /sys/block ] || mount -t sysfs sysfs /sys >/dev/null 2>&1',
  '[ -e /dev/null ] || mount -t devtmpfs devtmpfs /dev >/dev/null 2>&1',
  // A small system may have LVM's commands as words of one tool only.
  'l=; command -v lvm >/dev/null && l=lvm; ' +
    'if [ "$l" ] || command -v vgchange >/dev/null; then DM_DISABLE_UDEV=1 $l vgchange -ay --sysinit >/dev/null 2>&1; fi',
].join('; ')
