/** Works on the kernel lines of the entry that is open in GRUB's editor: each is edited, and read back as a whole. */
import type { Console } from '../console/console.ts'
import { isMenuLine } from './choose-entry.ts'
import { goDownTo } from './editor.ts'
import { EditNotShown } from './failures.ts'
import type { KernelLineEdit } from './grub.ts'
import { editKernelLine, isKernelLine, kernelIn } from './kernel-line.ts'
import { readLine } from './read-line.ts'
import { demandLinux, unifiedKernel } from './refusals.ts'
import { goBackTo, type TypingOptions, typeInto } from './type-into.ts'

interface EditedLines {
  /** The file of the first. */
  readonly kernel: string | undefined
  readonly edits: readonly KernelLineEdit[]
}

/**
 * Adds the arguments to each of the entry's kernel lines, from the top of the editor down; without any they are only
 * looked at. A `menuentry` inside stops the search: what is open then is a submenu, and its lines boot nothing.
 */
export async function editKernelLines(
  console: Console,
  tokens: readonly string[],
  options: TypingOptions,
  signal: AbortSignal,
): Promise<EditedLines | 'submenu'> {
  const edits: KernelLineEdit[] = []
  const seen = new Set<string>()
  const wanted = (line: string) => seen.add(line) && (isKernelLine(line) || isMenuLine(line))
  for (;;) {
    const editor = await goDownTo(console, wanted, edits.length === 0 ? 'this line' : 'the next line', signal)
    const line = editor?.lines[editor.current]?.text
    if (line === undefined) break
    if (!isKernelLine(line) && edits.length === 0) return 'submenu'
    if (!isKernelLine(line)) break
    edits.push(tokens.length === 0 ? { before: line, after: line } : await editLine(console, tokens, options, signal))
  }
  if (tokens.length > 0) demandAllEdited(console, edits, seen)
  const unified = tokens.length === 0 ? unifiedKernel([...seen]) : undefined
  if (unified === undefined) demandLinux(edits.length, [...seen], console.view().text)
  const kernel = unified ?? kernelIn(edits[0]?.before ?? '')
  return { kernel, edits: tokens.length === 0 ? [] : edits }
}

/** A move that came twice may have passed a kernel line. What was seen of it may be its beginning only. */
function demandAllEdited(console: Console, edits: readonly KernelLineEdit[], seen: ReadonlySet<string>): void {
  const isEdited = (line: string) =>
    edits.some(({ before, after }) => before.startsWith(line) || after.startsWith(line))
  const passed = [...seen].find((line) => isKernelLine(line) && !isEdited(line))
  if (passed !== undefined) throw new EditNotShown(passed, console.view().text)
}

async function editLine(
  console: Console,
  tokens: readonly string[],
  options: TypingOptions,
  signal: AbortSignal,
): Promise<KernelLineEdit> {
  const line = await readLine(console, signal)
  // A move that was pressed again because its answer was late has left the line that was seen.
  if (!isKernelLine(line)) throw new EditNotShown('the kernel line', console.view().text)
  const { at, insert: text, after } = editKernelLine(line, tokens)
  await goBackTo(console, line, at, signal)
  await typeInto(console, { line, at, text }, options, signal)
  const read = await readLine(console, signal)
  if (read !== after) throw new EditNotShown(after, console.view().text)
  return { before: line, after }
}
