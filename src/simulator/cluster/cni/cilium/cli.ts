import type { Process, Program } from '../../../machine/program.ts'
import { TcpListening } from '../../../machine/tcp.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Client } from '../../client.ts'
import { daemonSet } from '../../kinds/daemonSet.ts'
import { deployment } from '../../kinds/deployment.ts'
import { pod } from '../../kinds/pod.ts'
import type { PluginControl } from '../plugin.ts'
import { version } from './images.ts'
import { findKinds } from './objects.ts'
import { installRelay, relayPort, removeRelay } from './relay.ts'
import { settingsOf } from './settings.ts'

const namespace = 'kube-system'
// What the real command line would do besides; it says so instead.
const others = [
  'bgp',
  'clustermesh',
  'connectivity',
  'context',
  'encryption',
  'features',
  'install',
  'multicast',
  'sysdump',
  'uninstall',
  'upgrade',
]

/** The command with which Cilium is looked at from outside of the cluster. */
export function ciliumCli(control: PluginControl): Program {
  return {
    name: 'cilium',
    summary: 'install, manage and troubleshoot Cilium',
    async run(process) {
      const client = control.client('kubernetes-admin')
      const [verb = '', ...rest] = process.argv.slice(1)
      if (verb === '' || verb === 'help' || verb === '--help' || verb === '-h') {
        await process.write(usage)
        return 0
      }
      if (verb === 'version') {
        await process.write(versionText)
        return 0
      }
      if (verb === 'status') return status(process, client, rest)
      if (verb === 'config') return config(process, client, rest)
      if (verb === 'hubble') return hubbleCommand(process, client, rest)
      if (others.includes(verb)) {
        await process.stderr.write(`cilium ${verb} is not simulated here\n`)
        return 1
      }
      await process.stderr.write(`Error: unknown command "${verb}" for "cilium"\nRun 'cilium --help' for usage.\n`)
      return 1
    },
  }
}

const usage = `CLI to install, manage, & troubleshooting Cilium clusters running Kubernetes.

Usage:
  cilium [command]

Commands that are simulated here:
  config view         View current configuration
  hubble enable       Enable Hubble observability using Helm
  hubble disable      Disable Hubble observability using Helm
  hubble port-forward Forward the relay port to the local machine
  status              Display status
  version             Display detailed version information
`

const versionText = `cilium-cli: v0.18.8 compiled with go1.25.3 on linux/amd64
cilium image (default): v1.18.3
cilium image (stable): ${version}
cilium image (running): ${version.slice(1)}
`

async function status(process: Process, client: Client, rest: readonly string[]): Promise<number> {
  const strange = rest.find(word => !['--wait', '--brief', '--verbose'].includes(word))
  if (strange !== undefined) {
    await process.stderr.write(`Error: unknown flag: ${strange}\n`)
    return 1
  }
  // Without --wait the real command looks once and tells what it found.
  const waits = rest.includes('--wait')
  while (waits && problemsOf(client).length > 0) await process.sleep(2_000)
  const problems = problemsOf(client)
  if (rest.includes('--brief')) {
    await process.write(problems.length === 0 ? 'OK\n' : `error: ${problems.length}\n`)
    return problems.length === 0 ? 0 : 1
  }
  await process.write(statusText(client))
  return problems.length === 0 ? 0 : 1
}

interface Part {
  readonly kind: 'DaemonSet' | 'Deployment'
  readonly name: string
  readonly label: string
}

const parts: readonly Part[] = [
  { kind: 'DaemonSet', name: 'cilium', label: 'k8s-app=cilium' },
  { kind: 'Deployment', name: 'cilium-operator', label: 'name=cilium-operator' },
  { kind: 'Deployment', name: 'hubble-relay', label: 'k8s-app=hubble-relay' },
]

interface Counts {
  readonly desired: number
  readonly ready: number
  readonly available: number
}

function countsOf(client: Client, { kind, name }: Part): Counts | undefined {
  if (kind === 'DaemonSet') {
    const found = client.get(daemonSet, name, namespace)?.status
    return (
      found && {
        desired: found.desiredNumberScheduled ?? 0,
        ready: found.numberReady ?? 0,
        available: found.numberAvailable ?? 0,
      }
    )
  }
  const found = client.get(deployment, name, namespace)
  return (
    found && {
      desired: found.spec.replicas ?? 1,
      ready: found.status?.readyReplicas ?? 0,
      available: found.status?.availableReplicas ?? 0,
    }
  )
}

/** What is not as it should be, one line each. */
function problemsOf(client: Client): string[] {
  return parts.flatMap(part => {
    const counts = countsOf(client, part)
    const plural = `${part.kind.toLowerCase()}s.apps`
    if (!counts)
      return part.name === 'hubble-relay' ? [] : [`${part.name}    ${part.name}    ${plural} "${part.name}" not found`]
    const missing = counts.desired - counts.ready
    if (missing <= 0) return []
    return [`${part.name}    ${part.name}    ${missing} pods of ${part.kind} ${part.name} are not ready`]
  })
}

function statusText(client: Client): string {
  const word = (name: string) => {
    const part = parts.find(each => each.name === name)!
    const counts = countsOf(client, part)
    if (!counts) return name === 'hubble-relay' ? 'disabled' : '1 errors'
    return counts.ready < counts.desired ? `${counts.desired - counts.ready} errors` : 'OK'
  }
  const logo = `    /¯¯\\
 /¯¯\\__/¯¯\\    Cilium:             ${word('cilium')}
 \\__/¯¯\\__/    Operator:           ${word('cilium-operator')}
 /¯¯\\__/¯¯\\    Envoy DaemonSet:    disabled (using embedded mode)
 \\__/¯¯\\__/    Hubble Relay:       ${word('hubble-relay')}
    \\__/       ClusterMesh:        disabled

`
  const lines: string[] = []
  for (const part of parts) {
    const counts = countsOf(client, part)
    if (!counts) continue
    const { desired, ready, available } = counts
    lines.push(
      `${part.kind.padEnd(23)}${part.name.padEnd(25)}Desired: ${desired}, Ready: ${ready}/${desired}, Available: ${available}/${desired}`,
    )
  }
  for (const [index, part] of parts.entries()) {
    const running = client.list(pod, { namespace, labels: part.label }).filter(each => each.status.phase === 'Running')
    const count = running.length > 0 ? `Running: ${running.length}` : ''
    lines.push(`${(index === 0 ? 'Containers:' : '').padEnd(23)}${part.name.padEnd(25)}${count}`)
  }
  const kinds = findKinds(client)
  const pods = client.list(pod).filter(({ spec, status: { phase } }) => !spec.hostNetwork && phase === 'Running')
  const managed = kinds
    ? pods.filter(({ metadata }) => client.get(kinds.endpoint, metadata.name, metadata.namespace))
    : []
  lines.push(`${'Cluster Pods:'.padEnd(23)}${managed.length}/${pods.length} managed by Cilium`)
  lines.push(`${'Helm chart version:'.padEnd(23)}${version.slice(1)}`)
  let isFirst = true
  for (const part of parts) {
    const running = client.list(pod, { namespace, labels: part.label })
    const image = running[0]?.spec.containers[0]?.image
    if (image === undefined) continue
    lines.push(`${(isFirst ? 'Image versions' : '').padEnd(23)}${part.name.padEnd(19)}${image}: ${running.length}`)
    isFirst = false
  }
  for (const problem of problemsOf(client)) lines.push(`${'Errors:'.padEnd(23)}${problem}`)
  return `${logo}${lines.join('\n')}\n`
}

async function config(process: Process, client: Client, rest: readonly string[]): Promise<number> {
  if (rest[0] !== 'view') {
    await process.stderr.write(`cilium config ${rest[0] ?? ''} is not simulated here\n`)
    return 1
  }
  const settings = Object.entries(settingsOf(client)).sort(([a], [b]) => (a < b ? -1 : 1))
  const width = Math.max(...settings.map(([name]) => name.length))
  await process.write(settings.map(([name, value]) => `${name.padEnd(width)}   ${value}\n`).join(''))
  return 0
}

async function hubbleCommand(process: Process, client: Client, rest: readonly string[]): Promise<number> {
  if (rest[0] === 'enable') {
    installRelay(client)
    return 0
  }
  if (rest[0] === 'disable') {
    removeRelay(client)
    return 0
  }
  if (rest[0] === 'port-forward') {
    if (!client.get(deployment, 'hubble-relay', namespace)) {
      await process.stderr.write('Error: Unable to port forward: hubble-relay: services "hubble-relay" not found\n')
      return 1
    }
    const listening = new TcpListening(process, relayPort, { address: 0x7f000001 }, async stream => stream.close())
    await process.write(`ℹ️  Hubble Relay is available at 127.0.0.1:${relayPort}\n`)
    await untilAsked(process)
    listening.close()
    return 0
  }
  await process.stderr.write(`cilium hubble ${rest[0] ?? ''} is not simulated here\n`)
  return 1
}
