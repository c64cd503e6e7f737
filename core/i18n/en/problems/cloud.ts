/** What OCI, its console gateway or the way to them did. */
const runner = 'Tell whoever runs this bot'
const serialInstead = '`/oci-rescue history` shows what the serial console has said.'

export const cloud = {
  'membership-unknown': {
    happened: 'Slack did not tell who is in the groups that the policy names.',
    next: 'Try again in a moment. If it stays so, the app may lack the scopes `usergroups:read`, `channels:read` and `groups:read`.',
  },
  'host-key-mismatch': {
    happened:
      'The console gateway showed another host key than the one OCI gave for this connection. Nothing was sent to it.',
    next: `${runner}, and whoever looks after security: somebody may be in between.`,
  },
  'console-refused': {
    happened: 'The console gateway refused the connection.',
    next: 'Type the command again in a minute. If it is refused again, tell whoever runs this bot.',
  },
  'gateway-unreachable': {
    happened: 'The console gateway could not be reached.',
    next: `${runner}: the worker must reach instance-console.REGION.oci.oraclecloud.com on port 443.`,
  },
  'connection-string-unknown': {
    happened: 'OCI described the way to the console in a form that I do not know: {why}.',
    next: `${runner}.`,
  },
  'console-connection-failed': {
    happened: 'OCI could not create the console connection.',
    next: 'Type the command again in a few minutes. If it fails again, look at the instance’s work requests in OCI.',
  },
  'console-connection-slow': {
    happened: 'The console connection did not become active in time.',
    next: 'Type the command again in a few minutes.',
  },
  'console-connection-not-deleted': {
    happened: 'OCI did not delete the console connection in time.',
    next: 'Delete it in the OCI console (Console connection, on the instance’s page).',
  },
  'history-failed': {
    happened: 'OCI could not capture the console history.',
    next: 'Type the command again in a few minutes.',
  },
  'history-slow': {
    happened: 'OCI did not capture the console history in time.',
    next: 'Type the command again in a few minutes.',
  },
  'history-not-deleted': {
    happened: 'OCI did not delete the console history in time.',
    next: 'Delete it in the OCI console (Console history, on the instance’s page).',
  },
  'screen-refused': {
    happened: 'The screen of {instance} was not opened ({reason}).',
    next: `Type the command again in a minute. ${serialInstead}`,
  },
  'screen-locked': {
    happened: 'The screen of {instance} wants a password, and OCI gives none.',
    next: serialInstead,
  },
  'screen-unreadable': {
    happened: 'What came from the screen of {instance} is not a picture: its server {why}.',
    next: `${runner}. ${serialInstead}`,
  },
  'screen-slow': {
    happened: 'The screen of {instance} was opened, but did not show itself whole in time.',
    next: `Type the command again in a minute. ${serialInstead}`,
  },
  'oci-not-authenticated': {
    happened: 'OCI did not accept the worker’s credentials.',
    next: `${runner}: the API key, its fingerprint or the worker’s clock is wrong.`,
  },
  'oci-credentials-unusable': {
    happened: 'The worker cannot sign in to OCI with what it was given.',
    next: `${runner}: {why}.`,
  },
  'oci-region-unknown': {
    happened: 'The worker does not know which OCI region to ask.',
    next: `${runner}: OCI_REGION has to be set.`,
  },
  'oci-no-compartments': {
    happened: 'The worker was not told in which compartments to look for names.',
    next: `Type the command again with the OCID. ${runner}: OCI_COMPARTMENTS is empty.`,
  },
  'oci-not-found-or-not-authorized': {
    happened: 'OCI says that it is not there, or that the worker may not see it.',
    next: `Check the name. If it is right, tell whoever runs this bot: the IAM policy does not cover it.`,
  },
  'oci-conflict': {
    happened: 'OCI refused because something else is under way on {instance}: {message}',
    next: 'Wait until it is done, then type the command again.',
  },
  'oci-throttled': {
    happened: 'OCI was asked too often, and kept refusing.',
    next: 'Type the command again in a few minutes.',
  },
  'oci-unavailable': {
    happened: 'OCI did not answer, or answered with an error of its own.',
    next: 'Type the command again later. The OCI status page may say more.',
  },
  'oci-refused': {
    happened: 'OCI refused: {message}',
    next: `${runner}, with OCI’s request id: {opcRequestId}.`,
  },
}
