/** One line that a person types into a machine's root shell. */
import { z } from 'zod'

/** Fits into a form of Slack's, and is typed within a second; what is longer is a script, and belongs into a file. */
export const LONGEST_LINE = 2000

/** Any text of one line: nothing in it that is not seen. */
export const ShellLine = z
  .string()
  .max(LONGEST_LINE)
  .regex(/^(?=.*\S)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u)
