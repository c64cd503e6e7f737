/** What went wrong on our own side. The log has the details; the reader needs to know whom to tell. */
const again = 'Type the command again to start over.'
const tell = 'Tell whoever runs this bot, and give them the number of the rescue: the log has the details.'

const noWords = { happened: 'Something went wrong on our side that I have no better words for.', next: tell }

export const ours = {
  'not-admitted': {
    happened: 'The bot did not say in time whether the policy allows this. Nothing was done.',
    next: 'Type the command again. If it happens again, tell whoever runs this bot.',
  },
  'worker-lost': {
    happened: 'The worker that ran this rescue was lost. Another one cleaned up after it.',
    next: again,
  },
  'worker-stopping': {
    happened: 'The worker was told to stop, most likely for an update, so it cleaned up first.',
    next: again,
  },
  'fenced-off': {
    happened: 'Another worker took over this rescue, so this one stopped at once.',
    next: 'Nothing to do: the other worker reports here.',
  },
  'lock-lost': {
    happened: 'The worker lost its hold on this rescue, so it stopped at once.',
    next: 'Nothing to do: another worker takes over and reports here.',
  },
  'plan-changed': {
    happened: 'What would have been done was not what was approved, so it was not done.',
    next: tell,
  },
  'not-queued': {
    happened: 'The rescue could not be handed to a worker.',
    next: 'Type the command again. If it happens again, tell whoever runs this bot.',
  },
  'password-lost': {
    happened: 'What was entered for the boot loader was gone before the worker could read it.',
    next: again,
  },
  'text-lost': {
    happened: 'The edited text was gone before the worker could read it.',
    next: again,
  },
  'log-broken': {
    happened: 'The log of this rescue cannot be trusted: it was cut or changed.',
    next: 'Tell whoever runs this bot, and whoever looks after security.',
  },
  'log-from-another-version': {
    happened: 'The log of this rescue was written by another version of this bot.',
    next: 'Tell whoever runs this bot: bot and workers must be of one version.',
  },
  'inventory-unreadable': {
    happened: 'The list of instances was written by another version of this bot.',
    next: 'Tell whoever runs this bot: bot and workers must be of one version.',
  },
  'store-unreachable': { happened: 'The database (Redis) did not answer.', next: tell },
  'store-refused': { happened: 'The database (Redis) refused a command.', next: tell },
  'store-not-durable': { happened: 'The database (Redis) can lose rescues, so nothing was started.', next: tell },
  // Mistakes of ours, or reasons that only move control: nobody is meant to read them.
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
