import { expect, test, vi } from 'vitest'
import type { Machine } from '#simulator/machine/machine.ts'
import type { Program } from '#simulator/machine/program.ts'
import { ResolveError, resolveHost } from '#simulator/machine/resolver.ts'
import { openUdp } from '#simulator/machine/udp.ts'
import { decodeDns, dnsTypes } from '#simulator/network/dns.ts'
import { NetLab, nameServer } from './programs/netLab.ts'

/** Looks a name up and writes the address, or the error. */
const look: Program = {
  name: 'look',
  summary: 'resolver under test',
  async run(process) {
    try {
      const { name, addresses } = await resolveHost(process, process.argv[1]!)
      await process.write(`${name} ${addresses.join(' ')}`)
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error
      await process.write(error.message)
    }
    return 0
  },
}

/** Writes down the questions that come and never answers. */
const deaf: Program = {
  name: 'deaf',
  summary: 'silent name server',
  async run(process) {
    const port = openUdp(process, { port: 53 })
    for (;;) {
      const datagram = await port.receive()
      const question = datagram && decodeDns(datagram.bytes)?.questions[0]
      if (question) await process.write(`${question.name} ${question.type === dnsTypes.A ? 'A' : 'AAAA'}\n`)
    }
  },
}

function lab(options = 'ndots:5'): { lab: NetLab; client: Machine; server: Machine } {
  const world = new NetLab()
  const client = world.machine('client', '10.0.0.1')
  const server = world.machine('server', '10.0.0.3')
  client.files.writeText('/etc/resolv.conf', `search a.local b.local\nnameserver 10.0.0.3\noptions ${options}\n`)
  return { lab: world, client, server }
}

test('every domain of the search path is asked for both kinds of addresses, then the name itself', async () => {
  const world = lab()
  const heard = world.lab.start(world.server, nameServer({}))
  await world.lab.advance(5)
  const run = await world.lab.run(world.client, look, 'nope')
  expect(run.stdout).toBe('Name or service not known')
  expect(heard.status).toBeUndefined()
})

test('a name with enough dots is asked for as it stands first', async () => {
  const world = lab('ndots:1')
  const heard = world.lab.start(world.server, deaf)
  await world.lab.advance(5)
  const run = world.lab.start(world.client, look, 'web.shop')
  await world.lab.advance(4000)
  expect(heard.stdout).toBe('web.shop. A\nweb.shop. AAAA\n')
  await world.lab.finish(run)
})

test('a silent server costs glibc five seconds, twice, for the search path and for the name itself', async () => {
  const world = lab()
  const heard = world.lab.start(world.server, deaf)
  await world.lab.advance(5)
  const run = await world.lab.run(world.client, look, 'web')
  expect(run.stdout).toBe('Temporary failure in name resolution')
  expect(run.endedAt - run.startedAt).toBe(20_001)
  expect(heard.stdout).toBe('web.a.local. A\nweb.a.local. AAAA\n'.repeat(2) + 'web. A\nweb. AAAA\n'.repeat(2))
})

test('a server that refuses ends the search at once', async () => {
  const world = lab()
  const run = await world.lab.run(world.client, look, 'web')
  expect(run.stdout).toBe('Temporary failure in name resolution')
  expect(run.endedAt - run.startedAt).toBeLessThan(5)
})

test('/etc/hosts comes before the DNS', async () => {
  const world = lab()
  world.client.files.writeText('/etc/hosts', '127.0.0.1 localhost\n10.0.0.9 web.full web\n')
  expect((await world.lab.run(world.client, look, 'WEB')).stdout).toBe('web.full 167772169')
})

test('addresses are not asked for', async () => {
  const world = lab()
  expect((await world.lab.run(world.client, look, '10.1')).stdout).toBe('10.1 167772161')
})

test('musl does not search once a name has enough dots', async () => {
  const world = lab('ndots:1')
  world.client.files.writeText('/etc/alpine-release', '3.20.0\n')
  world.lab.start(world.server, nameServer({ 'x.y.a.local. A': '10.0.0.7' }))
  await world.lab.advance(5)
  expect((await world.lab.run(world.client, look, 'x.y')).stdout).toBe('Name does not resolve')
})

test('two questions that chance gives the same id are told apart', async () => {
  const world = lab()
  world.lab.start(world.server, nameServer({ 'web.a.local. A': '10.0.0.7' }))
  await world.lab.advance(5)
  const chance = vi.spyOn(world.lab.kernel.random, 'below').mockReturnValue(65535)
  const run = await world.lab.run(world.client, look, 'web')
  chance.mockRestore()
  expect(run.stdout).toBe('web.a.local 167772167')
})
