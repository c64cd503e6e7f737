/** What can be wrong with an instance, and what can be done about each of these. */
import { z } from 'zod'
import type { PlaybookName } from '../../core/record/playbooks.ts'

/** The first that is offered is taken unless another one is chosen. */
export const TASKS = {
  'lost-key': ['replace-key'],
  'no-boot': ['diagnose'],
  change: ['edit', 'shell'],
  console: ['connect', 'history', 'screenshot', 'reboot', 'reboot-hard'],
} as const
export type Wrong = keyof typeof TASKS

export const Task = z.enum(Object.values(TASKS).flat())
export type Task = z.infer<typeof Task>

/** What somebody has said of it so far. */
export interface Wish {
  readonly wrong: Wrong
  readonly task: Task
}

/** For the policy, which rules over playbooks. */
export function playbookOf(task: Task): PlaybookName {
  return task === 'reboot-hard' ? 'reboot' : task
}

export function isWrong(name: string): name is Wrong {
  return Object.hasOwn(TASKS, name)
}

/** By channel, what one person may ask for there; channels in which that is nothing are not in it. */
export const Offer = z.record(z.string(), z.array(Task).readonly()).readonly()
export type Offer = z.infer<typeof Offer>

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
