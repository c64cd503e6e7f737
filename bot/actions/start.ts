/** Choices in the form that asks what is wrong: each shows the form again, with the fields that are needed now. */
import type { App, BlockAction } from '@slack/bolt'
import { z } from 'zod'
import { attend, type Desk, speakingTo, wasHeard } from '../desk.ts'
import { noticeView } from '../modals/replace-key-form.ts'
import { otherWay, startSeen } from '../modals/start-fields.ts'
import { readWish, startForm } from '../modals/start-form.ts'
import { ACTIONS } from '../slack/names.ts'
import { updateView } from '../slack/open-view.ts'
import { actor } from '../slack/people.ts'

const Button = z.object({ type: z.literal('button'), value: z.string() })

export function registerStartActions(app: App, desk: Desk): void {
  for (const id of [ACTIONS.wrong, ACTIONS.task, ACTIONS.typeInstance]) {
    app.action<BlockAction>({ type: 'block_actions', action_id: id }, async ({ ack, body, action, client }) => {
      await ack()
      const { view } = body
      // Of a choice that is delivered again, the form may be further than it was then.
      if (view === undefined || (await wasHeard(desk, choiceIn(body, view.id)))) return
      const theirs = await speakingTo(desk, actor(body), client)
      const { text } = theirs.voice
      const tell = (mrkdwn: string) => updateView(client, view.id, noticeView(text, text.commands.start.title, mrkdwn))
      await attend(theirs, 'form', tell, async () => {
        const directory = await theirs.instances.now()
        const seen = startSeen(view, directory, new Date())
        const pressed = Button.safeParse(action).data
        const next = pressed === undefined ? seen : otherWay(seen, directory, new Date())
        await updateView(client, view.id, startForm(text, next, readWish(view)))
      })
    })
  }
}

function choiceIn(body: BlockAction, view: string): string {
  const chosen = body.actions.map(({ action_id, action_ts }) => [action_id, action_ts])
  return JSON.stringify(['choice', body.trigger_id, actor(body), view, chosen])
}
