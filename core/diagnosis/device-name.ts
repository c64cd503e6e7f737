/** Names of devices as systemd writes them, to those that stand in `/etc/fstab`. (systemd src/basic/unit-name.c) */

/** `dev-disk-by\x2duuid-1234.device - /dev/disk/by-uuid/1234` to `UUID=1234`, `dev-sdb1.device` to `/dev/sdb1`. */
export function deviceName(name: string): string {
  return asInFstab(/ - (?<path>\/\S+)/.exec(name)?.groups?.path?.replace(/\.$/, '') ?? pathOf(name))
}

function pathOf(name: string): string {
  if (name.startsWith('\\x2f')) return withoutEscapes(name)
  const unit = name.replace(/\.$/, '').replace(/\.device(?:\/start)?$/, '')
  // What was too long for the console has dots in the middle.
  if (!unit.startsWith('dev-') || unit.includes('…') || unit.includes('...')) return unit
  return withoutEscapes(`/${unit.replaceAll('-', '/')}`)
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\\x(?<code>[0-9a-f]{2})/g, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
}

function asInFstab(path: string): string {
  const { by = '', value = '' } =
    /^\/dev\/disk\/by-(?<by>uuid|label|partuuid|partlabel)\/(?<value>.+)$/.exec(path)?.groups ?? {}
  return by === '' ? path : `${by.toUpperCase()}=${withoutEscapes(value)}`
}
