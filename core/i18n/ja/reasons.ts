/** プレイブックが変更を求める理由(コード別)。「理由:」の後に続き、複数が並ぶため、句点は付けない。 */
export const reasons = {
  'keys-directory': 'sshdは {user} のキーをここで探します',
  'keys-directory-elsewhere': 'sshdはここでキーを探します',
  'keys-directory-private': '{user} だけが入れるようにします',
  'keys-directory-open': 'ほかのユーザーが書き込めるため、sshdは {user} のキーを拒否します',
  'key-there-already': '{fingerprint} はすでに登録されていますが、モードまたは所有者が正しくありません',
  'key-added': '{user} のキーに {fingerprint} を追加します',
  'key-only': '{user} のキーを {fingerprint} だけにします',
  'new-password': 'コンソールでログインできるように、{user} に新しいパスワードを設定します',
  'default-kernel': '既定で起動するカーネルを {kernel} にします',
  'edited-by-hand': '手動で編集されました',

  'as-before': '{rescue} の前の状態に戻します',
  'not-there-before': '{rescue} の前には存在しませんでした',
  'password-as-before': '{user} のパスワードを {rescue} の前のものに戻します',
  'takes-back': '{rescue} が実行した `{command}` を元に戻します',

  'password-locked': '{user} のパスワードがロックされています',
  'locked-without-pam':
    'PAMを使用しないsshdは、パスワードがロックされている間 {user} のキーも拒否します。解除すべきパスワードは設定されていません',
  'account-expired': 'アカウントが {since} に期限切れになりました',
  'password-too-old':
    'パスワードは {since} に設定されたもので、{days} 日以内に変更する必要がありました。今日設定したものとして扱います',
  'shell-refuses-logins': '{user} のログイン・シェルは {shell} で、ログインを拒否します',
  'shell-not-there': '{user} のログイン・シェル {shell} が存在しません',
  'only-root-may-log-in': 'このファイルがある間は、rootだけがログインできます',
  'failed-logins-counted': '{user} のログイン失敗回数が記録されており、アカウントがロックされる可能性があります',

  'fsck-errors':
    '{device} のファイルシステムにエラーがあります。何も失わずに修復できるものを修復し、それ以外のエラーがあれば停止します',
  'fsck-errors-left':
    '{device} に、リスクなしでは修復できないエラーが残っています。すべての質問にyesと答えるため、破損したファイルは切り詰められたり、削除されたり、lost+foundに移されたりすることがあります',
  'fsck-xfs-errors':
    '{device} のXFSファイルシステムにエラーがあります。破損したファイルやディレクトリは空になったり、lost+foundに移されたりすることがあります。ログは破棄しません',
  'fsck-log-to-replay':
    '{device} のログの内容がまだファイルに反映されていません。読取り専用でマウントすると反映されます。ログを失うとデータが失われます',
  'fsck-nothing-may-use-it': '検査中は {device} を使用できません',
  'fsck-fat-errors':
    '{device} のFATファイルシステムにエラーがあります。最も慎重な方法で修復しますが、どのファイルにも属さないデータは失われることがあります',
  'fsck-root-booted-after':
    '読取り専用でマウントされたルート・ファイルシステムのため、修復後すぐにマシンを起動し直します',

  'fstab-malformed': '解釈できない行をコメントにします',
  'fstab-missing': '{where} のディスク {device} が存在しないため、{where} なしで起動を続けるようにします',
  'fstab-no-source': '{where} の参照元 {device} が存在しないか種類が異なるため、{where} なしで起動を続けるようにします',
  'fstab-stands-on-another': '{where} は {other} を必要とするため、{where} なしで起動を続けるようにします',
  'fstab-unknown-type':
    '{where} のタイプ {type} にこのシステムは対応していないため、{where} なしで起動を続けるようにします',
  'fstab-wrong-type': '{where} のタイプは {type} ではないため、{where} なしで起動を続けるようにします',
  'fstab-may-fail': '{where} をマウントできなくても起動を続けるようにします',
  'fstab-option-misspelt': 'オプション {option} は {meant} の誤りです',

  'sshd-line-not-understood': 'sshdが {line} 行目を解釈できないため (`{problem}`)、その行を無効にします',
  'sshd-list-without': '{list} から {user} を除きます',
  'sshd-list-with': '{list} に {user} を加えます',
  'sshd-root-with-key': 'rootがキーでログインできるようにします',
  'sshd-config-of-package': 'sshdの設定ファイルがないため、パッケージに付属のものを使用します',
  'sshd-no-host-keys': 'sshdはホスト・キーがないと起動しません。不足しているものを新しく作成します',
  'sshd-host-keys-context': '新しいキーにSELinuxコンテキストを設定します',
  'sshd-host-key-open': 'sshdは、root以外が読み取れるホスト・キーを使用しません',
  'sshd-directory-loose': 'sshdが自身を隔離するディレクトリのため、rootだけが書き込めるようにします',
  'sshd-directory-missing': 'sshdは、自身を隔離するディレクトリがないと起動しません',
  'sshd-directory-not-made': '起動時に {path} が作成されず、それがないとsshdは起動しません',
  'sshd-user-missing': 'sshdは、認証前の通信に使用するユーザー {user} がないと起動しません',
  'sshd-keys-open': 'ほかのユーザーが所有しているか書き込めるため、sshdは {user} のキーを読み取りません',
  'sshd-not-to-be-run': 'このファイルがある間、システムはsshdを起動しません',
  'sshd-unit-masked': '起動時にsshdが開始されません。{unit} がマスクされています',
  'sshd-unit-not-enabled': '起動時にsshdが開始されません。{unit} が有効になっていません',

  'sudo-line-not-understood': 'sudoが {line} 行目を解釈できません: `{problem}`',
  'sudo-file-not-understood':
    'sudoがこのファイルの {line} 行目を解釈できません (`{problem}`)。読み込まれている間、sudoは誰も使用できません',
  'sudo-file-open': 'root以外が所有しているか書き込めるため、sudoはこのファイルを拒否します',
  'sudo-not-roots': 'sudoはrootの所有で、誰が実行してもrootとして動作する必要があります',
}
