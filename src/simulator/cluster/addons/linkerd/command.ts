import type { Process, Program } from '../../../machine/program.ts'
import type { ApiStream, Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import { deployment } from '../../kinds/deployment.ts'
import { namespace as namespaceKind } from '../../kinds/namespace.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { AddonParts } from '../optional.ts'
import { controlNamespace, linkerdView } from './podView.ts'
import { linkerdVersion } from './version.ts'

const usage = `linkerd manages the Linkerd service mesh.

Usage:
  linkerd [command]

Available Commands:
  check        Check the Linkerd installation for potential problems
  diagnostics  Commands used to diagnose Linkerd components
  version      Print the client and server version information

Flags:
  -h, --help               help for linkerd
  -n, --namespace string   Namespace to use

Use "linkerd [command] --help" for more information about a command.
`

const elsewhere =
  'authz completion identity inject install install-cni jaeger multicluster profile prune uninject uninstall upgrade viz'.split(
    ' ',
  )

/** The command of Linkerd's users. */
export function linkerdCommand(parts: AddonParts): Program {
  return {
    name: 'linkerd',
    summary: 'manage the Linkerd service mesh',
    async run(process) {
      const [command, ...words] = process.argv.slice(1)
      const client = parts.clientOf(`${controlNamespace}:linkerd-destination`)
      switch (command) {
        case undefined:
        case '-h':
        case '--help':
        case 'help':
          await process.write(usage)
          return 0
        case 'version':
          return version(process, client)
        case 'check':
          return check(process, client, words)
        case 'diagnostics':
        case 'dg':
          return diagnose(process, parts, client, words)
        default: {
          const isKnown = elsewhere.includes(command)
          const text = isKnown
            ? `linkerd ${command} is not simulated here`
            : `unknown command "${command}" for "linkerd"`
          await process.stderr.write(`Error: ${text}\n${isKnown ? '' : "Run 'linkerd --help' for usage.\n"}`)
          return 1
        }
      }
    },
  }
}

async function version(process: Process, client: Client): Promise<number> {
  const isThere = controlPods(client).some(isReady)
  await process.write(
    `Client version: ${linkerdVersion}\nServer version: ${isThere ? linkerdVersion : 'unavailable'}\n`,
  )
  return 0
}

interface Check {
  readonly text: string
  readonly isMet: boolean
  /** What stands below a check that is not met. */
  readonly why?: string
  readonly hint?: string
}

// Simplified: the checks that can be made from what the API server holds; those of versions, RBAC objects and
// certificates' algorithms are left out.
async function check(process: Process, client: Client, words: readonly string[]): Promise<number> {
  const unknown = words.find(word => word !== '--proxy')
  if (unknown !== undefined) {
    await process.stderr.write(`Error: linkerd check ${unknown} is not simulated here\n`)
    return 1
  }
  const pods = controlPods(client)
  const waiting = pods.find(each => !isReady(each))
  const scaled = client.list(deployment, { namespace: controlNamespace })
  const short = scaled.find(({ spec, status }) => (status?.readyReplicas ?? 0) < (spec.replicas ?? 1))
  const sections: Record<string, Check[]> = {
    'kubernetes-api': [
      { text: 'can initialize the client', isMet: true },
      { text: 'can query the Kubernetes API', isMet: true },
    ],
    'kubernetes-version': [{ text: 'is running the minimum Kubernetes API version', isMet: true }],
    'linkerd-existence': [
      {
        text: "'linkerd-config' config map exists",
        isMet: Boolean(client.get(configMap, 'linkerd-config', controlNamespace)),
      },
      { text: 'control plane replica sets are ready', isMet: !short && scaled.length > 0 },
      { text: 'no unschedulable pods', isMet: pods.every(({ spec }) => Boolean(spec.nodeName)) },
      {
        text: 'control plane pods are ready',
        isMet: pods.length > 0 && !waiting,
        why: waiting
          ? `pod/${waiting.metadata.name} container is not ready`
          : 'No running pods for "linkerd-destination"',
        hint: 'l5d-api-control-ready',
      },
    ],
    'linkerd-config': [
      { text: 'control plane Namespace exists', isMet: Boolean(client.get(namespaceKind, controlNamespace)) },
    ],
    'linkerd-identity': [
      {
        text: 'certificate config is valid',
        isMet: Boolean(client.get(configMap, 'linkerd-identity-trust-roots', controlNamespace)),
      },
    ],
    'control-plane-version': [
      { text: 'can retrieve the control plane version', isMet: pods.some(isReady) },
      { text: 'control plane and cli versions match', isMet: true },
    ],
    ...(words.includes('--proxy') && { 'linkerd-data-plane': dataPlane(client) }),
  }
  for (const [name, checks] of Object.entries(sections)) {
    await process.write(`${name}\n${'-'.repeat(name.length)}\n`)
    for (const { text, isMet, why, hint } of checks) {
      await process.write(`${isMet ? '√' : '×'} ${text}\n`)
      if (isMet) continue
      await process.write(
        `${why === undefined ? '' : `    ${why}\n`}${hint === undefined ? '' : `    see https://linkerd.io/2/checks/#${hint} for hints\n`}\nStatus check results are ×\n`,
      )
      return 1
    }
    await process.write('\n')
  }
  await process.write('Status check results are √\n')
  return 0
}

function dataPlane(client: Client): Check[] {
  const meshed = client.list(pod).filter(linkerdView.isMeshed)
  const waiting = meshed.find(each => !isReady(each))
  return [
    { text: 'data plane namespace exists', isMet: true },
    {
      text: 'data plane proxies are ready',
      isMet: !waiting,
      why: `The "linkerd-proxy" container in the "${waiting?.metadata.name}" pod is not ready`,
      hint: 'l5d-data-plane-ready',
    },
    { text: 'data plane is up-to-date', isMet: true },
    { text: 'data plane and cli versions match', isMet: true },
  ]
}

function controlPods(client: Client): readonly Pod[] {
  return client.list(pod, { namespace: controlNamespace })
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: word }) => type === 'Ready' && word === 'True') ?? false
}

/** `linkerd diagnostics proxy-metrics deploy/web`: what proxies have counted, as they say themselves. */
async function diagnose(
  process: Process,
  parts: AddonParts,
  client: Client,
  words: readonly string[],
): Promise<number> {
  const fail = async (text: string) => {
    await process.stderr.write(`Error: ${text}\n`)
    return 1
  }
  const at = words.findIndex(word => word === '-n' || word === '--namespace')
  const namespace = at < 0 ? 'default' : (words[at + 1] ?? 'default')
  const [subject = '', target] = words.filter((word, index) => !word.startsWith('-') && (at < 0 || index !== at + 1))
  if (subject !== 'proxy-metrics') return fail(`linkerd diagnostics ${subject} is not simulated here`)
  if (target === undefined) return fail('accepts 1 arg(s), received 0')
  const [kind = '', name = ''] = target.includes('/') ? target.split('/') : ['po', target]
  const pods = client.list(pod, { namespace }).filter(each => {
    if (!linkerdView.isMeshed(each)) return false
    return /^po/.test(kind) ? each.metadata.name === name : linkerdView.workloadOf(each).name === name
  })
  if (pods.length === 0) return fail(`no pods found for ${target}`)
  for (const { metadata } of pods) {
    const text = await readMetrics(process, parts, namespace, metadata.name)
    await process.write(`#\n# POD ${metadata.name} (1 of 1)\n#\n${text}\n`)
  }
  return 0
}

/** Asks a proxy through a forwarded port, as the real command does. */
async function readMetrics(process: Process, parts: AddonParts, namespace: string, name: string): Promise<string> {
  const stream = await process.wait<ApiStream | undefined>(wake =>
    parts.ask(
      'kubernetes-admin',
      {
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/pods/${name}/portforward`,
        query: { ports: '4191' },
        repeated: { ports: ['4191'] },
      },
      answer => wake(answer.stream),
    ),
  )
  if (!stream) return ''
  let text = ''
  stream.onData((data, channel) => {
    if (channel === 1) text += typeof data === 'string' ? data : new TextDecoder().decode(data as Uint8Array)
  })
  stream.send('GET /metrics HTTP/1.1\r\nHost: localhost:4191\r\nConnection: close\r\n\r\n')
  await process.waitFor<void>(5000, wake => stream.onEnd(() => wake()))
  return text.slice(text.indexOf('\r\n\r\n') + 4)
}
