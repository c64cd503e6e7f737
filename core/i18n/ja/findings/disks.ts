/** ディスク、ファイル・システム、`/etc/fstab`。 */
export const disks = {
  'disk-io-error': {
    happened: 'ディスク {device} がエラーを返しています。',
    unnamed: 'ディスクがエラーを返しています。',
    next: 'OCIコンソールで、ボリュームがアタッチされ正常かを確認してください。直らない場合は、バックアップからリストアしてください。',
  },
  'ext4-corruption': {
    happened: '{device} のext4ファイル・システムが壊れています。',
    unnamed: 'ext4ファイル・システムが壊れています。',
  },
  'xfs-corruption': {
    happened: '{device} のXFSファイル・システムが壊れています。',
    unnamed: 'XFSファイル・システムが壊れています。',
  },
  'btrfs-corruption': {
    happened: '{device} のbtrfsファイル・システムが壊れています。',
    unnamed: 'btrfsファイル・システムが壊れています。',
    next: '`-o rescue=all` で読取り専用でマウントして内容を退避し、バックアップからリストアしてください。',
  },
  'fsck-needed': {
    happened: '{device} のファイル・システムに、自動では修復されなかったエラーがあります。',
    unnamed: 'ファイル・システムに、自動では修復されなかったエラーがあります。',
  },
  'read-only-remount': {
    happened: 'エラーのため、{device} のファイル・システムは読取り専用になっています。何も書き込めません。',
    unnamed: 'エラーのため、ファイル・システムが読取り専用になっています。何も書き込めません。',
  },
  'disk-full': {
    happened: 'ディスクがいっぱいです。{file} に書き込めませんでした。',
    unnamed: 'ディスクがいっぱいです。',
    next: '不要なもの (古いログ、パッケージのキャッシュ) を削除するか、ボリュームとファイル・システムを拡張してください。',
  },
  'inodes-full': {
    happened: '空き容量があっても、ファイル・システムにこれ以上ファイルを作成できません。',
    next: '非常に多くの小さいファイルがあるディレクトリを探し (`du --inodes`)、不要なものを削除してください。',
  },
  'fstab-missing-device': {
    happened: '/etc/fstab が {mount} にマウントするディスク {device} がないため、起動が停止しました。',
    unnamed: '/etc/fstab に指定されたディスクがないため、起動が停止しました。',
  },
  'fstab-bad-option': {
    happened: '/etc/fstab のマウント・オプション「{option}」は、そのファイル・システムでは使えません。',
    unnamed: '/etc/fstab に、そのファイル・システムでは使えないマウント・オプションがあります。',
  },
  'fstab-wrong-type': {
    happened: 'ディスクのファイル・システムが、/etc/fstab に書かれた種類 ({type}) と異なります。',
    unnamed: 'ディスクのファイル・システムが、/etc/fstab に書かれた種類と異なります。',
  },
  'fstab-malformed': {
    happened: '/etc/fstab の {line} 行目を解釈できません。',
    unnamed: '/etc/fstab に解釈できない行があります。',
  },
  'fstab-mount-failed': {
    happened: '{mount} のファイル・システムをマウントできなかったため、起動が停止しました。',
  },
  'network-mount-failed': {
    happened: '{mount} のネットワーク・ファイル・システムをマウントできませんでした。',
    unnamed: 'ネットワーク・ファイル・システムをマウントできませんでした。',
  },
}
