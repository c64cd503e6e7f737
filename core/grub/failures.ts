/** How catching GRUB and editing in it fail. */
import { RescueError } from '../base/errors.ts'
import type { Sighting } from '../machine/state.ts'

interface GrubNotSeenOptions extends ErrorOptions {
  readonly hadBegun?: boolean
}

/** GRUB's menu was not there to be caught: something else came first, or nothing came. */
export class GrubNotSeen extends RescueError {
  readonly sighting: Sighting
  /** Console text: mask it before it leaves the worker. */
  readonly screen: string
  /** The boot loader was there, and did not wait for a key: its timeout is zero, or the key came too late. */
  readonly hadBegun: boolean

  constructor(sighting: Sighting, screen: string, { hadBegun = false, ...options }: GrubNotSeenOptions = {}) {
    const { state, because } = sighting
    super('machine', 'grub-not-seen', `no GRUB menu; saw ${state.kind}: ${because}\n--- screen ---\n${screen}`, {
      ...options,
      details: { saw: state.kind },
    })
    this.name = 'GrubNotSeen'
    this.sighting = sighting
    this.hadBegun = hadBegun
    this.screen = screen
  }
}

/** The editor does not show what was typed, or shows something else: nothing was booted. */
export class EditNotShown extends RescueError {
  constructor(expected: string, screen: string, options?: ErrorOptions) {
    super('machine', 'edit-not-shown', `GRUB's editor does not show: ${expected}\n--- screen ---\n${screen}`, options)
    this.name = 'EditNotShown'
  }
}
