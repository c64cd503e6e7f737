/** What the slash command, its form and the buttons answer. */
export const commands = {
  help: {
    title: 'Commands',
    sections: [
      {
        title: 'Nobody can log in',
        lines: [
          '`replace-key &lt;instance&gt; [user]` puts a new SSH key in the place of one that was lost. A form asks for the public key.',
          '`reset-password &lt;instance&gt; [user]` sets a one-time password, for the console. You get it privately.',
          '`unlock &lt;instance&gt; [user]` lets in a user who is locked, expired, without a shell or shut out.',
          '`sshd &lt;instance&gt; [user]` repairs an SSH server that does not start or lets nobody in.',
          '`sudoers &lt;instance&gt;` repairs sudo.',
        ],
      },
      {
        title: 'It does not boot',
        lines: [
          '`diagnose &lt;instance&gt;` reads the console and says what is wrong. It needs no downtime at first.',
          '`fstab &lt;instance&gt;` lets the boot go on without file systems that are missing.',
          '`fsck &lt;instance&gt;` checks the file systems.',
          '`kernel &lt;instance&gt;` boots the previous kernel.',
          '`edit &lt;instance&gt; &lt;file&gt;` changes any other file, with your own words.',
          '`shell &lt;instance&gt;` lets you type lines as root.',
          '`undo &lt;rescue&gt;` takes back what a rescue has changed.',
        ],
      },
      {
        title: 'Just the console',
        lines: [
          '`connect &lt;instance&gt;` hands out a console connection for your own key.',
          '`history &lt;instance&gt;` posts what the console has said; `screenshot &lt;instance&gt;` what the screen shows.',
          '`reboot &lt;instance&gt; [hard]` reboots it and watches; `interrupt &lt;instance&gt;` sends a diagnostic interrupt.',
        ],
      },
      {
        title: 'And',
        lines: ['`status` lists what is under way. `stop &lt;rescue&gt;` stops one. `help` shows this.'],
      },
    ],
    users:
      'Each is typed as `/oci-rescue …`. The user is `opc` unless you name one. A name with blanks stands in quotation marks.',
    how: 'A rescue restarts the instance and opens its serial console. It asks for approval twice: before the instance goes down, and before anything on it is changed. The one who asks cannot approve.',
    howAlone:
      'A rescue restarts the instance and opens its serial console. It asks for approval twice: before the instance goes down, and before anything on it is changed.',
    text: 'How to use /oci-rescue',
  },
  unknown: 'There is no command `{command}`.',
  tooManyWords:
    'There were too many words. Name the instance, and the user if it is not `opc`: `/oci-rescue replace-key &lt;instance&gt; [user]`. An instance whose name has spaces can be typed into the form.',
  needsInstance: 'Name the instance: `/oci-rescue {command} &lt;instance&gt;`. Its name or its OCID will do.',
  badWords: 'I do not understand what stands behind the instance. `/oci-rescue help` shows what `{command}` takes.',
  badUser:
    '`{user}` is not a user name. Letters, digits, `_`, `.` and `-` are allowed, at most 32 characters, and it does not begin with a digit.',
  wrongChannel: 'Rescues are not run from this channel. Use one of: {channels}.',
  noChannel: 'No channel is configured for rescues yet. Ask whoever runs this bot to set one.',
  notRequester:
    'You are not on the list of people who may start a rescue. Ask somebody who is, or ask whoever runs this bot to add your user id, {user}.',
  notInvited: 'I am not in this channel, so I cannot post here. Type `/invite @oci-rescue`, then try again.',
  formTooLate: 'Slack did not open the form in time. Please type the command again.',
  broken:
    'Something went wrong on our side and nothing was started or changed. Please try again; if it happens again, give this number to whoever runs this bot: {reference}.',
  status: {
    none: 'No rescue is under way.',
    title: 'Rescues under way',
    line: '*{rescue}* {playbook} on *{target}* for {user}, asked for by {requester} {since}: {state}',
    link: 'thread',
    more: '… and {count} more.',
  },
  stop: {
    needsRescue: 'Name the rescue: `/oci-rescue stop R-XXXXXX`. `/oci-rescue status` lists them.',
    unknown: 'There is no rescue `{rescue}` under way. `/oci-rescue status` lists them.',
    ended: '{rescue} has ended already. Nothing to stop.',
    alreadyAsked: '{rescue} is being stopped already; {person} asked for it.',
    notAllowed: 'Only the one who asked for {rescue}, or an approver, can stop it.',
    asked: '{rescue} is being stopped. Its thread says when the machine is up again.',
  },
  modal: {
    title: 'Replace an SSH key',
    submit: 'Start the rescue',
    close: 'Cancel',
    done: 'Close',
    intro: 'Nothing happens to the instance until somebody approves it in this channel.',
    instance: 'Instance',
    instanceHint: 'Its display name, or its OCID.',
    user: 'User on the instance',
    userHint: 'Whose authorized_keys is changed. On Oracle Linux this is usually opc.',
    key: 'New public key',
    keyHint: 'The one line from a file that ends in .pub. Never the private key.',
    keyPlaceholder: 'ssh-ed25519 AAAA… you@laptop',
    options: 'Keys that are there now',
    keepExisting: 'Keep the existing keys',
    keepExistingHint: 'Off: the new key replaces all of them. The old file is kept as a backup either way.',
    instanceMissing: 'Name the instance.',
    instanceTooOdd: 'An instance name has at most 255 characters and no line breaks.',
    badUser: 'Not a user name: letters, digits, _, . and - only, at most 32, not beginning with a digit.',
    notAllowed: 'You may no longer start a rescue in this channel.',
  },
  connectForm: {
    title: 'The console for you',
    submit: 'Ask for it',
    intro: 'A console connection is made for your key once somebody approves it. The instance stays up.',
    key: 'Your public key (RSA)',
    keyHint: 'OCI takes only RSA keys here: ssh-keygen -t rsa -b 3072 -f console. Paste the one line from console.pub.',
    keyPlaceholder: 'ssh-rsa AAAA… you@laptop',
    onlyRsa: 'OCI takes only RSA keys for its console. Make one: ssh-keygen -t rsa -b 3072',
    minutes: 'For how long',
    minutesChoice: { 15: '15 minutes', 60: 'One hour', 240: 'Four hours', 1440: 'A day' },
  },
  grubPassword: {
    title: 'GRUB’s password',
    submit: 'Hand it over',
    close: 'Cancel',
    visible: 'Slack cannot hide what you type: it can be read on your screen until you send it.',
    whereItGoes:
      'It is not posted to Slack and stands in no log. It is encrypted, kept for five minutes at most, typed once and forgotten.',
    username: 'User name',
    usernameHint: 'A superuser of the boot loader, often root or grub; not a user of the system.',
    password: 'Password',
    passwordHint: 'It is typed as on a US keyboard.',
    badUsername: 'GRUB’s user names have letters, digits and signs, no blanks or , ; | &, and at most 64 characters.',
    badPassword: 'GRUB takes letters, digits, signs and blanks of a US keyboard, at most 256 characters.',
  },
  keyRefusals: {
    empty: 'Paste the public key: the one line from the file that ends in .pub.',
    'too-long': 'This is too long for a public key. Slack takes 3,000 characters, and no usual key needs more.',
    'private-key':
      'This is a PRIVATE key. It was not stored, but it has been sent through Slack: consider it burned, remove it from every machine and make a new pair. Paste the .pub file here.',
    'several-keys': 'These are several keys. Paste one.',
    'not-openssh-format':
      'This is not in OpenSSH format. Convert it with: ssh-keygen -i -f FILE, then paste the line that prints.',
    'has-options': 'There are options in front of the key. Paste the key alone, beginning with its type.',
    certificate: 'This is a certificate, not a key. Paste the public key it was made from.',
    dsa: 'This is a DSA key. OpenSSH no longer accepts them. Make a new one: ssh-keygen -t ed25519',
    'unknown-type':
      'This does not begin with a key type such as ssh-ed25519 or ssh-rsa. Paste the whole line from the .pub file.',
    'broken-base64':
      'Part of the key is missing, or it was broken over several lines. Copy the whole line from the .pub file again.',
    'rsa-too-short': 'This RSA key is shorter than 2048 bits. Make a new one: ssh-keygen -t ed25519',
  },
  clicks: {
    notApprover: 'You are not on the list of people who may approve, so nothing was changed.',
    ownRequest: 'You asked for this rescue, so somebody else has to approve it. You can still deny or stop it.',
    alreadyDecided: 'This was {decision} by {person} {at}. Your click changed nothing.',
    alreadyExpired: 'This expired {at} before anybody decided. Your click changed nothing.',
    expired: 'The time to decide is over. Your click changed nothing.',
    notWaiting: 'The rescue no longer waits for this. Your click changed nothing.',
    alreadyChosen: 'An instance has been chosen already. Your click changed nothing.',
    notAnswerer: 'Only the one who asked for the rescue, or an approver, can enter the password.',
    alreadyAnswered: '{person} entered the password {at}. Nothing more is needed, and nothing of yours was used.',
    askExpired: 'The time to enter it is over: the machine boots normally. Nothing of yours was used.',
    askOver: 'The rescue no longer waits for it. Nothing of yours was used.',
    formTooLate: 'Slack did not open the form in time. Please press the button again.',
    typeIt:
      'This needs more words than a button has. Type `/oci-rescue {command} {target}`, and what `/oci-rescue help` says about it.',
    notChooser: 'Only the one who asked for the rescue, or an approver, can choose the instance.',
  },
}
