import { setTimeout as sleep } from 'node:timers/promises'
import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import { type FormAnswer, giveAnswer } from './form-answer.ts'

function viewOf(words: string): ModalView {
  return { type: 'modal', title: { type: 'plain_text', text: words }, blocks: [] }
}

const REASON = { reason: 'Too <short>.' }

/** What Slack is told, and when, of an answer that takes `milliseconds`. */
async function told(answer: FormAnswer, milliseconds: number, withinMs: number) {
  const since = performance.now()
  const said: (readonly ['ack' | 'show', ViewResponseAction | ModalView | undefined])[] = []
  let acknowledgedMs = Number.NaN
  const form = {
    ack: async (response?: ViewResponseAction) => {
      acknowledgedMs = performance.now() - since
      said.push(['ack', response])
    },
    show: async (view: ModalView) => void said.push(['show', view]),
    notice: viewOf,
    working: 'working',
  }
  await giveAnswer(
    form,
    sleep(milliseconds).then(() => answer),
    withinMs,
  )
  return { said, acknowledgedMs }
}

describe('an answer that comes in time', () => {
  it.each<[FormAnswer, ViewResponseAction | undefined]>([
    [{ kind: 'closed', done: 'done' }, undefined],
    [
      { kind: 'errors', errors: REASON },
      { response_action: 'errors', errors: REASON },
    ],
    [
      { kind: 'notice', mrkdwn: 'no' },
      { response_action: 'update', view: viewOf('no') },
    ],
    [
      { kind: 'form', view: viewOf('more') },
      { response_action: 'update', view: viewOf('more') },
    ],
  ])('is what Slack is told: %j', async (answer, response) => {
    expect((await told(answer, 1, 5000)).said).toEqual([['ack', response]])
  })
})

describe('an answer that takes too long', () => {
  it.each<[FormAnswer, string]>([
    [{ kind: 'closed', done: 'done' }, 'done'],
    [{ kind: 'errors', errors: { ...REASON, line: 'Busy.' } }, 'Too &lt;short&gt;.\nBusy.'],
    [{ kind: 'notice', mrkdwn: 'no' }, 'no'],
    [{ kind: 'form', view: viewOf('more') }, 'more'],
  ])('is shown in the place of the form, which was acknowledged before: %j', async (answer, words) => {
    const { said, acknowledgedMs } = await told(answer, 400, 50)

    expect(said).toEqual([
      ['ack', { response_action: 'update', view: viewOf('working') }],
      ['show', viewOf(words)],
    ])
    expect(acknowledgedMs).toBeLessThan(400)
  })

  it('is not waited for where all of the time is over', async () => {
    expect((await told({ kind: 'closed', done: 'done' }, 20, -5)).said).toHaveLength(2)
  })
})
