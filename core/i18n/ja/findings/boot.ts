/** ファームウェアからinitramfsまで。 */
const volumeElsewhere = 'ブート・ボリュームを別のインスタンスにアタッチし、そこで修復してください。'

export const boot = {
  'no-bootable-device': {
    happened: 'ファームウェアが、起動できるディスクを見つけられませんでした。',
    next: `OCIコンソールでブート・ボリュームがアタッチされているか確認してください。アタッチされている場合は、ブート・ローダーが失われています。${volumeElsewhere}`,
  },
  'secure-boot-refused': {
    happened:
      'ブート・ローダーまたはカーネルが信頼されたキーで署名されていないため、セキュア・ブートが開始を拒否しました。',
    next: '署名された古いカーネルで起動するか、レスキュー・システムから署名済みのパッケージ (shim、GRUB、カーネル) を再インストールしてください。',
  },
  'boot-loader-missing': {
    happened: '最初のブート・ローダーは動いていますが、開始すべきGRUB ({file}) がディスクにありません。',
    unnamed: '最初のブート・ローダーは動いていますが、開始すべきGRUBがディスクにありません。',
    next: `${volumeElsewhere}GRUBの再インストールが必要です。`,
  },
  'kernel-image-missing': {
    happened: 'ブート・ローダーがカーネル {file} を見つけられません。',
    unnamed: 'ブート・ローダーに、開始するカーネルがありません。',
  },
  'kernel-image-bad': {
    happened: 'カーネルのファイル {file} が壊れています。',
    unnamed: 'カーネルのファイルが壊れていて、開始できません。',
  },
  'initramfs-missing': {
    happened: 'initramfs {file} がないため、カーネルは開始しますがディスクをマウントできません。',
    unnamed: 'initramfsがないため、カーネルは開始しますがディスクをマウントできません。',
  },
  'grub-out-of-memory': {
    happened: 'カーネルまたはinitramfsのロード中に、ブート・ローダーのメモリーが不足しました。',
  },
  'grub-unknown-filesystem': {
    happened:
      'ブート・ローダーが、自分のファイルのあるファイル・システムを読めません。壊れているか、対応していない種類です。',
    next: `${volumeElsewhere}/boot のファイル・システムを検査してください。`,
  },
  'grub-device-missing': {
    happened: 'ブート・ローダーが、存在しないディスクまたはパーティションを探しています: {device}。',
    unnamed: 'ブート・ローダーが、存在しないディスクまたはパーティションを探しています。',
    next: `${volumeElsewhere}ブート・ローダーを再インストールするか、設定で正しいディスクを指定する必要があります。`,
  },
  'grub-read-error': {
    happened: 'ブート・ローダーがディスクを読めません。',
    next: `${volumeElsewhere}ディスクがファイル・システムより短いか、壊れている可能性があります。`,
  },
  'grub-module-mismatch': {
    happened: 'ブート・ローダーとモジュールのバージョンが異なるため ({symbol} がありません)、開始しません。',
    unnamed: 'ブート・ローダーとモジュールのバージョンが異なるため、開始しません。',
    next: `${volumeElsewhere}ディスク自体にGRUBを再インストールする必要があります (grub-install)。`,
  },
  'grub-file-not-found': {
    happened: 'ブート・ローダーが自分のファイル {file} を見つけられません。',
    next: `${volumeElsewhere}GRUBの再インストール、または設定の再作成が必要です。`,
  },
  'grub-config-error': {
    happened: 'ブート・ローダーの設定に、そこで停止する誤りがあります。',
    next: `${volumeElsewhere}grub2-mkconfigまたはupdate-grubで設定を再作成してください。`,
  },
  'grub-password': {
    happened: 'ブート・ローダーが、起動前にユーザー名とパスワードを求めています。',
    next: 'ブート・ローダーのパスワードを知っている人が、シリアル・コンソールで入力する必要があります。',
  },
  'grub-rescue': {
    happened: 'ブート・ローダーがレスキュー・プロンプトで停止しました。残りの部分をロードできません。',
    next: `${volumeElsewhere}ブート・ローダーの再インストールが必要です。`,
  },
  'grub-minimal-shell': {
    happened: 'ブート・ローダーがコマンドラインで停止しました。起動するためのメニューがありません。',
    next: `設定ファイル (grub.cfg) がないか、空です。${volumeElsewhere}`,
  },
  'module-blacklisted': {
    happened: 'このマシンに必要な {module} をロードしないよう、カーネルに指示されています。',
  },
  'initramfs-corrupt': {
    happened: 'initramfsが壊れていて、カーネルが展開できません。',
  },
  'lvm-volume-missing': {
    happened: 'LVMボリューム {volume} が見つかりませんでした。',
    unnamed: 'LVMボリューム・グループのディスクがありません。',
  },
  'iscsi-boot-failed': {
    happened: 'マシンがiSCSIでブート・ボリュームに接続できませんでした。',
    next: 'ブート・ボリュームがアタッチされているか、次にインスタンスのネットワークを確認してください。以前のカーネルには必要なドライバがあるかもしれません。',
  },
  'raid-not-assembled': {
    happened: 'RAIDアレイ {device} を開始できませんでした。ディスクが足りません。',
    unnamed: 'RAIDアレイを開始できませんでした。ディスクが足りません。',
    next: 'すべてのボリュームがアタッチされているか確認してください。緊急シェルで `mdadm --assemble --run` を実行すると、あるディスクだけでアレイを開始できます。',
  },
  'raid-degraded': {
    happened: 'RAIDアレイ {device} は、一部のディスクなしで動作しています。',
    next: '足りないボリュームをアタッチするか、故障したものを `mdadm --add` で交換してください。',
  },
  'luks-waiting': {
    happened: '起動が、暗号化されたディスク {device} のパスフレーズを待っています。',
    unnamed: '起動が、暗号化されたディスクのパスフレーズを待っています。',
    next: '知っている人が、シリアル・コンソールで入力する必要があります。',
  },
  'root-device-missing': {
    happened: '起動時に、ルート・ファイル・システムのディスクが見つかりませんでした: {device}。',
    unnamed: '起動時に、ルート・ファイル・システムのディスクが見つかりませんでした。',
  },
  'root-mount-failed': {
    happened: 'ルート・ファイル・システムはありますが、マウントできませんでした。',
    next: 'ログに理由はありません。その前の行を確認し、レスキュー・システムからファイル・システムを検査してください。',
  },
  'dracut-timeout': {
    happened: 'initramfsが、多くはルート・ディスクを、時間切れまで待ちました。',
    next: '何が足りなかったかはログにありません。カーネル行の `root=` と `rd.lvm.lv=` を、存在するディスクと比べてください。',
  },
  'initramfs-shell': {
    happened: 'システム自身のディスクをマウントする前に、起動がinitramfsのシェルで停止しました。',
    next: 'ログに理由はありません。ディスクをマウントできれば、`/oci-rescue shell` と修復はそのシェルから動作します。`cat /proc/cmdline` と `blkid` も確認してください。',
  },
}
