/** こちら側で起きた問題。詳細はログにあり、読む人に必要なのは伝える相手だけ。 */
const again = 'もう一度コマンドを入力して、最初からやり直してください。'
const tell = 'レスキューの番号をこのボットの管理者に伝えてください。詳細はログにあります。'

const noWords = { happened: 'こちら側で、うまく説明できない問題が起きました。', next: tell }

export const ours = {
  'not-admitted': {
    happened: 'ポリシーで許可されているかどうかを、ボットが時間内に回答しませんでした。何もしていません。',
    next: 'コマンドをもう一度入力してください。繰り返す場合は、このボットの管理者に伝えてください。',
  },
  'worker-lost': {
    happened: 'このレスキューを実行していたワーカーが失われました。別のワーカーが後片付けをしました。',
    next: again,
  },
  'worker-stopping': {
    happened: 'ワーカーが停止を指示されたため (多くは更新のため)、先に後片付けをしました。',
    next: again,
  },
  'fenced-off': {
    happened: '別のワーカーがこのレスキューを引き継いだため、ただちに停止しました。',
    next: '何もする必要はありません。別のワーカーがここに報告します。',
  },
  'lock-lost': {
    happened: 'ワーカーがこのレスキューの担当を失ったため、ただちに停止しました。',
    next: '何もする必要はありません。別のワーカーが引き継ぎ、ここに報告します。',
  },
  'plan-changed': {
    happened: '行おうとした内容が承認されたものと異なるため、行いませんでした。',
    next: tell,
  },
  'not-queued': {
    happened: 'レスキューをワーカーに渡せませんでした。',
    next: 'もう一度コマンドを入力してください。繰り返す場合は、このボットの管理者に伝えてください。',
  },
  'password-lost': {
    happened: 'ブート・ローダーのために入力されたものが、ワーカーが読む前に失われました。',
    next: again,
  },
  'text-lost': {
    happened: '編集された内容が、ワーカーが読む前に失われました。',
    next: again,
  },
  'log-broken': {
    happened: 'このレスキューのログは信頼できません。切り詰められたか、変更されています。',
    next: 'このボットの管理者とセキュリティの担当者に伝えてください。',
  },
  'log-from-another-version': {
    happened: 'このレスキューのログは、別のバージョンのボットが書いたものです。',
    next: 'このボットの管理者に伝えてください。ボットとワーカーは同じバージョンである必要があります。',
  },
  'inventory-unreadable': {
    happened: 'インスタンスの一覧は、別のバージョンのワーカーが書いたものです。',
    next: 'このボットの管理者に伝えてください。ボットとワーカーは同じバージョンである必要があります。',
  },
  'store-unreachable': { happened: 'データベース (Redis) が応答しませんでした。', next: tell },
  'store-refused': { happened: 'データベース (Redis) がコマンドを拒否しました。', next: tell },
  'store-not-durable': {
    happened: 'データベース (Redis) がレスキューを失う可能性があるため、何も開始しませんでした。',
    next: tell,
  },
  // こちらの誤り、または制御を移すためだけの理由。人が読むことは想定していない。
  'bad-kernel-argument': noWords,
  'key-lost': noWords,
  'never-ready': noWords,
  'thread-taken': noWords,
  'unreadable-key': noWords,
  'console-closed': noWords,
  'console-in-use': noWords,
  'answer-there': noWords,
  'gate-passed': noWords,
  'line-over': noWords,
  'invalid-entry': noWords,
  'log-closed': noWords,
  'membership-not-asked': noWords,
  'splittable-keys': noWords,
  'story-over': noWords,
  'wrong-epoch': noWords,
  unexpected: noWords,
  'unhandled-case': noWords,
}
