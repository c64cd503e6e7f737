/** マシンがしたこと、またはしなかったこと。 */
const lookAtRecording = '下の画面と記録を確認してください。'
const otherProblem = 'このマシンの問題はキーの紛失ではありません。'
const shellOrEdit = 'シェルで調べるか、`/oci-rescue edit` でファイルを変更してください。'

export const machine = {
  'sshd-unclear': {
    happened: '{instance} のsshdは、ここでは修復できない理由で開始を拒否しています: {said}。',
    next: shellOrEdit,
  },
  'sudoers-unclear': {
    happened: '{instance} のsudoの設定は、ここでは修復できない理由で拒否されています: {said}。',
    next: shellOrEdit,
  },
  'grub-not-seen': {
    happened: 'シリアル・コンソールにブート・ローダーのメニューが表示されませんでした。代わりに見えたもの: {saw}。',
    next: 'このイメージのGRUBがシリアル回線を使っていないか、メニューが無効になっている可能性があります。記録に起動全体があります。',
  },
  'grub-does-not-wait': {
    happened: 'ブート・ローダーの開始は確認できましたが、どれだけ早くキーを送っても、待たずにシステムを開始します。',
    next: 'タイムアウトが0の可能性があります。その場合は、ブート・ボリュームを別のインスタンスにアタッチするしかありません。',
  },
  'grub-ignores-keys': {
    happened: 'ブート・ローダーはメニューを表示しましたが、送ったキーがどれも効きませんでした。',
    next: 'GRUBが画面側の入力だけを受け付け、シリアル回線を使っていない可能性があります。メニューは記録にあります。',
  },
  'grub-password': {
    happened: 'ブート・ローダーがパスワードを求めていますが、正しいものが入力されませんでした。',
    next: 'パスワードを知っている人がいるときに、もう一度コマンドを入力してください。',
  },
  'password-not-asked': {
    happened: 'ブート・ローダーがパスワードを求めましたが、入力される前にマシンが先に進みました。',
    next: '別の人がリセットした可能性があります。もう一度コマンドを入力してください。',
  },
  'edit-not-shown': {
    happened: '編集したカーネル行が画面に正しく表示されなかったため、起動しませんでした。',
    next: 'もう一度コマンドを入力してください。シリアル回線が遅いか混雑していることが主な原因です。',
  },
  'no-kernel-line': {
    happened: 'ブート・ローダーのエントリに、Linuxカーネルをロードする行がありません。',
    next: `デフォルトのエントリが別のもののためである可能性があります。${lookAtRecording}`,
  },
  'editor-off': {
    happened: 'ブート・ローダー (systemd-boot) では、エントリ「{title}」を編集できません。',
    next: 'エディタが無効か、エントリが引数とともに署名されています。メニューの別のエントリなら可能かもしれません。',
  },
  'entry-not-linux': {
    happened: 'ブート・ローダーのエントリは、`{command}` でLinuxカーネル以外のものを開始します。',
    next: 'このマシンを知っている人に、どのエントリがLinuxかを確認してください。',
  },
  'unified-kernel': {
    happened: 'ブート・ローダーのエントリは、引数を内蔵する統合カーネル・イメージを開始します。',
    next: 'この種のカーネルには起動時に引数を追加できません。メニューに別のエントリがあれば、それで可能かもしれません。',
  },
  'grub-error': {
    happened: 'ブート・ローダーがシステムをロードできませんでした: {message}。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'grub-screen-garbled': {
    happened: 'ブート・ローダーのメニューを読み取れません。ファームウェアのコンソールがGRUBの描画を崩しています。',
    next: 'このイメージのGRUBには独自のシリアル・ドライバがありません。グラフィック・コンソールで手作業が必要です。',
  },
  'kernel-line-odd': {
    happened: 'ブート・ローダーのカーネル行は、安全に編集できない形式です。',
    next: lookAtRecording,
  },
  'kernel-line-too-long': {
    happened: 'ブート・ローダーのカーネル行に追加する余地がありません。残りが切り捨てられてしまいます。',
    next: '手作業が必要です。行を編集し、カーネルに不要な引数を取り除いてください。',
  },
  'tool-failed': {
    happened: '`{command}` が成功を示さない終了コード {exitCode} で終わりました。出力: {said}。',
    next: `それまでに行われたことは残っています。${lookAtRecording}`,
  },
  'fsck-failed': {
    happened: '`{command}` は {device} を検査できませんでした (終了コード {exitCode})。出力: {said}。',
    next: '何も変更していません。ディスク自体の故障の可能性があります。OCIコンソールでボリュームとバックアップを確認してください。',
  },
  'repair-did-not-help': {
    happened: '承認された変更を行いましたが、マシンはまだ修復が求める状態になっていません。',
    next: `変更とバックアップは残ります。${lookAtRecording}`,
  },
  'root-unknown': {
    happened:
      'ブート・ローダーにメニューがなく、どのディスクがルート・ファイル・システムかを示すものもありません: {seen}。',
    next: `推測はしていません。${lookAtRecording}`,
  },
  'no-kernel-found': {
    happened: 'ブート・ローダーにメニューがなく、ディスクにカーネルも見つかりません: {seen}。',
    next: `ブート・ボリュームが壊れているか、別のものがアタッチされている可能性があります。${lookAtRecording}`,
  },
  'no-maintenance-shell': {
    happened: '編集したカーネル行で起動しましたが、rootシェルが応答しませんでした。',
    next: lookAtRecording,
  },
  'shell-unclean': {
    happened: 'シェルはありましたが、期待どおりに応答しなかったため、何も入力しませんでした。',
    next: `もう一度コマンドを入力してください。繰り返す場合は、${lookAtRecording}`,
  },
  'shell-lost': {
    happened: 'rootシェルが応答しなくなりました。',
    next: lookAtRecording,
  },
  'kernel-panic': {
    happened: 'カーネルがパニックで停止しました: {reason}。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'grub-rescue': {
    happened: 'ブート・ローダーがレスキュー・プロンプトで停止しました。自分のファイルを見つけられません。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'firmware-menu': {
    happened: 'マシンがファームウェアのメニューで停止しました。',
    next: 'リセットする前に、手作業でメニューを終了してください。メニューの中からリセットすると、起動しなくなることがあります。',
  },
  'no-boot-option': {
    happened: 'ファームウェアの選択肢に、ブート・ボリュームからの起動がありません。選択肢: {options}。',
    next: lookAtRecording,
  },
  'firmware-not-left': {
    happened: 'マシンがファームウェアのメニューにあり、終了できなかったため、リセットしませんでした。',
    next: 'コンソールから手作業で終了してください。メニューの中からリセットすると、起動しなくなることがあります。',
  },
  'uefi-shell': {
    happened: 'ファームウェアが起動できるものを見つけられず、自身のシェルで停止しました。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'grub-command-line': {
    happened: 'ブート・ローダーがコマンドラインで停止しました。起動するためのメニューがありません。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'root-not-mounted': {
    happened:
      '起動がinitramfsのシェルで停止しました。カーネル行が `{root}` と指定しているルート・ファイル・システムを、そこからマウントできませんでした: {said}。',
    next: 'カーネル行の `root=` と、インスタンスのボリュームを照合してください。直前に更新があった場合は、`/oci-rescue kernel` で1つ前のカーネルを起動できます。',
  },
  'root-without-shell': {
    happened: '起動がinitramfsのシェルで停止しました。ルート・ファイル・システムのシェルは起動しませんでした: {said}。',
    next: 'プログラムまたはライブラリがないか、壊れています。ブート・ボリュームを別のインスタンスにアタッチし、バックアップと比較してください。',
  },
  'initramfs-shell': {
    happened: 'システムが開始する前に、起動がinitramfsのシェルで停止しました。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  emergency: {
    happened: 'マシンが緊急モードで起動します。必要なもの、多くは /etc/fstab にあるディスクがありません。',
    next: `${otherProblem}${lookAtRecording}`,
  },
  'line-dropped': {
    happened: 'シリアル・コンソールの回線が切れました。',
    next: 'もう一度コマンドを入力してください。繰り返し切れる場合は、リージョンのOCIステータス・ページを確認してください。',
  },
  'time-limit': {
    happened: '制限時間内に、マシンからそれ以上の応答がありませんでした。',
    next: lookAtRecording,
  },
  'nothing-appeared': {
    happened: '{what} を待ちましたが、時間内に現れませんでした。',
    next: lookAtRecording,
  },
  'command-time-limit': {
    happened: 'マシン上のコマンドが時間内に終わらず、中断しました。',
    next: `ディスクの応答停止が主な原因です。${lookAtRecording}`,
  },
  'output-too-long': {
    happened: 'マシンの出力が、コマンドの出力としては長すぎます。',
    next: lookAtRecording,
  },
  'file-too-long': {
    happened: '{path} は長すぎて、シリアル・コンソールでは転送できません。',
    next: '別のユーザーを指定してコマンドを入力し、そのユーザーでログインしてファイルを確認してください。',
  },
  'transfer-failed': {
    happened: 'ファイルがシリアル・コンソールで完全に届きませんでした。再試行もしました。',
    next: 'もう一度コマンドを入力してください。シリアル回線の混雑が主な原因です。',
  },
  'lacks-tools': {
    happened: '{path} は、base64かsha256sumのないこのメンテナンス・シェルから取得するには長すぎます。',
    next: '`shell` でsedなどを使い、1行ずつ変更できます。',
  },
  'look-unreadable': {
    happened: '{about} についてのマシンの応答を解釈できませんでした。',
    next: lookAtRecording,
  },
  'selinux-policy-failed': {
    happened:
      'SELinuxのポリシーをロードできなかったため、何も書き込みませんでした。書き込むとログインに失敗するおそれがあります。',
    next: lookAtRecording,
  },
  'check-failed': {
    happened: '{path} に書き込みましたが、読み戻した内容が承認されたものと異なります。',
    next: '信頼する前に、バックアップと比較してください。',
  },
}
