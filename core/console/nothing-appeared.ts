/** A wait that ended in vain says for what it waited, how long, and what stood on the screen instead. */
import { RescueError } from '../base/errors.ts'

export class NothingAppeared extends RescueError {
  /** What stood on the screen when the wait ended. Console text: mask it before it leaves the worker. */
  readonly screen: string

  constructor(what: string, milliseconds: number, screen: string) {
    super('machine', 'nothing-appeared', `waited ${milliseconds} ms for ${what}\n--- screen ---\n${screen}`, {
      details: { what, milliseconds: String(milliseconds) },
    })
    this.name = 'NothingAppeared'
    this.screen = screen
  }
}
