/** views.*: opening, pushing and updating modals. */
import { z } from 'zod'
import { checkView } from '../check-blocks.ts'
import { TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Triggers } from '../triggers.ts'
import type { Workspace } from '../workspace.ts'
import { JsonArgument, type Methods, method } from './method.ts'

const Open = z.object({ trigger_id: z.string().min(1), view: JsonArgument })
const Update = z.object({
  view_id: z.string().optional(),
  external_id: z.string().optional(),
  hash: z.string().optional(),
  view: JsonArgument,
})

export function viewMethods({ views, files }: Workspace, triggers: Triggers): Methods {
  const rules = { token: 'bot', limit: TIER_4 } as const
  const check = (view: unknown) => checkView(view, (file) => files.pictureExists(file))
  return {
    'views.open': method(rules, Open, (args) => {
      const view = check(args.view)
      return { ok: true, view: views.open(triggers.redeem(args.trigger_id).user, view) }
    }),
    'views.push': method(rules, Open, (args) => {
      const view = check(args.view)
      const trigger = triggers.redeem(args.trigger_id)
      if (trigger.view === undefined || views.find(trigger.view) === undefined) throw new SlackRefusal('not_found')
      return { ok: true, view: views.push(trigger.user, view) }
    }),
    'views.update': method(rules, Update, (args) => {
      const view = check(args.view)
      const id = args.view_id ?? views.findByExternalId(args.external_id ?? '')?.view.id ?? ''
      return { ok: true, view: views.update(id, view, args.hash) }
    }),
  }
}
