import type { Process, Program } from '../../../../machine/program.ts'
import { pod } from '../../../kinds/pod.ts'
import type { AddonParts } from '../../optional.ts'
import { istioVersion } from '../version.ts'
import { analyze } from './analyze.ts'
import { PodQuestions } from './podQuestions.ts'
import { proxyConfig } from './proxyConfig.ts'
import { formatTable } from './table.ts'

const usage = `Istio configuration command line utility for service operators to
debug and diagnose their Istio mesh.

Usage:
  istioctl [command]

Available Commands:
  analyze         Analyze Istio configuration and print validation messages
  proxy-config    Retrieve information about proxy configuration from Envoy [kube only]
  proxy-status    Retrieves the synchronization status of each Envoy in the mesh
  version         Prints out build version information

Flags:
  -h, --help                   help for istioctl
  -n, --namespace string       Kubernetes namespace

Use "istioctl [command] --help" for more information about a command.
`

const elsewhere =
  'admin bug-report completion create-remote-secret dashboard experimental install kube-inject manifest operator remote-clusters tag uninstall upgrade validate verify-install waypoint x ztunnel-config'.split(
    ' ',
  )

/** The command of Istio's users. */
export function istioctl(parts: AddonParts): Program {
  return {
    name: 'istioctl',
    summary: 'Istio control interface',
    async run(process) {
      const words = process.argv.slice(1)
      let namespace = 'default'
      const rest: string[] = []
      for (let at = 0; at < words.length; at++) {
        const word = words[at]!
        if (word === '-n' || word === '--namespace') namespace = words[++at] ?? 'default'
        else if (word.startsWith('--namespace=')) namespace = word.slice('--namespace='.length)
        else rest.push(word)
      }
      const [command, ...operands] = rest
      if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
        await process.write(usage)
        return 0
      }
      const questions = new PodQuestions(process, parts)
      switch (command) {
        case 'version':
          return version(process, parts, questions, operands)
        case 'proxy-status':
        case 'ps':
          return proxyStatus(process, parts, questions, operands)
        case 'proxy-config':
        case 'pc':
          return proxyConfig(process, parts, questions, namespace, operands)
        case 'analyze':
          return analyze(process, parts, namespace, operands)
        default:
          return refuse(process, command)
      }
    },
  }
}

async function refuse(process: Process, command: string): Promise<number> {
  const text = elsewhere.includes(command)
    ? `Error: istioctl ${command} is not simulated here\n`
    : `Error: unknown command "${command}" for "istioctl"\nRun 'istioctl --help' for usage.\n`
  await process.stderr.write(text)
  return 1
}

/** The running pods of the control plane. */
function controlPlane(parts: AddonParts): string[] {
  return parts
    .clientOf('istio-system:istiod')
    .list(pod, { namespace: 'istio-system', labels: { app: 'istiod' } })
    .filter(({ status }) => status?.phase === 'Running')
    .map(({ metadata }) => metadata.name)
}

interface Synced {
  readonly proxy: string
  readonly cluster_id: string
  readonly istio_version: string
}

async function connected(parts: AddonParts, questions: PodQuestions): Promise<(Synced & { istiod: string })[]> {
  const all: (Synced & { istiod: string })[] = []
  for (const istiod of controlPlane(parts)) {
    const command = ['pilot-discovery', 'request', 'GET', '/debug/syncz']
    const text = await questions.ask('istio-system', istiod, 'discovery', command)
    if (text !== undefined) for (const each of JSON.parse(text) as Synced[]) all.push({ ...each, istiod })
  }
  return all.sort((one, other) => (one.proxy < other.proxy ? -1 : 1))
}

async function version(
  process: Process,
  parts: AddonParts,
  questions: PodQuestions,
  operands: readonly string[],
): Promise<number> {
  const short = operands.includes('--remote=false')
  const lines = [`client version: ${istioVersion}`]
  if (!short) {
    if (controlPlane(parts).length === 0) {
      await process.write(
        `${lines[0]}\nIstio is not present in the cluster: no running Istio pods in namespace "istio-system"\n`,
      )
      return 0
    }
    const { length } = await connected(parts, questions)
    lines.push(`control plane version: ${istioVersion}`)
    lines.push(
      length === 0
        ? 'data plane version: none'
        : `data plane version: ${istioVersion} (${length} ${length === 1 ? 'proxy' : 'proxies'})`,
    )
  }
  await process.write(lines.map(line => `${line}\n`).join(''))
  return 0
}

async function proxyStatus(
  process: Process,
  parts: AddonParts,
  questions: PodQuestions,
  operands: readonly string[],
): Promise<number> {
  if (operands.length > 0) {
    await process.stderr.write('Error: the status of one proxy is not simulated here\n')
    return 1
  }
  if (controlPlane(parts).length === 0) {
    await process.stderr.write('Error: no running Istio pods in "istio-system"\n')
    return 1
  }
  const rows = (await connected(parts, questions)).map(({ proxy, cluster_id, istiod, istio_version }) => [
    proxy,
    cluster_id,
    istiod,
    istio_version,
    '4 (CDS,LDS,EDS,RDS)',
  ])
  await process.write(formatTable(['NAME', 'CLUSTER', 'ISTIOD', 'VERSION', 'SUBSCRIBED TYPES'], rows, 5))
  return 0
}
