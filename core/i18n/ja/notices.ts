/** ワーカーが途中で知らせること。スレッドへの1行の返信になる。 */
export const notices = {
  'connection-active': 'コンソール接続がアクティブになり、シリアル・コンソールを開きました。',
  'openssh-instead':
    '組込みのSSHクライアントとコンソールに共通のアルゴリズムがありません ({reason})。代わりにOpenSSHで接続します。',
  'line-lost': 'シリアル・コンソールの回線が切れました。開き直しています。',
  'line-back': 'シリアル・コンソールに再接続しました。切断前の画面の内容は前提にしません。',
  'booting-once-more':
    '回線が切れている間にログイン・プロンプトが出た可能性があります。確認のため、もう一度起動します。',
  'kernel-line-edited': '「{title}」のカーネル行を今回の起動に限り編集し、画面から読み戻して確認しました。',
  'previous-kernel': 'メニューで選択したカーネルは {kernel} です。',
  'fstab-has-no-such-entry': '/etc/fstab に {name} というエントリはありません。',
  'sudoers-rules-aside': '{path} を外すと、その中のルールも無効になります: `{rules}`。必要な場合は書き直してください。',
  'sshd-list-shuts-out':
    'sshdの設定が {place} で {user} を締め出しています ({setting})。そこを直すと他のユーザーも入れるようになるため、判断をお任せします。',
  'uses-shell-there':
    '専用のシェルは起動しませんでしたが、起動がすでにroot権限のあるシェルで停止しているため、それを使用します: `{saw}`。',
  'root-entered': 'そこから、{device} にあるマシン本来のシステムに入りました。',
  'shell-reached': 'rootシェルに到達し、応答を確認しました。',
  'lacks-silence': 'カーネルのメッセージを止められませんでした。出力に混ざります。',
  'lacks-interrupt': 'このシェルではCtrl-Cが効きません。止まったコマンドを中断できません。',
  'lacks-sum-tool': 'このマシンにはチェックサムのツールがありません。シェルが自分で計算するため、時間がかかります。',
  'lacks-base64': 'このマシンにはbase64がありません。出力とファイルは別の遅い方法で転送します。',
  'lacks-nul-bytes': 'このマシンでは、コマンドの出力のうちNULバイトが失われます。',
  'resetting-again':
    'ブート・ローダーのメニューを逃しました。もう一度リセットします ({attempts} 回のうち {attempt} 回目が失敗)。',
  'match-block-passed-over':
    'sshdの設定に、効果を判断できないMatchブロックがあります ({block})。キーを読む場所が変わる可能性があります。',
  'user-refuses-login':
    '{user} のログイン・シェルは {shell} で、ログインを拒否します。新しいキーだけではログインできません。',
  'undo-not-possible': '`{command}` が行ったことは元に戻せません。そのまま残ります。',
  'undo-leaves-directory': '作成したディレクトリ `{path}` は残ります。',
  'password-to-be-changed':
    '{user} は最初のログインで別のパスワードを設定する必要があります。それまで、{user} のsudo、cronジョブ、端末なしのキーによるログインは拒否されます。',
  'account-expired':
    '{user} のアカウントは {since} に期限切れになっています。新しいパスワードだけではログインできません。修復 unlock を使ってください。',
  'shell-refuses-login':
    '{user} のログイン・シェルは {shell} で、誰もログインできません。新しいパスワードだけでは足りません。修復 unlock を使ってください。',
  'logins-shut-out': '{path} がある間は、rootだけがログインできます。修復 unlock で外せます。',
  'boot-not-watched': 'シリアル・コンソールが失われたため、起動を見守れません。',
  'boot-not-seen': 'マシンをリセットしましたが、ログイン・プロンプトを確認できませんでした。',
  'booting-normally': 'マシンは通常どおり起動しています。',
}
