import { type Certificate, encodeCertificate } from '../../../machine/certificate.ts'
import { type HttpAnswer, serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { findAuthority, publishTrust } from '../mesh/authority.ts'
import type { MeshAuthority } from '../mesh/identity.ts'
import { answerReview } from '../mesh/injector.ts'
import { SettingsServer, type SettingsSource } from '../mesh/settingsServer.ts'
import { isRouteKind, readMesh } from './discovery.ts'
import { injectionPatch, wantsProxy } from './injection.ts'
import { annotationOf, controlNamespace, linkerdView } from './podView.ts'

const place = {
  name: 'linkerd-identity-issuer',
  namespace: controlNamespace,
  type: 'kubernetes.io/tls',
  certificate: 'tls.crt',
  key: 'tls.key',
  subject: 'CN=root.linkerd.cluster.local',
}
const audience = 'identity.l5d.io'
const rootsName = 'linkerd-identity-trust-roots'

// Simplified: trust anchor and issuer are one certificate, which the part that starts first makes; `linkerd install`
// makes them otherwise.
/** The program of all parts of Linkerd's control plane: `controller identity`, `destination`, `proxy-injector`. */
export function createController(client: Client): Program {
  return {
    name: 'controller',
    summary: 'Linkerd control plane',
    appetite: { processor: 2, memory: 30_000_000 },
    async run(process) {
      const [, part = ''] = process.argv
      const begin = parts[part]
      if (!begin) {
        await process.stderr.write(`unknown subcommand: ${part}\n`)
        return 1
      }
      const authority = findAuthority(process, client, place)
      const settings = begin(process, client, authority)
      serveHttp(process, adminPorts[part]!, ({ target }) => answerAdmin(target))
      await log(process, 'info', `running version ${process.env.get('LINKERD_VERSION') ?? ''}`.trim())
      if (settings) await log(process, 'info', `starting gRPC server on :${settings}`)
      await untilAsked(process)
      await log(process, 'info', 'shutting down')
      return 0
    },
  }
}

const adminPorts: Readonly<Record<string, number>> = {
  destination: 9996,
  identity: 9990,
  'proxy-injector': 9995,
  'sp-validator': 9997,
  policy: 9999,
}

/** Starts a part, and gives the port at which it serves proxies. */
type Part = (process: Process, client: Client, authority: MeshAuthority) => number | undefined

const parts: Readonly<Record<string, Part>> = {
  identity(process, client, authority) {
    publishRoots(client, authority)
    const { root } = authority
    serveProxies(process, client, 8080, {
      audience,
      certificates: certificatesOf(process, authority, 'linkerd-identity'),
      dependsOn: () => false,
      identify: pod => {
        const own = authority.issue(linkerdView.workloadOf(pod).identity, process.machine.now())
        return { chain: [own, root], roots: [root] }
      },
      onConnected: (pod, _count) => log(process, 'info', `issued certificate for ${pod}`),
    })
    return 8080
  },
  destination(process, client, authority) {
    serveProxies(process, client, 8086, {
      audience,
      certificates: certificatesOf(process, authority, 'linkerd-destination'),
      dependsOn: isRouteKind,
      read: () => readMesh(client),
    })
    return 8086
  },
  'proxy-injector'(process, client, authority) {
    const tls = {
      certificates: certificatesOf(process, authority, 'linkerd-proxy-injector'),
      applicationProtocols: ['http/1.1'],
    }
    const roots = encodeCertificate(authority.root)
    serveHttp(
      process,
      8443,
      request =>
        answerReview(request, (pod, namespace) => {
          const word = annotationOf(client, pod, namespace, 'linkerd.io/inject')
          return wantsProxy(pod, word) ? injectionPatch(pod, namespace, roots) : undefined
        }),
      { isDualStack: true, tls },
    )
    publishTrust(client, 'linkerd-proxy-injector-webhook-config', authority.root)
    return undefined
  },
  // Simplified: these two have nothing to do: ServiceProfiles and Servers are not simulated here.
  'sp-validator': () => undefined,
  policy: () => undefined,
}

function serveProxies(process: Process, client: Client, port: number, source: SettingsSource): void {
  new SettingsServer(process, client, source).listen(port)
}

function certificatesOf(process: Process, authority: MeshAuthority, name: string): () => readonly Certificate[] {
  const identity = `${name}.${controlNamespace}.serviceaccount.identity.${controlNamespace}.cluster.local`
  return () => [authority.issue(identity, process.machine.now()), authority.root]
}

/** What everybody may know: by which certificate the mesh is known. */
function publishRoots(client: Client, { root }: MeshAuthority): void {
  const pem = encodeCertificate(root)
  const found = client.get(configMap, rootsName, controlNamespace)
  if (!found) {
    client.create(configMap, {
      metadata: { name: rootsName, namespace: controlNamespace },
      data: { 'ca-bundle.crt': pem },
    })
    return
  }
  if (found.data?.['ca-bundle.crt'] !== pem) client.update(configMap, { ...found, data: { 'ca-bundle.crt': pem } })
}

function answerAdmin(target: string): HttpAnswer {
  if (target === '/ready') return { status: 200, body: 'ok\n' }
  if (target === '/ping') return { status: 200, body: 'pong\n' }
  return { status: 404, body: '404 page not found\n' }
}

function log(process: Process, level: string, text: string): Promise<void> {
  const time = new Date(process.machine.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  return process.stderr.write(`time="${time}" level=${level} msg=${JSON.stringify(text)}\n`)
}
