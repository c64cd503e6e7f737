/** Endings that somebody wanted. */
export const outcomes = {
  recovered: {
    happened: 'The new key is in place for {user} on {instance}.',
    next: 'Log in with the new key. Once you are sure, remove the old file.',
  },
  'nothing-to-change': {
    happened: 'The new key was on {instance} already, for {user}, and nothing else had to change.',
    next: 'If the login still fails, the reason is another one: look at sshd’s log on the machine.',
  },
  undone: {
    happened: 'What the other rescue had changed on {instance} is as it was before.',
    next: 'Look whether what it had repaired still works. What was there until now is kept as a backup, too.',
  },
  'nothing-to-undo': {
    happened: 'What the other rescue had changed on {instance} had been taken back already.',
    next: 'Nothing to do.',
  },
  edited: {
    happened: 'The file on {instance} is as it was approved.',
    next: 'Once you are sure of it, remove the old file.',
  },
  'nothing-edited': {
    happened: 'What came back was the text that stood there, so nothing was changed.',
    next: 'If another text was meant, type the command again.',
  },
  'shell-done': {
    happened: 'The root shell on {instance} was closed, and it was booted normally.',
    next: 'The recording has every line that was typed, and all that came of it.',
  },
  'shell-idle': {
    happened: 'Nobody typed into the root shell on {instance} for a while, so it was booted normally.',
    next: 'Type the command again to have it once more.',
  },
  denied: { happened: 'The rescue was denied.', next: 'Type the command again to make a new proposal.' },
  expired: {
    happened: 'Nobody decided in time.',
    next: 'Type the command again when somebody is there to approve.',
  },
  stopped: { happened: 'The rescue was stopped.', next: 'Type the command again to start over.' },
}
