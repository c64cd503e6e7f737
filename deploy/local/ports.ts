/** Free TCP ports on loopback addresses. */
import { createServer } from 'node:net'

/** A port of `host` that was free a moment ago. Whoever wants it must be ready to find it taken. */
export function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ host, port: 0 }, () => {
      const address = server.address()
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port)
        else reject(new Error(`no port on ${host}`))
      })
    })
  })
}
