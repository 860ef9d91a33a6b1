import { FileError } from '../../machine/fileError.ts'
import { glogLine } from '../../machine/glog.ts'
import { serveHttp } from '../../machine/httpServer.ts'
import type { Kernel } from '../../machine/kernel.ts'
import type { Process, Program } from '../../machine/program.ts'
import type { TlsServerOptions } from '../../machine/tls.ts'
import { untilAsked } from '../../machine/untilAsked.ts'
import { parseIpv4 } from '../../network/address.ts'
import { SocketError } from '../../network/socketError.ts'
import type { ApiServer } from '../apiserver/apiServer.ts'
import type { Client } from '../client.ts'
import type { ControlPlane } from '../controllers/controller.ts'
import { startControllers } from '../controllers/registry.ts'
import { createRecorder } from '../eventRecorder.ts'
import { node } from '../kinds/node.ts'
import { ConfigurationError, type ProxyConfiguration, readConfiguration } from '../proxy/configuration.ts'
import { startProxy } from '../proxy/proxy.ts'
import { ServiceHealth } from '../proxy/serviceHealth.ts'
import { startScheduler } from '../scheduler/scheduler.ts'
import { answerApiRequest } from './apiDoor.ts'
import { createDial } from './dialer.ts'
import { apiServerPort, type Pki } from './pki.ts'

/** What the daemons of a cluster work with. */
export interface DaemonParts {
  readonly kernel: Kernel
  readonly apiServer: ApiServer
  readonly plane: ControlPlane
  readonly pki: Pki
}

/** The programs of the control plane and of every node, by name. */
export function daemons(parts: DaemonParts): Map<string, Program> {
  return new Map(
    [apiServer(parts), controllerManager(parts), scheduler(parts), etcd(), kubeProxy(parts)].map(program => [
      program.name,
      program,
    ]),
  )
}

function apiServer({ apiServer: server, pki }: DaemonParts): Program {
  const tls: TlsServerOptions = { certificates: () => [pki.apiServer], applicationProtocols: ['http/1.1'] }
  return daemon('kube-apiserver', 'serve the Kubernetes API', async process => {
    const refused = await listen(process, apiServerPort, request => answerApiRequest(process, server, request), { tls })
    if (refused !== undefined) return refused
    server.dial = createDial(process)
    process.onExit(() => {
      server.dial = undefined
    })
    await process.stderr.write(glogLine(process, 'secure_serving.go:211', `Serving securely on [::]:${apiServerPort}`))
    return endWhenAsked(process)
  })
}

function controllerManager({ plane, pki }: DaemonParts): Program {
  const state = { isStarted: false }
  return daemon('kube-controller-manager', 'run the control loops', async process => {
    const refused = await health(process, 10257, pki)
    if (refused !== undefined) return refused
    await process.stderr.write(glogLine(process, 'controllermanager.go:189', '"Starting" version="v1.36.3"'))
    // Simplified: once started, the control loops go on even while their container is down.
    if (!state.isStarted) startControllers(plane)
    state.isStarted = true
    return endWhenAsked(process)
  })
}

function scheduler({ plane, pki }: DaemonParts): Program {
  const state = { isStarted: false }
  return daemon('kube-scheduler', 'give pods a node', async process => {
    const refused = await health(process, 10259, pki)
    if (refused !== undefined) return refused
    await process.stderr.write(glogLine(process, 'server.go:168', '"Starting Kubernetes Scheduler" version="v1.36.3"'))
    // Simplified: once started, scheduling goes on even while the container is down.
    if (!state.isStarted) startScheduler(plane)
    state.isStarted = true
    return endWhenAsked(process)
  })
}

// Simplified: the API server keeps its objects itself; etcd only shows that it is well.
function etcd(): Program {
  return daemon('etcd', 'keep the objects of the cluster', async process => {
    const refused = await listen(process, 2381, () => ({ status: 200, body: 'ok\n' }), {
      address: parseIpv4('127.0.0.1')!,
    })
    if (refused !== undefined) return refused
    const time = new Date(process.machine.now()).toISOString().replace('Z', '000Z')
    await process.stderr.write(
      `{"level":"info","ts":"${time}","caller":"embed/serve.go:210","msg":"serving client traffic securely","address":"127.0.0.1:2379"}\n`,
    )
    return endWhenAsked(process)
  })
}

function kubeProxy({ kernel, plane }: DaemonParts): Program {
  return daemon('kube-proxy', 'make Service addresses work', async process => {
    const client = plane.client('system:serviceaccount:kube-system:kube-proxy')
    const given = process.argv.find(word => word.startsWith('--hostname-override='))
    const nodeName = given?.slice('--hostname-override='.length) || process.machine.hostname
    const address = client.get(node, nodeName)?.status.addresses?.find(each => each.type === 'InternalIP')?.address
    const file = process.argv.find(word => word.startsWith('--config='))?.slice('--config='.length)
    const configuration = readProxyFile(process, file)
    if (configuration instanceof Error) {
      await process.stderr.write(
        glogLine(process, 'run.go:72', `"command failed" err=${JSON.stringify(configuration.message)}`, 'E'),
      )
      return 1
    }
    for (const line of proxyGreeting(process, configuration)) await process.stderr.write(line)
    if (configuration.mode === 'ipvs') recordDeprecation(process, client, nodeName)
    const serviceHealth = new ServiceHealth(process)
    const stop = startProxy({
      client,
      network: process.network,
      nodeName,
      nodeAddress: address ?? '0.0.0.0',
      configuration,
      clock: kernel.clock,
      onSync: targets => serviceHealth.sync(targets),
    })
    process.onExit(stop)
    const health = () => {
      const time = `${new Date(process.machine.now()).toISOString().replace('T', ' ').replace('Z', '000000')} +0000 UTC`
      return { status: 200, body: `{"lastUpdated": "${time}","currentTime": "${time}", "nodeEligible": true}` }
    }
    const refused = await listen(process, 10256, health, { isDualStack: true })
    return refused ?? endWhenAsked(process)
  })
}

const deprecation =
  "The ipvs proxier is now deprecated and may be removed in a future release. Please use 'nftables' instead."

function recordDeprecation(process: Process, client: Client, nodeName: string): void {
  const { clock } = process.kernel
  const epoch = process.machine.now() - clock.now
  const record = createRecorder({ client, clock, epoch, component: 'kube-proxy', host: nodeName })
  const found = client.get(node, nodeName)
  if (found) record(found, 'Warning', 'IPVSDeprecation', deprecation)
}

/** What kube-proxy says of its mode when it starts. */
function proxyGreeting(process: Process, { mode }: ProxyConfiguration): string[] {
  const place = (line: number) => `server_linux.go:${line}`
  if (mode === 'iptables') return [glogLine(process, place(158), '"Using iptables Proxier"')]
  if (mode === 'nftables') return [glogLine(process, place(232), '"Using nftables Proxier"')]
  return [
    glogLine(process, place(194), '"Using ipvs Proxier"'),
    glogLine(process, place(196), JSON.stringify(deprecation), 'E'),
    ...['IPv4', 'IPv6'].map(family =>
      glogLine(process, 'proxier.go:351', `"IPVS scheduler not specified, use rr by default" ipFamily="${family}"`),
    ),
  ]
}

function readProxyFile(process: Process, path = ''): ProxyConfiguration | Error {
  try {
    return readConfiguration(path === '' ? '' : process.files.readText(path))
  } catch (error) {
    if (error instanceof FileError) return new Error(`failed complete: open ${path}: ${error.text.toLowerCase()}`)
    if (error instanceof ConfigurationError) return error
    throw error
  }
}

/** What each takes of a quiet cluster: thousandths of a core, and megabytes. */
const appetites: Readonly<Record<string, readonly [processor: number, megabytes: number]>> = {
  'kube-apiserver': [45, 260],
  'kube-controller-manager': [15, 52],
  'kube-scheduler': [3, 22],
  etcd: [22, 43],
  'kube-proxy': [1, 17],
}

function daemon(name: string, summary: string, run: (process: Process) => Promise<number>): Program {
  const [processor, megabytes] = appetites[name]!
  return { name, summary, run, appetite: { processor, memory: megabytes * 1_000_000 } }
}

/** Answers questions after its health, as every Kubernetes daemon does. */
function health(process: Process, port: number, pki: Pki): Promise<number | undefined> {
  const tls: TlsServerOptions = { certificates: () => [pki.apiServer] }
  return listen(process, port, () => ({ status: 200, body: 'ok' }), { tls, address: parseIpv4('127.0.0.1')! })
}

/** Serves HTTP, or ends as Go programs do when the port is taken. */
async function listen(
  process: Process,
  port: number,
  handler: Parameters<typeof serveHttp>[2],
  options: NonNullable<Parameters<typeof serveHttp>[3]>,
): Promise<number | undefined> {
  try {
    serveHttp(process, port, handler, options)
    return undefined
  } catch (error) {
    if (!(error instanceof SocketError)) throw error
    const reason = error.code === 'EADDRINUSE' ? 'address already in use' : error.code
    await process.stderr.write(
      glogLine(
        process,
        'run.go:72',
        `"command failed" err="failed to create listener: failed to listen on 0.0.0.0:${port}: listen tcp 0.0.0.0:${port}: bind: ${reason}"`,
        'E',
      ),
    )
    return 1
  }
}

async function endWhenAsked(process: Process): Promise<number> {
  await untilAsked(process)
  return 0
}
