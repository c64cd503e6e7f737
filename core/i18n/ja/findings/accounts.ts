/** 誰が入れるか: sshd、アカウント、sudo。 */
export const accounts = {
  'sshd-config-error': {
    happened: 'SSHサーバーが開始しません。{file} に誤りがあります。',
  },
  'sshd-host-keys-missing': {
    happened: 'SSHサーバーが開始しません。ホスト・キーがありません。',
  },
  'sshd-wrong-modes': {
    happened: 'SSHサーバーが {file} を拒否しています。所有者または権限に誤りがあります。',
    unnamed: 'SSHサーバーが、所有者または権限に誤りのあるファイルを拒否しています。',
  },
  'sshd-privilege-separation': {
    happened: 'SSHサーバーが開始しません。権限を落とすためのディレクトリまたはユーザーがありません。',
  },
  'sshd-cannot-bind': {
    happened: 'SSHサーバーがポート {port} で待ち受けできません。',
    unnamed: 'SSHサーバーがポートで待ち受けできません。',
  },
  'sshd-port-changed': {
    happened: 'SSHサーバーは22ではなくポート {port} で待ち受けています。',
  },
  'sshd-not-enabled': {
    happened: 'SSHサーバーが起動時に開始されません。',
  },
  'sshd-user-not-allowed': {
    happened: 'SSHサーバーの設定により、{user} は入れません。',
  },
  'sshd-failed': {
    happened: 'SSHサーバーが開始しませんでした。',
  },
  nologin: {
    happened: 'root以外はログインできません。システムが停止直前の状態 (nologin) のまま残っています。',
  },
  'account-refused': {
    happened: 'アカウント {user} はロックされているか、期限切れか、シェルがありません。',
    unnamed: 'あるアカウントがロックされているか、期限切れか、シェルがありません。',
  },
  'pam-broken': {
    happened: 'PAMの設定が存在しないもの ({module}) を指しているため、ログインに失敗します。',
    unnamed: 'PAMの設定が壊れているため、ログインに失敗します。',
  },
  'sudoers-broken': {
    happened: '{file} が壊れているため、sudoが動作を拒否しています。',
    unnamed: '設定またはsudo自身のファイルが壊れているため、sudoが動作を拒否しています。',
  },
}
