/** システム自身の開始: モード、systemd、SELinux、クラウドのエージェント、時計。 */
export const system = {
  'emergency-mode': {
    happened: '起動が緊急モードで停止し、ネットワーク経由では誰もログインできません。',
    next: 'ログに理由はありません。そのモードで `journalctl -xb` と `systemctl --failed` を確認してください。',
  },
  'rescue-mode': {
    happened: 'マシンはレスキュー・モードで、ネットワーク経由では誰もログインできません。',
    next: '意図したものでない場合は、`systemctl get-default` とカーネル行で原因を確認してください。',
  },
  'dependency-failed': {
    happened: '起動に必要なものが失敗しました: {unit}。',
    next: '何が失敗したかはログにありません。緊急シェルで `systemctl --failed` を確認してください。',
  },
  'start-job-hangs': {
    happened: '起動が {unit} を {waited} 待っています。',
    next: '自然に進むこともあります。進まない場合は、待っているものが存在しません。',
  },
  'selinux-type-typo': {
    happened: 'SELinuxに、存在しないポリシー「{type}」が設定されています。',
  },
  'selinux-policy-missing': {
    happened: 'SELinuxが強制モードですが、ポリシーをロードできなかったため、起動が停止されました。',
  },
  'selinux-relabel-loop': {
    happened: 'マシンが起動のたびにSELinuxのラベルを付け直し、終わる前に再起動することを繰り返しています。',
    next: '/.autorelabel を削除し、1回 `enforcing=0` で起動してください。ディスクの空き不足が主な原因です。',
  },
  'auditd-halt': {
    happened: '監査システムがログを書けないため、設定に従ってマシンを停止しました。',
    next: '/var/log/audit の空きを確保するか、空きがないときのauditdの動作を変更してください (auditd.conf)。',
  },
  'default-target-missing': {
    happened: 'systemdが、起動先のターゲットを見つけられません。',
    next: 'レスキュー・システムから、/etc/systemd/system/default.target をmulti-user.targetにリンクし直してください。',
  },
  'systemd-frozen': {
    happened: 'systemdが続行を断念し、停止しています。',
    next: 'その前の行に理由があります。リセット以外では終わりません。',
  },
  'machine-id-missing': {
    happened: '/etc/machine-id がないか、読めません。',
  },
  'libc-broken': {
    happened: 'すべてのプログラムに必要なライブラリがないか、壊れています: {library}。',
    unnamed: 'すべてのプログラムに必要なライブラリがないか、適合しません。',
    next: 'ブート・ボリュームを別のインスタンスにアタッチしてパッケージ (glibc) を直すか、バックアップをリストアしてください。',
  },
  'library-missing': {
    happened: 'ライブラリ {library} がないか適合しないため、プログラムが開始しません。',
    next: 'それを含むパッケージを再インストールしてください。',
  },
  'cloud-init-failed': {
    happened: 'cloud-initが失敗しました: {unit}。キー、ユーザー、ネットワークが設定されていない可能性があります。',
    unnamed: 'cloud-initが失敗しました。キー、ユーザー、ネットワークが設定されていない可能性があります。',
    next: 'マシンの /var/log/cloud-init.log に理由があります。OCIではメタデータ・サービスに接続できるか確認してください。',
  },
  'clock-wrong': {
    happened: 'マシンの時計が大きくずれています ({time})。',
    unnamed: 'マシンの時計が大きくずれています。',
    next: '証明書やトークンが無効になります。chronydまたはntpdと、169.254.169.254への接続を確認してください。',
  },
}
