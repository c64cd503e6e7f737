/** 動いているマシンに接続できない理由。 */
export const network = {
  'network-interface-renamed': {
    happened: 'ネットワークの設定は {interface} 用ですが、その名前のインタフェースはありません。',
  },
  'network-no-link': {
    happened: 'ネットワーク・インタフェース {interface} がリンクしていません。',
    next: 'OCIコンソールでVNICがアタッチされているか確認してください。アタッチされている場合は、ドライバまたはインタフェースの設定が原因です。',
  },
  'network-dhcp-failed': {
    happened: 'マシンがDHCPでアドレスを取得できませんでした。',
    next: 'OCIコンソールでVNICとサブネットを、次にマシン上のインタフェースの設定を確認してください。',
  },
  'netplan-error': {
    happened: 'ネットワークが設定されませんでした。{file} の {line} 行目に誤りがあります。',
    unnamed: 'ネットワークが設定されませんでした。netplanの設定に誤りがあります。',
  },
  'network-manager-error': {
    happened: 'NetworkManagerが開始しないか、設定 ({file}) を読めません。',
    unnamed: 'NetworkManagerが開始しませんでした。',
  },
  'network-failed': {
    happened: 'ネットワーク・サービスが開始しませんでした。',
  },
  'firewall-blocks-ssh': {
    happened: 'マシン自身のファイアウォールが、ポート22への接続を遮断しています。',
    next: 'シリアル・コンソールでログインし、ポート22を開いてください (firewall-cmd、ufw、iptables)。',
  },
}
