/** What can be wrong with an instance, and what can be done about each of these. */
import { z } from 'zod'
import type { Askable } from '../read-request.ts'

/** The first that is offered is taken unless another one is chosen. */
export const TASKS = {
  'lost-key': ['replace-key', 'reset-password', 'unlock', 'sshd', 'sudoers'],
  'no-boot': ['diagnose', 'fsck', 'fstab', 'kernel'],
  change: ['edit', 'shell', 'undo'],
  console: ['connect', 'history', 'screenshot', 'reboot', 'reboot-hard', 'interrupt'],
} as const
export type Wrong = keyof typeof TASKS

export const Task = z.enum(Object.values(TASKS).flat())
export type Task = z.infer<typeof Task>

/** What somebody has said of it so far. */
export interface Wish {
  readonly wrong: Wrong
  readonly task: Task
}

/** Undefined is none of them. */
export function wishFor(task: Task): Wish | undefined {
  const wrong = Object.keys(TASKS)
    .filter(isWrong)
    .find((one) => isAmong(task, TASKS[one]))
  return wrong && { wrong, task }
}

function isAmong(task: Task, tasks: readonly Task[]): boolean {
  return tasks.includes(task)
}

/** For the policy, which rules over playbooks. */
export function playbookOf(task: Task): Askable {
  return task === 'reboot-hard' ? 'reboot' : task
}

export function isWrong(name: string): name is Wrong {
  return Object.hasOwn(TASKS, name)
}

/** By channel, what one person may ask for there; channels in which that is nothing are not in it. */
export type Offer = Readonly<Record<string, readonly Task[]>>

/** In any of the channels, in the order in which they are shown. */
export function tasksOffered(offer: Offer, wrong: Wrong): readonly Task[] {
  return TASKS[wrong].filter((task) => Object.values(offer).some((tasks) => tasks.includes(task)))
}

export function wrongsOffered(offer: Offer): readonly Wrong[] {
  return Object.keys(TASKS)
    .filter(isWrong)
    .filter((wrong) => tasksOffered(offer, wrong).length > 0)
}

/** Undefined: in which anything at all may be asked for. */
export function channelsOffering(offer: Offer, task: Task | undefined): readonly string[] {
  return Object.entries(offer)
    .filter(([, tasks]) => task === undefined || tasks.includes(task))
    .map(([channel]) => channel)
}

/** A form may come back to another version than has opened it: a letter is never another task's later. */
const LETTERS: Readonly<Record<Task, string>> = {
  'replace-key': 'k',
  'reset-password': 'p',
  unlock: 'l',
  sshd: 's',
  sudoers: 'o',
  diagnose: 'd',
  fsck: 'f',
  fstab: 't',
  kernel: 'n',
  edit: 'e',
  shell: 'r',
  undo: 'u',
  connect: 'c',
  history: 'h',
  screenshot: 'g',
  reboot: 'b',
  'reboot-hard': 'x',
  interrupt: 'i',
}

/** An offer as it travels with a form, which has little room. */
export const PackedOffer = z.record(z.string(), z.string())
export type PackedOffer = z.infer<typeof PackedOffer>

export function packed(offer: Offer): PackedOffer {
  return mapped(offer, (tasks) => tasks.map((task) => LETTERS[task]).join(''))
}

/** Letters that nobody knows here are of another version's tasks. */
export function unpacked(offer: PackedOffer): Offer {
  return mapped(offer, (letters) => Task.options.filter((task) => letters.includes(LETTERS[task])))
}

function mapped<From, To>(record: Readonly<Record<string, From>>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value)]))
}
