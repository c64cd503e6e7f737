/** views.*: opening, pushing and updating modals. */
import { methodArguments } from '../arguments.ts'
import { checkView } from '../check-blocks.ts'
import { TIER_4 } from '../rates.ts'
import { SlackRefusal } from '../refusal.ts'
import type { Triggers } from '../triggers.ts'
import type { Workspace } from '../workspace.ts'
import { type Methods, method } from './method.ts'

export function viewMethods({ views, files }: Workspace, triggers: Triggers): Methods {
  const rules = { token: 'bot', limit: TIER_4 } as const
  const check = (view: unknown) => checkView(view, (file) => files.pictureExists(file))
  return {
    'views.open': method(rules, methodArguments['views.open'], (args) => {
      const view = check(args.view)
      return { ok: true, view: views.open(triggers.redeem(args.trigger_id).user, view) }
    }),
    'views.push': method(rules, methodArguments['views.push'], (args) => {
      const view = check(args.view)
      const trigger = triggers.redeem(args.trigger_id)
      if (trigger.view === undefined || views.find(trigger.view) === undefined) throw new SlackRefusal('not_found')
      return { ok: true, view: views.push(trigger.user, view) }
    }),
    'views.update': method(rules, methodArguments['views.update'], (args) => {
      const view = check(args.view)
      const id = args.view_id ?? views.findByExternalId(args.external_id ?? '')?.view.id ?? ''
      return { ok: true, view: views.update(id, view, args.hash) }
    }),
  }
}
