/**
 * Every code that a rescue can end with or that an error carries: what happened, what to do next.
 * What was changed on the machine is told from the facts in the log, not from here.
 */
const again = 'Type the command again'
const operator = 'Tell whoever runs this bot'

export const problems = {
  recovered: {
    happened: 'The new key is in place for {user} on {instance}.',
    next: 'Log in with the new key. The old file can be removed once you are sure.',
  },
  denied: { happened: 'The rescue was denied.', next: `${again} to make a new proposal.` },
  expired: { happened: 'Nobody decided in time.', next: `${again} when somebody is there to approve.` },
  stopped: { happened: 'The rescue was stopped.', next: `${again} to start over.` },

  'instance-not-found': {
    happened: 'There is no instance {target} that I may see.',
    next: 'Check the spelling in the OCI console, or use the OCID. If it is right, the worker’s IAM policy does not cover its compartment.',
  },
  'instance-ambiguous': {
    happened: 'Several instances are called {target}, and none was chosen in time.',
    next: `${again} with the OCID.`,
  },
  'instance-not-running': {
    happened: '{instance} is not running: OCI says {state}.',
    next: 'Start it in the OCI console, then type the command again.',
  },
  'instance-terminated': {
    happened: '{instance} has been terminated. It can not come back.',
    next: 'If its boot volume was kept, attach it to another instance.',
  },
  'instance-not-linux': {
    happened: '{instance} does not run Linux: its image says {os}.',
    next: 'This tool only repairs Linux instances.',
  },
  'instance-locked': {
    happened: 'Rescue {by} is already at work on {instance}.',
    next: 'Follow that one, or stop it with `/oci-rescue stop {by}`.',
  },
  'user-not-found': {
    happened: 'There is no user {user} on {instance}.',
    next: `${again} with a user that exists. Oracle Linux has opc, Ubuntu has ubuntu.`,
  },
  'user-without-home': {
    happened: 'The user {user} has no home directory on {instance}, so there is no place for a key.',
    next: `${again} with another user.`,
  },
  'grub-not-seen': {
    happened: 'The boot loader never showed on the serial console.',
    next: 'Look at the recording. GRUB may not use the serial line on this image, or the menu may be off altogether.',
  },
  'no-maintenance-shell': {
    happened: 'The machine booted with the edited kernel line, but no root shell answered.',
    next: 'Look at the recording: the last lines say what it did instead.',
  },
  'kernel-panic': {
    happened: 'The kernel stopped with a panic: {reason}.',
    next: 'This machine has another problem than a lost key. The recording has the whole message.',
  },
  'line-dropped': {
    happened: 'The serial console dropped.',
    next: `${again}. If it keeps dropping, look at the OCI status page for the region.`,
  },
  'time-limit': {
    happened: 'Nothing more came from the machine within the time allowed.',
    next: 'Look at the last screen below and at the recording.',
  },
  'file-changed': {
    happened: 'The file is no longer the one that was shown and approved, so it was left alone.',
    next: `${again} to see the file as it is now.`,
  },
  'check-failed': {
    happened: 'The change was written, but reading it back did not give what was approved.',
    next: 'Compare the file with its backup before you trust it.',
  },
  'key-not-accepted': {
    happened: 'The file is in place, but sshd on {instance} does not accept the new key for {user}.',
    next: 'Look at sshd’s configuration (AllowUsers, AuthorizedKeysFile) and at the log in /var/log/secure or the journal.',
  },
  'worker-lost': {
    happened: 'The worker that ran this rescue was lost. Another one cleaned up after it.',
    next: `${again} to start over.`,
  },
  'worker-stopping': {
    happened: 'The worker was told to stop (a deployment, most likely), so it cleaned up and left.',
    next: `${again} to start over.`,
  },
  'fenced-off': {
    happened: 'Another worker took over this rescue, so this one stopped at once.',
    next: 'Nothing to do: the other worker reports here.',
  },
  'host-key-mismatch': {
    happened:
      'The console gateway showed another host key than the one OCI gave for this connection. Nothing was sent to it.',
    next: `${operator}, and whoever looks after security: somebody may be in between.`,
  },
  'host-key-unknown': {
    happened: 'The console gateway’s host key could not be checked, so nothing was sent to it.',
    next: `${operator}.`,
  },
  'console-busy': {
    happened: 'Somebody else has the serial console of {instance}. OCI lets in one at a time.',
    next: 'Ask them to close it (or delete their console connection in OCI), then type the command again.',
  },
  'console-refused': {
    happened: 'The console gateway refused the connection.',
    next: `${again} in a minute. If it is refused again, tell whoever runs this bot.`,
  },
  'gateway-unreachable': {
    happened: 'The console gateway could not be reached.',
    next: `${operator}: the worker needs to reach instance-console.<region>.oci.oraclecloud.com on port 443.`,
  },
  'console-connection-exists': {
    happened: '{instance} has a console connection already, made by somebody else. OCI allows one.',
    next: 'Delete it in the OCI console (Console connection, on the instance’s page), then type the command again.',
  },
  'console-connection-failed': {
    happened: 'OCI could not create the console connection.',
    next: `${again} in a few minutes. If it fails again, look at the instance’s work requests in OCI.`,
  },
  'console-connection-slow': {
    happened: 'The console connection did not become active in time.',
    next: `${again} in a few minutes.`,
  },
  'oci-not-authenticated': {
    happened: 'OCI did not accept the worker’s credentials.',
    next: `${operator}: the API key, its fingerprint or the clock of the worker is wrong.`,
  },
  'oci-not-authorized': {
    happened: 'OCI does not allow the worker to do this.',
    next: `${operator}: the IAM policy is missing a statement.`,
  },
  'oci-not-found-or-not-authorized': {
    happened: 'OCI says that it is not there, or that the worker may not see it.',
    next: `${operator}: check the name first, then the worker’s IAM policy.`,
  },
  'oci-conflict': {
    happened: 'OCI refused because something else is under way on {instance}.',
    next: 'Wait until it is done, then type the command again.',
  },
  'oci-throttled': {
    happened: 'OCI was asked too much, and kept refusing.',
    next: `${again} in a few minutes.`,
  },
  'oci-unavailable': {
    happened: 'OCI did not answer, or answered with an error of its own.',
    next: `${again} later. The OCI status page may say more.`,
  },
  'nothing-to-change': {
    happened: 'The new key is on {instance} already, and nothing else needs to change.',
    next: 'If the login still fails, the reason is another one: look at sshd’s log on the machine.',
  },
  'not-queued': {
    happened: 'The rescue could not be handed to a worker.',
    next: `${again}. If it happens again, tell whoever runs this bot.`,
  },
  unexpected: {
    happened: 'Something went wrong that I have no words for.',
    next: `${operator} and give the number of the rescue: the log has the details.`,
  },
  'unhandled-case': {
    happened: 'Something went wrong that I have no words for.',
    next: `${operator} and give the number of the rescue: the log has the details.`,
  },
}
