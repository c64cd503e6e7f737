/** The tags that a resource can be made with. */
import { z } from 'zod'

export interface Tags {
  readonly freeformTags: Readonly<Record<string, string>>
  readonly definedTags: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** As fields of a request's body. */
export const TAGS = {
  freeformTags: z.record(z.string().min(1).max(100), z.string().max(256)).optional(),
  definedTags: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
}

export function tagsOf({ freeformTags = {}, definedTags = {} }: { [K in keyof Tags]?: Tags[K] | undefined }): Tags {
  return { freeformTags, definedTags }
}
