import { expect, test } from 'vitest'
import { nc } from '#simulator/machine/programs/nc.ts'
import { serveTcp } from '#simulator/machine/tcp.ts'
import { formatIpv4 } from '#simulator/network/address.ts'
import { NetLab } from './programs/netLab.ts'

test('a server that connections are redirected to can learn where they were meant to go', async () => {
  const lab = new NetLab()
  const client = lab.machine('client', '10.0.0.1')
  const server = lab.machine('server', '10.0.0.2')
  server.network.netfilter.restore('*nat\n-A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 15006\nCOMMIT\n')
  const seen: string[] = []
  lab.start(server, {
    name: 'proxy',
    summary: 'takes redirected connections',
    async run(process) {
      serveTcp(process, 15006, async stream => {
        const { address, port } = stream.originalDestination
        seen.push(`${formatIpv4(address)}:${port} at ${stream.local.port}`)
      })
      await process.wait(() => {})
      return 0
    },
  })
  await lab.advance(5)
  await lab.run(client, nc, '-z', '10.0.0.2', '80')
  await lab.run(client, nc, '-z', '10.0.0.2', '15006')
  expect(seen).toEqual(['10.0.0.2:80 at 15006', '10.0.0.2:15006 at 15006'])
})
