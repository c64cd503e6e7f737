import { expect, it } from 'vitest'
import { catalogues } from '../core/i18n/catalogue.ts'
import { unseenWords } from './seen.ts'
import type { CardResult } from './thread/threads.ts'

function words(card: CardResult): Promise<string | undefined> {
  return unseenWords({ threads: { card: async () => card }, voice: { text: catalogues.en } }, 'R-ABC123')
}

it('says nothing of a rescue that people see', async () => {
  expect(await words('posted')).toBeUndefined()
})

it('says of one that Slack has not shown yet that it goes on, and how it is ended', async () => {
  expect(await words('slow')).toMatch(/^Rescue R-ABC123 begins, but .* `\/oci-rescue stop R-ABC123` ends it now\.$/)
})

it('says why nobody will see it, and that it is taken back', async () => {
  expect(await words({ refused: 'channel_not_found' })).toContain('/invite')
  expect(await words({ refused: 'msg_blocks_too_long' })).toContain('(msg_blocks_too_long). Nobody could see it')
})
