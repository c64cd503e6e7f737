/**
 * Between asking the fence and acting, a process can be frozen (SIGSTOP, a paused VM)
 * for as long as somebody likes, and wake up with an answer that was true an hour
 * ago. The monotonic clock goes on meanwhile, so a stale answer is noticed.
 */
import type { Fence } from '../core/rescue/world.ts'

/** An answer this old is asked for again. Redis answers in milliseconds; a lock is lost after many seconds. */
const STALE_AFTER_MS = 1000

/**
 * Resolves when the fence has answered just now. The caller acts at once, without another `await` in between.
 * Throws what the fence throws, `fenced-off` above all.
 */
export async function leaveToAct(
  fence: Fence,
  signal: AbortSignal,
  monotonicMs: () => number = () => performance.now(),
): Promise<void> {
  for (;;) {
    const asked = monotonicMs()
    await fence(signal)
    signal.throwIfAborted()
    if (monotonicMs() - asked <= STALE_AFTER_MS) return
  }
}
