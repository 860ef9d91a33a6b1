import { expect, test } from 'vitest'
import type { HttpServerOptions } from '#simulator/machine/httpServer.ts'
import { type HttpHandler, serveHttp } from '#simulator/machine/httpServer.ts'
import type { Program } from '#simulator/machine/program.ts'
import { curl } from '#simulator/machine/programs/curl.ts'
import { nc } from '#simulator/machine/programs/nc.ts'
import { NetLab } from './programs/netLab.ts'

function lab(handler: HttpHandler, options: HttpServerOptions = {}) {
  const world = new NetLab()
  const client = world.machine('client', '10.0.0.1')
  const server = world.machine('server', '10.0.0.2')
  const program: Program = {
    name: 'httpd',
    summary: 'server under test',
    async run(process) {
      serveHttp(process, 80, handler, options)
      await process.wait(() => {})
      return 0
    },
  }
  const run = world.start(server, program)
  return { world, client, run }
}

test('one connection carries several requests', async () => {
  const remotes = new Set<number>()
  const { world, client } = lab(request => {
    remotes.add(request.remote.port)
    return { status: 200, body: request.target }
  })
  expect((await world.run(client, curl, '-s', '10.0.0.2/a', '10.0.0.2/b')).stdout).toBe('/a/b')
  expect(remotes.size).toBe(1)
})

test('a body without a known length comes in chunks, as it is made', async () => {
  const { world, client } = lab(() => {
    async function* pieces() {
      yield new TextEncoder().encode('one\n')
      yield new TextEncoder().encode('two\n')
    }
    return { status: 200, body: pieces() }
  })
  const run = await world.run(client, curl, '-si', '10.0.0.2')
  expect(run.stdout).toBe('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\none\ntwo\n')
  expect((await world.run(client, curl, '-s0', '10.0.0.2')).stdout).toBe('one\ntwo\n')
})

test('what is not HTTP is refused', async () => {
  const { world, client } = lab(() => ({ status: 200 }))
  const run = await world.finish(world.startAs(client, nc, ['nc', '10.0.0.2', '80'], 'hello\r\n\r\n'))
  expect(run.stdout).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
})

test('a handler may break the connection off', async () => {
  const { world, client } = lab(() => ({ status: 500, abort: true }))
  expect((await world.run(client, curl, '-sS', '10.0.0.2')).transcript).toBe(
    '! curl: (56) Recv failure: Connection reset by peer\n? 56\n',
  )
})

test('an idle connection is closed in time', async () => {
  const { world, client } = lab(() => ({ status: 200 }), { idleTimeout: 1000 })
  await world.advance(5)
  const run = world.start(client, nc, '10.0.0.2', '80')
  await world.advance(2000)
  expect(run.status).toBe(0)
})

test('every exchange is reported', async () => {
  const log: string[] = []
  const { world, client } = lab(() => ({ status: 200, body: 'hello' }), {
    onAnswered: (request, answer, sent) => log.push(`${request.method} ${request.target} ${answer.status} ${sent}`),
  })
  await world.run(client, curl, '-sI', '10.0.0.2/x')
  await world.run(client, curl, '-s', '10.0.0.2/y')
  expect(log).toEqual(['HEAD /x 200 0', 'GET /y 200 5'])
})
