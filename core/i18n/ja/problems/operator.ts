/** 依頼した人、またはインスタンスの担当者が直せること。 */
const again = 'もう一度コマンドを入力してください。'
const otherUser = '別のユーザーを指定して、もう一度コマンドを入力してください。'

export const operator = {
  'no-fstab': {
    happened: 'このマシンに /etc/fstab がありません。',
    next: 'ファイル・システムは別の方法でマウントされています。シェルで確認してください。',
  },
  'sudoers-gone': {
    happened: '{instance} に {path} がありません。',
    next: 'シェルで作成してください。例: `root ALL=(ALL:ALL) ALL` と `#includedir /etc/sudoers.d`。',
  },
  'sudoers-elsewhere': {
    happened: 'sudoが {path} を解釈できません。これはsudo自身のファイルではありません。',
    next: '別のファイルから取り込まれています。シェルで確認するか、`/oci-rescue edit` で変更してください。',
  },
  'no-grub-config': {
    happened: '/boot にgrub.cfgがないため、デフォルトのカーネルを変更できません。',
    next: '/boot がここではマウントされていない別のファイル・システムか、別のブート・ローダーを使っている可能性があります。',
  },
  'no-default-entry': {
    happened: 'GRUBの設定に `{kernel}` のエントリがないか、デフォルトの設定方法を解釈できません。',
    next: 'マシンは現在そのカーネルで動いています。grub-set-defaultまたはgrubbyを使い、手作業でデフォルトにしてください。',
  },
  'instance-not-found': {
    happened: '参照できるインスタンス {target} はありません。',
    next: 'OCIコンソールで名前を確認するか、OCIDを使ってください。正しい場合は、ワーカーのIAMポリシーまたはコンパートメントの一覧の対象外です。',
  },
  'choice-expired': {
    happened: '{target} という名前のインスタンスが複数あり、期限までに選択されませんでした。',
    next: 'OCIDを指定して、もう一度コマンドを入力してください。',
  },
  'no-such-entry': {
    happened: 'ブート・ローダーのメニューに {wanted} のエントリがありません。あるもの: {entries}。',
    next: 'メニューにあるタイトルを指定して、もう一度コマンドを入力してください。',
  },
  'ambiguous-entry': {
    happened: 'ブート・ローダーのメニューに、{wanted} に当たるエントリが複数あります: {entries}。',
    next: '1つだけに当たるタイトルを指定して、もう一度コマンドを入力してください。',
  },
  'instance-not-running': {
    happened: '{instance} は実行中ではありません。OCIでの状態: {state}。',
    next: 'OCIコンソールで起動してから、もう一度コマンドを入力してください。',
  },
  'instance-terminated': {
    happened: '{instance} は終了されています。元には戻せません。',
    next: 'ブート・ボリュームが残っている場合は、別のインスタンスにアタッチしてください。',
  },
  'instance-not-linux': {
    happened: '{instance} はLinuxではありません。イメージのOS: {os}。',
    next: 'ここで修復できるのはLinuxインスタンスだけです。',
  },
  'instance-locked': {
    happened: 'レスキュー {by} がすでにこのインスタンスを処理しています。',
    next: 'そちらの経過を確認するか、`/oci-rescue stop {by}` で停止してください。',
  },
  'key-refused': {
    happened: 'この公開キーは使えません ({why})。',
    next: '別のキーを指定して、もう一度コマンドを入力してください。',
  },
  'console-key-not-rsa': {
    happened: 'OCIのコンソールで使えるのはRSAキーだけですが、これは {type} です。',
    next: '`ssh-keygen -t rsa -b 3072` で作成し、`.pub` ファイルの行を指定して、もう一度コマンドを入力してください。',
  },
  'password-not-entered': {
    happened: 'ブート・ローダーがパスワードを求めましたが、期限までに入力されませんでした。',
    next: 'パスワードを知っている人がいるときに、もう一度コマンドを入力してください。',
  },
  'password-unreadable': {
    happened: 'ワーカーは、入力または送信されたものを復号できませんでした。使わずに削除しました。',
    next: 'ボットとすべてのワーカーに同じSEALING_KEYを設定するよう、ボットの管理者に伝えてください。',
  },
  'user-not-found': {
    happened: '{instance} にユーザー {user} はいません。',
    next: '存在するユーザーを指定して、もう一度コマンドを入力してください。Oracle Linuxはopc、Ubuntuはubuntuです。',
  },
  'user-without-home': {
    happened: '{instance} のユーザー {user} にはホーム・ディレクトリがないため、キーを置く場所がありません。',
    next: otherUser,
  },
  'no-shadow-entry': {
    happened: '{instance} の /etc/shadow にユーザー {user} の行がないため、パスワードを設定できません。',
    next: `${otherUser}このユーザーのパスワードは、ディレクトリ・サービスなど別の場所にあります。`,
  },
  'no-shell': {
    happened: '{instance} の /etc/shells にあるシェルがどれも存在しないため、{user} にシェルを設定できません。',
    next: 'マシンの /etc/shells と、シェルのパッケージを確認してください。',
  },
  'tool-missing': {
    happened: 'これには {tool} が必要ですが、{instance} にはありません。',
    next: 'システムが壊れているか、この修復には最小構成すぎる可能性があります。rootシェルで確認できます。',
  },
  'fsck-device-missing': {
    happened: '検査するファイル・システム {device} は、{instance} のどのディスクにもありません。',
    next: 'ボリュームがアタッチされているかをOCIコンソールで確認してください。完全に失われている場合は、`/oci-rescue fstab` でそれなしで起動できるようにします。',
  },
  'fsck-unknown-type': {
    happened:
      '{device} のファイル・システムの種類は {type} です。ここで修復できるのはext2、ext3、ext4、XFS、FATだけです。',
    next: '何も変更していません。その種類の専用ツールを使ってください。btrfsの場合は、`-o rescue=all` で読取り専用でマウントし、内容を退避します。',
  },
  'fsck-mounted': {
    happened: '{device} は {mount} で使用中のため検査できません。検査すると壊れます。',
    next: '何も変更していません。ボリュームを別のインスタンスにアタッチして検査してください。',
  },
  'fsck-log-dirty': {
    happened:
      '{device} のXFSのログに、まだファイルに反映されていない変更があり、カーネルが反映できません。ログを捨てるとそれらが失われるため、修復しませんでした。',
    next: 'まずボリュームのバックアップを取得してください。その上で、ログを捨てる判断を人がする場合は、手作業で `xfs_repair -L` を実行します。',
  },
  'not-mounted': {
    happened: '/etc/fstab で {mountPoint} に指定されている {device} が必要ですが、マウントできませんでした: {said}。',
    next: '何も変更していません。壊れたファイル・システムは `/oci-rescue fsck` で修復します。ボリュームがない場合は、先にアタッチしてください。',
  },
  'home-not-mounted': {
    happened: '{user} のホームは、メンテナンス・シェルでマウントされていないファイル・システムにあります。',
    next: 'ホームがルート・ファイル・システムにあるユーザーを指定して、もう一度コマンドを入力してください。',
  },
  'keys-file-none': {
    happened: '{instance} のsshdは、{user} のauthorized_keysファイルを読まない設定です。',
    next: 'sshdの設定のAuthorizedKeysFileを確認してください。キーのファイルを置いても効果がありません。',
  },
  'keys-file-unclear': {
    happened: '{instance} のsshdがキーを探す場所を解釈できません。AuthorizedKeysFileの値: {setting}。',
    next: '単純なパスになるユーザーを指定して、もう一度コマンドを入力してください。',
  },
  'unsafe-path': {
    happened: '{path} は {found} です。rootとしてたどるのは安全でないため、行いませんでした。',
    next: '別のユーザーを指定してコマンドを入力し、そのユーザーでログインして直してください。',
  },
  'unsuitable-file': {
    happened: '{path} は安全に編集できません ({reason})。',
    next: '別のユーザーを指定してコマンドを入力し、そのユーザーでログインしてファイルを確認してください。',
  },
  'cannot-write': {
    happened: '{path} に書き込めません ({reason})。',
    next: 'ディスクの空き不足や故障、保護されたファイルが主な原因です。マシンの出力は記録にあります。',
  },
  'file-changed': {
    happened: '{path} は、表示して承認されたときの内容ではなくなっていたため、変更しませんでした。',
    next: '現在の内容を見るには、もう一度コマンドを入力してください。',
  },
  'text-not-sent': {
    happened: 'ファイルを表示しましたが、期限までに編集されませんでした。',
    next: '編集する人がいるときに、もう一度コマンドを入力してください。',
  },
  'edit-secret': {
    happened: '{path} にはパスワードのハッシュや秘密キーなどの秘密情報があるため、誰にも表示しません。',
    next: 'パスワードやキーの紛失には `reset-password` と `replace-key` を使ってください。',
  },
  'edit-not-there': {
    happened: 'メンテナンス・シェルに {path} はありません。',
    next: '綴りを確認してください。別の /boot など後でマウントされるものは、まだありません。',
  },
  'edit-link': {
    happened: '{path} は、置かれているツリーの外の {target} へのリンクのため、たどりませんでした。',
    next: 'そのファイルを指している場合は、リンク先のパスを指定して、もう一度コマンドを入力してください。',
  },
  'edit-not-a-file': {
    happened: '{path} はファイルではなく、ディレクトリやデバイスなどです。',
    next: 'ファイルのパスを指定して、もう一度コマンドを入力してください。',
  },
  'edit-too-large': {
    happened: '{path} は {kilobytes} KiBあります。編集できるのは1,024 KiBまでです。',
    next: '`shell` でsedなどを使い、1行ずつ変更できます。',
  },
  'edit-not-text': {
    happened: '{path} は、フォームを通して元どおり戻せるテキストではありません。',
    next: '`shell` で変更できます。',
  },
  'backup-gone': {
    happened: '{path} のバックアップ `{backup}` がないか、別のファイルになっているため、何も戻しませんでした。',
    next: '削除した人が内容を知っているかもしれません。最初のレスキューのスレッドに、何が変更されたかがあります。',
  },
  'backup-differs': {
    happened: 'バックアップを置く場所に別のファイルがあります: {path}。',
    next: `${again}新しいレスキューは別の名前を使います。`,
  },
  'key-not-accepted': {
    happened: 'ファイルは置かれていますが、{instance} のsshdは {user} の新しいキーを受け付けません。',
    next: 'sshdの設定 (AllowUsers、AuthorizedKeysFile) とログを確認してください。',
  },
  'console-busy': {
    happened: '別の人が {instance} のシリアル・コンソールを使っています。OCIが許すのは1人だけです。',
    next: '閉じるよう頼むか、OCIでそのコンソール接続を削除してから、もう一度コマンドを入力してください。',
  },
  'console-connection-exists': {
    happened: '{instance} には、このボットのものではないコンソール接続がすでにあります。OCIが許すのは1つです。',
    next: 'OCIコンソールのインスタンスのページにある「コンソール接続」で削除してから、もう一度コマンドを入力してください。',
  },
  'debts-left': {
    happened: '元に戻せなかったものがあります: {owed} ({reason})。',
    next: 'OCIコンソールで {instance} を確認してください。停止していれば起動し、上に挙げたコンソール接続やコンソール履歴を削除してください。',
  },
}
