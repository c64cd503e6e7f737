/** OCI、コンソール・ゲートウェイ、またはそこまでの経路で起きたこと。 */
const runner = 'このボットの管理者に伝えてください'
const serialInstead = '`/oci-rescue history` でシリアル・コンソールの出力を確認できます。'

export const cloud = {
  'membership-unknown': {
    happened: 'ポリシーが指定するグループのメンバーをSlackに確認できませんでした。',
    next: 'しばらくしてからもう一度お試しください。続く場合は、アプリにスコープ `usergroups:read`、`channels:read`、`groups:read` がない可能性があります。',
  },
  'host-key-mismatch': {
    happened:
      'コンソール・ゲートウェイが、この接続についてOCIが示したものとは別のホスト・キーを示しました。何も送っていません。',
    next: `セキュリティの担当者と${runner}。間に誰かが入っている可能性があります。`,
  },
  'console-refused': {
    happened: 'コンソール・ゲートウェイが接続を拒否しました。',
    next: `1分後にもう一度コマンドを入力してください。再び拒否される場合は、${runner}。`,
  },
  'gateway-unreachable': {
    happened: 'コンソール・ゲートウェイに接続できませんでした。',
    next: `${runner}。ワーカーから instance-console.REGION.oci.oraclecloud.com のポート443に接続できる必要があります。`,
  },
  'connection-string-unknown': {
    happened: 'OCIが示したコンソールへの経路の形式を解釈できません: {why}。',
    next: `${runner}。`,
  },
  'console-connection-failed': {
    happened: 'OCIがコンソール接続を作成できませんでした。',
    next: '数分後にもう一度コマンドを入力してください。再び失敗する場合は、OCIでインスタンスの作業リクエストを確認してください。',
  },
  'console-connection-slow': {
    happened: 'コンソール接続が時間内にアクティブになりませんでした。',
    next: '数分後にもう一度コマンドを入力してください。',
  },
  'console-connection-not-deleted': {
    happened: 'OCIがコンソール接続を時間内に削除しませんでした。',
    next: 'OCIコンソールのインスタンスのページにある「コンソール接続」で削除してください。',
  },
  'history-failed': {
    happened: 'OCIがコンソール履歴を取得できませんでした。',
    next: '数分後にもう一度コマンドを入力してください。',
  },
  'history-slow': {
    happened: 'OCIがコンソール履歴を時間内に取得しませんでした。',
    next: '数分後にもう一度コマンドを入力してください。',
  },
  'history-not-deleted': {
    happened: 'OCIがコンソール履歴を時間内に削除しませんでした。',
    next: 'OCIコンソールのインスタンスのページにある「コンソール履歴」で削除してください。',
  },
  'screen-refused': {
    happened: '{instance} の画面を開けませんでした ({reason})。',
    next: `1分後にもう一度コマンドを入力してください。${serialInstead}`,
  },
  'screen-locked': {
    happened: '{instance} の画面にはパスワードが必要ですが、OCIは提供していません。',
    next: serialInstead,
  },
  'screen-unreadable': {
    happened: '{instance} の画面から届いたものは画像ではありません。サーバーの応答: {why}。',
    next: `${runner}。${serialInstead}`,
  },
  'screen-slow': {
    happened: '{instance} の画面を開きましたが、時間内に全体が表示されませんでした。',
    next: `1分後にもう一度コマンドを入力してください。${serialInstead}`,
  },
  'oci-not-authenticated': {
    happened: 'OCIがワーカーの資格証明を受け付けませんでした。',
    next: `${runner}。APIキー、フィンガープリント、またはワーカーの時計に誤りがあります。`,
  },
  'oci-credentials-unusable': {
    happened: 'ワーカーは、与えられた資格証明ではOCIにサインインできません。',
    next: `${runner}: {why}。`,
  },
  'oci-region-unknown': {
    happened: 'ワーカーは、どのOCIリージョンに問い合わせるかを知りません。',
    next: `${runner}。OCI_REGIONの設定が必要です。`,
  },
  'oci-no-compartments': {
    happened: 'ワーカーは、名前を探すコンパートメントを知らされていません。',
    next: `OCIDを指定してコマンドを入力してください。また、${runner}。OCI_COMPARTMENTSが空です。`,
  },
  'oci-not-found-or-not-authorized': {
    happened: 'OCIによると、存在しないか、ワーカーに参照する権限がありません。',
    next: `名前を確認してください。正しい場合は、${runner}。IAMポリシーが対象にしていません。`,
  },
  'oci-conflict': {
    happened: '{instance} で別の処理が進行中のため、OCIが拒否しました: {message}。',
    next: 'それが終わるのを待ってから、もう一度コマンドを入力してください。',
  },
  'oci-throttled': {
    happened: 'OCIへの問合せが多すぎるため、拒否され続けました。',
    next: '数分後にもう一度コマンドを入力してください。',
  },
  'oci-unavailable': {
    happened: 'OCIが応答しないか、OCI自身のエラーを返しました。',
    next: '後でもう一度コマンドを入力してください。OCIのステータス・ページも参考になります。',
  },
  'oci-refused': {
    happened: 'OCIが拒否しました: {message}。',
    next: `OCIのリクエストIDとともに${runner}: {opcRequestId}。`,
  },
}
