import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { referenceCluster } from '../simulator/cluster/definition.ts'
import { Lab } from '../simulator/lab.ts'
import type { LabDefinition } from '../simulator/labDefinition.ts'
import { formatIpv4 } from '../simulator/network/address.ts'
import { BenchCluster } from './benchCluster.ts'
import { findLesson, readLesson } from './content.ts'
import { play } from './play.ts'
import { parseTranscript } from './transcript.ts'

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean', default: false } } })

interface Figure {
  readonly name: string
  /** CPU time in milliseconds, or a number of another unit. */
  readonly value: number
  readonly unit: string
}

const empty: LabDefinition = { cluster: referenceCluster, files: {} }

/** A cluster with room for so many pods, and for those that an update adds: a node takes 110 at most. */
function crowd(pods: number): LabDefinition {
  const more = Math.max(0, Math.ceil(pods / 80) - 2)
  const nodes = Array.from({ length: more }, (_, index) => ({
    name: `node${index + 3}`,
    address: `192.168.64.${index + 13}`,
    isControlPlane: false,
  }))
  return { cluster: { ...referenceCluster, nodes: [...referenceCluster.nodes, ...nodes] }, files: {} }
}

const crowdNames = Array.from({ length: 10 }, (_, index) => `crowd-${index}`)

/** Runs so many pods in ten Deployments and waits until all are ready. */
async function deploy(lab: Lab, pods: number): Promise<void> {
  const replicas = pods / crowdNames.length
  for (const name of crowdNames)
    await lab.run(`kubectl create deployment ${name} --image=registry.k8s.io/pause:3.10 --replicas=${replicas}`)
  for (const name of crowdNames) {
    const { stdout } = await lab.run(`kubectl rollout status deployment ${name} --timeout=600s`, 700_000)
    if (!stdout.endsWith('successfully rolled out\n')) throw new Error(stdout)
  }
}

const benches: Record<string, () => Promise<Figure[]>> = {
  async boot() {
    await Lab.boot(empty, 1)
    const [milliseconds] = await cpu(() => Lab.boot(empty, 2))
    return [{ name: 'boot of the reference cluster', value: milliseconds, unit: 'ms CPU' }]
  },

  async pods() {
    const figures: Figure[] = []
    for (const count of [100, 1000, 10_000]) {
      const lab = await Lab.boot(crowd(count), 1)
      const [milliseconds] = await cpu(() => deploy(lab, count))
      figures.push({ name: `${count} pods of 10 Deployments ready`, value: milliseconds, unit: 'ms CPU' })
      figures.push({ name: `  of which each pod`, value: milliseconds / count, unit: 'ms CPU' })
    }
    return figures
  },

  async crowd() {
    const lab = await Lab.boot(crowd(1000), 1)
    await deploy(lab, 1000)
    await lab.settle()
    const list = () => lab.run('kubectl get pods -A')
    await list()
    const [listing] = await cpu(async () => {
      for (let i = 0; i < 10; i++) await list()
    })
    const hour = 3600
    const [idle] = await cpu(() => lab.advance(hour * 1000))
    const [update] = await cpu(async () => {
      for (const name of crowdNames)
        await lab.run(`kubectl set image deployment ${name} pause=registry.k8s.io/pause:3.9`)
      for (const name of crowdNames) await lab.run(`kubectl rollout status deployment ${name} --timeout=600s`, 700_000)
    })
    return [
      { name: 'kubectl get pods -A with 1,000 pods', value: listing / 10, unit: 'ms CPU' },
      { name: 'idle with 1,000 pods', value: idle / hour, unit: 'ms CPU a second' },
      { name: 'rolling update of 1,000 replicas', value: update, unit: 'ms CPU' },
    ]
  },

  async request() {
    const lab = await Lab.boot(readLesson(findLesson('service/a-name-that-stays')), 1)
    await lab.run('kubectl apply -f sleep1.yaml -f sleep2.yaml -f sleep2-service.yaml')
    await lab.settle()
    const once =
      "kubectl exec deploy/sleep-1 -- sh -c 'for i in $(seq 100); do curl -s -o /dev/null http://sleep-2; done'"
    await lab.run(once)
    const [milliseconds] = await cpu(() => lab.run(once))
    return [{ name: 'one request through a Service (curl, DNS, TCP, HTTP)', value: milliseconds / 100, unit: 'ms CPU' }]
  },

  async packets() {
    const figures: Figure[] = []
    for (const proxy of ['iptables', 'nftables', 'ipvs'] as const) {
      const work = await packetWork(await BenchCluster.boot({ proxy }))
      for (const isTraced of [false, true]) {
        const how = `in mode ${proxy}, ${isTraced ? 'with' : 'without'} trace`
        figures.push({ name: `datagram to a Service and back ${how}`, value: work.datagrams(isTraced), unit: 'µs CPU' })
        figures.push({ name: `  TCP from SYN to the last ACK`, value: work.connections(isTraced), unit: 'µs CPU' })
      }
    }
    return figures
  },

  async services() {
    const figures: Figure[] = []
    for (const proxy of ['iptables', 'nftables', 'ipvs'] as const) {
      const bench = await BenchCluster.boot({ proxy })
      const [made] = await cpu(async () => bench.crowd(5000))
      const [written] = await cpu(() => bench.advance(5000))
      const [more] = await cpu(async () => {
        bench.service('one-more', 80, 'TCP', ['10.9.9.9'])
        await bench.advance(5000)
      })
      figures.push(
        { name: `5,000 Services with 10 endpoints through the API`, value: made, unit: 'ms CPU' },
        { name: `  in place on 3 nodes in mode ${proxy}`, value: written, unit: 'ms CPU' },
        { name: `  one Service more`, value: more, unit: 'ms CPU' },
      )
      if (proxy !== 'iptables') continue
      const crowded = await packetWork(bench)
      figures.push({
        name: `  datagram to a Service among them and back`,
        value: crowded.datagrams(false),
        unit: 'µs CPU',
      })
    }
    return figures
  },

  async replay() {
    const lesson = findLesson('service/a-name-that-stays')
    const session = parseTranscript(readFileSync(`${lesson.folder}/solutions/by-file.txt`, 'utf8'))
    const source = await Lab.boot(readLesson(lesson), 1)
    while (source.log.length < 300) await play(session, source)
    const log = source.log.slice(0, 300)
    await Lab.replay(source.definition, 1, log)
    const [milliseconds, copy] = await cpu(() => Lab.replay(source.definition, 1, log))
    return [
      { name: 'replay of 300 commands', value: milliseconds, unit: 'ms CPU' },
      { name: 'heap after it', value: heap(), unit: 'MB' },
      { name: 'simulated time of it', value: copy.now / 1000, unit: 's' },
    ]
  },
}

/** Requests from a pod to a pod on another node by way of a Service, each a connection of its own; the best of ten. */
async function packetWork(bench: BenchCluster) {
  const client = await bench.pod('client', 'node1')
  const server = await bench.pod('server', 'node2')
  const address = formatIpv4(server.interface('eth0')!.addresses[0]!.address)
  const [datagramService, streamService] = [
    bench.service('datagram', 9000, 'UDP', [address]),
    bench.service('stream', 8080, 'TCP', [address]),
  ]
  await bench.advance(5000)
  const echo = server.sockets.bindUdp({
    port: 9000,
    onDatagram: ({ bytes, source }) => echo.sendTo(bytes, source.address, source.port),
  })
  server.sockets.listenTcp({
    port: 8080,
    onConnection(connection) {
      connection.onData = () => {
        connection.send(new Uint8Array(200))
        connection.close()
      }
    },
  })
  const text = new Uint8Array(40)
  let answers = 0
  const datagram = () => {
    const socket = client.sockets.bindUdp({
      port: 0,
      onDatagram() {
        answers++
        socket.close()
      },
    })
    socket.sendTo(text, datagramService, 9000)
  }
  const stream = () =>
    client.sockets.connectTcp({
      address: streamService,
      port: 8080,
      onOpen(connection) {
        connection.send(text)
        connection.onData = () => {
          answers++
        }
        connection.onEnd = () => connection.close()
      },
      onError(code) {
        throw new Error(code)
      },
    })
  const best = (isTraced: boolean, ask: () => unknown) => {
    bench.network.trace.isOn = isTraced
    const batch = 1000
    let least = Number.POSITIVE_INFINITY
    for (let i = 0; i < 10; i++) {
      answers = 0
      const before = process.cpuUsage()
      for (let at = 0; at < batch; at++) {
        ask()
        bench.kernel.clock.advance(5)
      }
      const { user, system } = process.cpuUsage(before)
      if (answers !== batch) throw new Error(`${answers} of ${batch} requests were answered`)
      least = Math.min(least, (user + system) / batch)
    }
    return least
  }
  return {
    datagrams: (isTraced: boolean) => best(isTraced, datagram),
    connections: (isTraced: boolean) => best(isTraced, stream),
  }
}

/** The same work in @ngrok/webernetes, the fastest peer that simulates a cluster in a browser. */
benches['peer'] = async () => {
  // The peer's modules resolve only in a bundler.
  const { createServer } = await import('vite')
  const bundler = await createServer({
    appType: 'custom',
    configFile: false,
    logLevel: 'error',
    server: { middlewareMode: true },
    ssr: { noExternal: ['@ngrok/webernetes'] },
  })
  const { bootPeer } = (await bundler.ssrLoadModule('/src/cli/benchPeer.ts')) as typeof import('./benchPeer.ts')
  const [boot, empty] = await cpu(() => bootPeer(0))
  await empty.close()
  const figures: Figure[] = [{ name: 'webernetes: boot', value: boot, unit: 'ms CPU' }]
  for (const count of [100, 1000]) {
    const [milliseconds, cluster] = await cpu(() => bootPeer(count))
    figures.push({ name: `webernetes: boot and ${count} pods ready`, value: milliseconds, unit: 'ms CPU' })
    if (count === 100) {
      const [requests] = await cpu(async () => {
        for (let i = 0; i < 100; i++) await cluster.fetch('http://node-1:31000')
      })
      figures.push({ name: 'webernetes: one request through a Service', value: requests / 100, unit: 'ms CPU' })
      figures.push({ name: 'webernetes: heap', value: heap(), unit: 'MB' })
    }
    await cluster.close()
  }
  await bundler.close()
  return figures
}

for (const [name, bench] of Object.entries(benches)) {
  if (values.only && values.only !== name) continue
  for (const figure of await bench()) {
    if (values.json) console.log(JSON.stringify(figure))
    else console.log(`${figure.name.padEnd(55)} ${figure.value.toFixed(1).padStart(10)} ${figure.unit}`)
  }
}

/** CPU time of this process that some work takes, in milliseconds. */
async function cpu<T>(work: () => Promise<T>): Promise<[number, T]> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1000, result]
}

function heap(): number {
  return process.memoryUsage().heapUsed / 1e6
}
