/** What people hand over sealed: what a boot loader asks for, or the new text of a file. Never part of an event. */
import { z } from 'zod'
import { LARGEST_FILE_BYTES } from './file-text.ts'
import { GrubCredentials } from './grub-credentials.ts'

export const FileText = z.object({ text: z.string().max(LARGEST_FILE_BYTES) })
export type FileText = z.infer<typeof FileText>

export const Answer = z.union([GrubCredentials, FileText])
export type Answer = z.infer<typeof Answer>
