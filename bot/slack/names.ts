/** The ids by which Slack sends back what people pressed and sent. */
export const COMMAND = '/oci-rescue'
/** In the menu of every message. */
export const MESSAGE_SHORTCUT = 'rescue-instance'
export const START_FORM = 'start'
export const TASK_FORM = 'task'
export const UNDO_FORM = 'undo'
export const REPLACE_KEY_FORM = 'replace-key'
export const CONNECT_FORM = 'connect'
export const SHELL_LINE_FORM = 'shell-line'
export const EDIT_FORM = 'edit'
export const SEND_FILE_FORM = 'send-file'
export const GRUB_PASSWORD_FORM = 'grub-password'
export const DENY_FORM = 'deny'
export const BREAK_GLASS_FORM = 'break-glass'

export const ACTIONS = {
  approve: 'approve',
  deny: 'deny',
  breakGlass: 'break-glass',
  stop: 'stop',
  answer: 'answer',
  getFile: 'get-file',
  undo: 'undo',
  typeLine: 'type-line',
  leaveShell: 'leave-shell',
  wrong: 'wrong',
  task: 'task',
  typeInstance: 'type-instance',
  interruptLine: 'interrupt-line',
  screen: 'screen',
} as const
/** The field that asks us for its options. */
export const CHOOSE_INSTANCE = 'choose-instance'

/** Ids are unique within a message, so each choice has its number. */
export const CHOOSE_ACTION = /^choose-\d+$/
export function chooseAction(index: number): string {
  return `choose-${index}`
}

/** As for choices. */
export const REPAIR_ACTION = /^repair-(?:\d+|all)$/
export function repairAction(which: number | 'all'): string {
  return `repair-${which}`
}
