/** 誰かが望んだ終わり方。 */
export const outcomes = {
  recovered: {
    happened: '{instance} の {user} に新しいキーを設定しました。',
    next: '新しいキーでログインしてください。問題がなければ、古いファイルを削除してください。',
  },
  'nothing-to-change': {
    happened: '{instance} の {user} には新しいキーがすでに設定されており、他に変更するものはありませんでした。',
    next: 'それでもログインできない場合は、別の原因です。マシン上のsshdのログを確認してください。',
  },
  repaired: {
    happened: '{instance} を修復しました。承認された変更を行い、起動を確認しました。',
    next: 'ログインして確認してください。古いファイルは新しいファイルの隣にあります。「元に戻す」で変更を取り消せます。',
  },
  'nothing-to-repair': {
    happened: '{instance} に修復するものはありませんでした。調べた範囲は正常です。',
    next: '障害が続く場合は、別の原因です。`/oci-rescue diagnose` でコンソールを調べてください。',
  },
  'kernel-is-default': {
    happened: '{instance} は {kernel} で動いています。これがデフォルトで起動するカーネルです。',
    next: '変更するものはありませんでした。',
  },
  'kernel-once': {
    happened:
      '{instance} は現在 {kernel} で動いています。デフォルトにはしていないため、次の起動では最新のカーネルになります。',
    next: '新しいカーネルを削除するか、もう一度コマンドを入力してこのカーネルをデフォルトにしてください。',
  },
  'kernel-default': {
    happened: '{instance} は今後 {kernel} で起動します。起動することを確認しました。',
    next: '新しいカーネルは残っています。更新により、別のカーネルがデフォルトになることがあります。',
  },
  diagnosed: {
    happened: '診断結果は上にあります。',
    next: 'その下に修復のボタンがあれば押してください。マシンに何かする前に承認を求めます。',
  },
  'nothing-wrong': {
    happened: 'コンソールから分かる範囲では、マシンの内部に問題はありません。',
    next: 'マシンの手前にあるものを確認してください: セキュリティ・リスト、ネットワーク・セキュリティ・グループ、ルート、ログインできるユーザー。',
  },
  unclear: {
    happened: 'コンソールからは何が悪いのか分かりません。',
    next: '上の行を確認してください。`/oci-rescue shell` でrootシェルを使って調べられます。',
  },
  'history-captured': {
    happened: 'コンソール履歴を読みました ({bytes} バイト)。',
    next: '診断結果とファイルは上にあります。',
  },
  'screen-captured': {
    happened: '画面の画像は上にあります。',
    next: '入力もクリックもしていません。',
  },
  'screen-blank': {
    happened: '画面は1色だけで、何も表示されていません。',
    next: 'シリアル・コンソールだけを使うシステムは多くあります。`/oci-rescue history` で出力を確認できます。',
  },
  rebooted: {
    happened: 'マシンを再起動し、ログイン・プロンプトを確認しました。',
    next: 'これ以上することはありません。',
  },
  interrupted: {
    happened: '割込みを送りました。それに対するマシンの出力は上にあります。',
    next: 'パニックで停止し、自動的に起動しない場合は、`/oci-rescue reboot` で起動してください。',
  },
  'console-over': {
    happened: '貸し出したコンソールの時間が終わりました。',
    next: '`/oci-rescue connect` で再び借りられます。',
  },
  undone: {
    happened: '別のレスキューが {instance} に行った変更を元に戻しました。',
    next: '修復されていたものが引き続き動くか確認してください。直前の内容もバックアップとして残しています。',
  },
  'nothing-to-undo': {
    happened: '別のレスキューが {instance} に行った変更は、すでに元に戻されていました。',
    next: '何もする必要はありません。',
  },
  edited: {
    happened: '{instance} のファイルは承認されたとおりになりました。',
    next: '問題がなければ、古いファイルを削除してください。',
  },
  'nothing-edited': {
    happened: '送られた内容が元の内容と同じだったため、何も変更しませんでした。',
    next: '別の内容にしたい場合は、もう一度コマンドを入力してください。',
  },
  'shell-done': {
    happened: '{instance} のrootシェルを閉じ、通常どおり起動しました。',
    next: '入力されたすべての行とその結果は記録にあります。',
  },
  'shell-idle': {
    happened: '{instance} のrootシェルにしばらく入力がなかったため、通常どおり起動しました。',
    next: '再び使うには、もう一度コマンドを入力してください。',
  },
  'policy-no-rule': {
    happened: '{instance} に対するこの操作を誰かに許可するルールが、ポリシーにありません。',
    next: 'このボットの管理者に依頼するか、ポリシーで許可されている操作を依頼してください。',
  },
  'policy-several-rules': {
    happened:
      '{instance} では、これらの修復にポリシーの別々のルールが適用されるため、1つのレスキューにまとめられません。',
    next: '1つずつ開始してください。',
  },
  'policy-not-a-requester': {
    happened: 'ポリシーにより、依頼した人は {instance} に対してこの操作を依頼できません。',
    next: 'このインスタンスについてポリシーで指定されている人が依頼できます。',
  },
  denied: {
    happened: 'レスキューは却下されました。',
    next: '新しく提案するには、もう一度コマンドを入力してください。',
  },
  expired: {
    happened: '期限までに承認されませんでした。',
    next: '承認する人がいるときに、もう一度コマンドを入力してください。',
  },
  stopped: {
    happened: 'レスキューを停止しました。',
    next: '最初からやり直すには、もう一度コマンドを入力してください。',
  },
}
