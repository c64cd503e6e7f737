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
  repaired: {
    happened: '{instance} is repaired: what was approved was changed, and it boots.',
    next: 'Log in and see that all is well. The old files are kept beside the new ones; Undo takes the changes back.',
  },
  'nothing-to-repair': {
    happened: 'Nothing had to be repaired on {instance}: what was looked at is in order.',
    next: 'If the fault is still there, it is another one: `/oci-rescue diagnose` reads the console for it.',
  },
  'kernel-is-default': {
    happened: '{instance} runs {kernel}, which is what it boots by itself.',
    next: 'Nothing had to be changed.',
  },
  'kernel-once': {
    happened: '{instance} runs {kernel} now. It was not made the default: the next boot takes the newest kernel again.',
    next: 'Remove the newer kernel, or type the command again to make this one the default.',
  },
  'kernel-default': {
    happened: '{instance} boots {kernel} by itself from now on: it was seen to come up with it.',
    next: 'The newer kernel is still there. An update may make another one the default.',
  },
  diagnosed: {
    happened: 'The diagnosis stands above.',
    next: 'Press the repair under it, if there is one. It asks for approval before anything happens to the machine.',
  },
  'nothing-wrong': {
    happened: 'Nothing is wrong inside the machine, as far as its console tells.',
    next: 'Look at what stands in front of it: security lists, network security groups, routes, and who may log in.',
  },
  unclear: {
    happened: 'The console does not tell what is wrong.',
    next: 'Have a look at the lines above. `/oci-rescue shell` gives a root shell to look around with.',
  },
  'history-captured': {
    happened: 'The console history was read ({bytes} bytes).',
    next: 'The diagnosis of it and the file stand above.',
  },
  'screen-captured': {
    happened: 'The picture of the screen stands above.',
    next: 'Nothing was typed or clicked there.',
  },
  'screen-blank': {
    happened: 'The screen shows nothing but one colour.',
    next: 'Many systems use only the serial console: `/oci-rescue history` shows what that has said.',
  },
  rebooted: { happened: 'The machine was rebooted and shows its login prompt.', next: 'Nothing more is to be done.' },
  interrupted: {
    happened: 'The interrupt was sent. What the machine said of it stands above.',
    next: 'If it has stopped with a panic and does not come up by itself, `/oci-rescue reboot` starts it again.',
  },
  'console-over': {
    happened: 'The time of the console that was handed out is over.',
    next: '`/oci-rescue connect` hands out another one.',
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
  'policy-no-rule': {
    happened: 'The policy has no rule that lets anybody ask for this on {instance}.',
    next: 'Ask whoever runs this bot, or ask for something that the policy allows there.',
  },
  'policy-several-rules': {
    happened: 'The policy has different rules for these repairs on {instance}, so they cannot share one rescue.',
    next: 'Start them one by one.',
  },
  'policy-not-a-requester': {
    happened: 'The policy does not let whoever asked ask for this on {instance}.',
    next: 'Somebody whom the policy names for this instance can ask for it.',
  },
  denied: { happened: 'The rescue was denied.', next: 'Type the command again to make a new proposal.' },
  expired: {
    happened: 'It was not approved in time.',
    next: 'Type the command again when somebody is there to approve.',
  },
  stopped: { happened: 'The rescue was stopped.', next: 'Type the command again to start over.' },
}
