/** What people hand over sealed: what a boot loader asks for, or the new text of a file. Never part of an event. */
import { z } from 'zod'
import { GrubCredentials } from './grub-credentials.ts'

/** In characters: fits into a form, and there is no longer text to be edited. */
export const LONGEST_FILE_TEXT = 131_072

export const FileText = z.object({ text: z.string().max(LONGEST_FILE_TEXT) })
export type FileText = z.infer<typeof FileText>

export const Answer = z.union([GrubCredentials, FileText])
export type Answer = z.infer<typeof Answer>
