import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { expect, it } from 'vitest'
import { download } from './download.ts'

const token = `xoxb-${randomBytes(8).toString('hex')}`

async function serve(listener: RequestListener) {
  const heard: IncomingMessage[] = []
  const server = createServer((request, response) => {
    heard.push(request)
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  return { origin, heard, close: () => server.close() }
}

it('gives a file of Slack, with the token', async () => {
  const slack = await serve((_, response) => response.end('a=1\n'))

  const bytes = await download({ token, slackApiUrl: `${slack.origin}/api/` }, `${slack.origin}/files-pri/F1/x`, 100)

  expect(Buffer.from(bytes ?? []).toString()).toBe('a=1\n')
  expect(slack.heard[0]?.headers.authorization).toBe(`Bearer ${token}`)
  slack.close()
})

it('asks nobody else, however the address looks', async () => {
  const other = await serve((_, response) => response.end('x'))
  for (const slackApiUrl of ['https://slack.com/api/', 'http://127.0.0.1:1/api/'])
    expect(await download({ token, slackApiUrl }, `${other.origin}/files-pri/F1/x`, 100)).toBeUndefined()
  for (const address of ['https://slack.com.evil.example/x', 'https://evilslack.com/x', 'http://files.slack.com/x'])
    expect(await download({ token, slackApiUrl: 'https://slack.com/api/' }, address, 100)).toBeUndefined()

  expect(other.heard).toEqual([])
  other.close()
})

it.each([
  ['more than was announced', (response: Parameters<RequestListener>[1]) => response.end('x'.repeat(101))],
  [
    'a page to log in',
    (response: Parameters<RequestListener>[1]) => response.writeHead(302, { location: '/login' }).end(),
  ],
  ['a refusal', (response: Parameters<RequestListener>[1]) => response.writeHead(403).end('x')],
])('takes %s for no file', async (_, answer) => {
  const slack = await serve((_request, response) => void answer(response))

  expect(await download({ token, slackApiUrl: `${slack.origin}/api/` }, `${slack.origin}/f`, 100)).toBeUndefined()
  slack.close()
})
