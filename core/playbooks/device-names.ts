/**
 * The many names of one device or mount point: as fstab(5) has it, as udev links it, as the kernel prints it, and as
 * systemd makes a unit of it (systemd.unit(5), "String Escaping for Inclusion in Unit Names").
 */

/** `dev-disk-by\x2duuid-1234.device` and `/dev/disk/by-uuid/1234` are `UUID=1234`; `data.mount` is `/data`. */
export function plainName(name: string): string {
  return asTag(fromUnit(name))
}

/**
 * Whether `name` is what systemd left of a device's name to fit its line, with dots for the rest: `…6c9b0-5bbd-42bc-b7ba`.
 * What is left of a name that is not long could be any.
 */
export function isCutNameOf(name: string, device: string): boolean {
  const tail = /^.*(?:…|\.{3})(?<tail>[^…]+?)(?:\.device)?$/.exec(name)?.groups?.tail ?? ''
  return tail.length >= SHORTEST_TAIL && plainName(device).endsWith(tail)
}

/** Of a UUID, a quarter tells it from the few others of one machine. */
const SHORTEST_TAIL = 8

/** A tag such as `UUID=1234`, whose values blkid(8) knows. */
export function isTag(device: string): boolean {
  return /^(?:UUID|LABEL|PARTUUID|PARTLABEL)=./.test(device)
}

/** Whether it names a block device or swap space of this machine, rather than a server or a kind of nothing. */
export function isLocalDevice(device: string): boolean {
  return isTag(device) || device.startsWith('/dev/')
}

function fromUnit(name: string): string {
  const unit = /^(?:systemd-fsck@)?(?<escaped>.+)\.(?:device|mount|automount|swap|service)$/.exec(name)?.groups?.escaped
  if (unit === undefined || name.includes('/')) return name
  return unit === '-' ? '/' : withoutEscapes(`/${unit.replaceAll('-', '/')}`)
}

function asTag(path: string): string {
  const { by = '', value = '' } =
    /^\/dev\/disk\/by-(?<by>uuid|label|partuuid|partlabel)\/(?<value>.+)$/.exec(path)?.groups ?? {}
  return by === '' ? path : `${by.toUpperCase()}=${withoutEscapes(value)}`
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
}
