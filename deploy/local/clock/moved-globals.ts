/** Puts moved time in the place of a program's own: `Date` and `setTimeout`, which is all that ours tell and wait by. */
import { registerHooks } from 'node:module'
import type { MovedTime } from './moved-time.ts'

/**
 * Measures with `Date` how long its server is silent, every second, and would connect anew whenever time is moved:
 * it keeps the real one.
 */
const HEARTBEATS = /\/node_modules\/@slack\/socket-mode\/.*\.js$/
const REAL_DATE = 'the-real-date-of-this-process'

/** From now on, and in all modules that are loaded afterwards. What measures (`performance`) stays as it is. */
export function moveGlobals(time: MovedTime): void {
  leaveHeartbeats(Date)
  globalThis.Date = movedDate(Date, time)
  globalThis.setTimeout = movedSetTimeout(setTimeout, time)
  globalThis.clearTimeout = (timer) => time.callOff(timer)
}

function movedDate(real: DateConstructor, time: MovedTime): DateConstructor {
  const now = () => time.now()
  const moved = new Proxy(real, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
  })
  Object.defineProperty(real.prototype, 'constructor', { value: moved, writable: true, configurable: true })
  return moved
}

function movedSetTimeout(real: typeof setTimeout, time: MovedTime): typeof setTimeout {
  const moved = (run: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]) =>
    time.wait(() => run(...given), milliseconds)
  // `util.promisify` looks for its own version there.
  return Object.defineProperties(moved, Object.getOwnPropertyDescriptors(real)) as typeof setTimeout
}

function leaveHeartbeats(real: DateConstructor): void {
  Object.defineProperty(globalThis, Symbol.for(REAL_DATE), { value: real })
  registerHooks({
    load: (url, context, next) => {
      const loaded = next(url, context)
      if (!HEARTBEATS.test(url) || loaded.source === undefined || loaded.source === null) return loaded
      const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
      return { ...loaded, source: `'use strict';const Date = globalThis[Symbol.for('${REAL_DATE}')];${source}` }
    },
  })
}
