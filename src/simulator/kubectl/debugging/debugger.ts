import type { Container, EphemeralContainer } from 'kubernetes-types/core/v1'
import { copyOf } from '../../cluster/api/copy.ts'
import type { Pod } from '../../cluster/kinds/pod.ts'
import { Failure } from '../failure.ts'
import type { Invocation } from '../invocation.ts'
import { pathOf } from '../server/resource.ts'
import { customized } from './customProfile.ts'
import { profileOf } from './profiles.ts'

/** The flags of `kubectl debug`. */
export interface DebugFlags {
  readonly 'arguments-only': boolean
  readonly container: string
  readonly 'copy-to': string
  readonly env: readonly string[]
  readonly image: string
  readonly 'image-pull-policy': string
  readonly 'keep-annotations': boolean
  readonly 'keep-init-containers': boolean
  readonly 'keep-labels': boolean
  readonly 'keep-liveness': boolean
  readonly 'keep-readiness': boolean
  readonly 'keep-startup': boolean
  readonly profile: string
  readonly quiet: boolean
  readonly replace: boolean
  readonly 'same-node': boolean
  readonly 'set-image': Readonly<Record<string, string>>
  readonly 'share-processes': boolean
  readonly stdin: boolean
  readonly target: string
  readonly tty: boolean
}

/** What was made to debug with. */
export interface Debugger {
  readonly pod: Pod
  readonly container: string
}

/** Adds a debugging container to a running pod. */
export async function addEphemeral(
  invocation: Invocation,
  pod: Pod,
  flags: DebugFlags,
  command: readonly string[],
  custom: Partial<Container> | undefined,
): Promise<Debugger> {
  const { name, namespace } = pod.metadata
  const container = await containerName(invocation, pod, flags)
  const { securityContext } = profileOf(flags.profile, 'ephemeral')
  const ephemeral: EphemeralContainer = customized(
    {
      ...containerOf(flags, command, container),
      ...(flags.target && { targetContainerName: flags.target }),
      ...(securityContext && { securityContext }),
    },
    custom,
  )
  const resource = (await invocation.resources()).named('pods')
  const stored = await invocation.api.patch(
    resource,
    namespace,
    name,
    'strategic',
    { spec: { ephemeralContainers: [ephemeral] } },
    { subresource: 'ephemeralcontainers' },
  )
  return { pod: stored as unknown as Pod, container }
}

/** Makes a copy of a pod with a debugging container in it, or with other images or another command. */
export async function copyPod(
  invocation: Invocation,
  pod: Pod,
  flags: DebugFlags,
  command: readonly string[],
  custom: Partial<Container> | undefined,
): Promise<Debugger> {
  const { api } = invocation
  const { namespace } = pod.metadata
  const resource = (await invocation.resources()).named('pods')
  const spec = copyOf(pod.spec) as Pod['spec'] & { containers: Container[] }
  delete spec.ephemeralContainers
  if (!flags['same-node']) delete spec.nodeName
  if (!flags['keep-init-containers']) delete spec.initContainers
  if (flags['share-processes']) spec.shareProcessNamespace = true
  for (const container of spec.containers) {
    if (!flags['keep-liveness']) delete container.livenessProbe
    if (!flags['keep-readiness']) delete container.readinessProbe
    if (!flags['keep-startup']) delete container.startupProbe
    const image = flags['set-image'][container.name] ?? flags['set-image']['*']
    if (image) container.image = image
  }
  const name = flags.container || (flags.image ? await containerName(invocation, pod, flags) : spec.containers[0]!.name)
  const known = spec.containers.find(container => container.name === name)
  const { securityContext } = profileOf(flags.profile, 'copy')
  const wanted = containerOf(flags, command, name)
  if (known) Object.assign(known, customized({ ...known, ...wanted, image: flags.image || known.image }, custom))
  else spec.containers.push(customized({ ...wanted, ...(securityContext && { securityContext }) }, custom))
  if (flags.replace) await api.delete(resource, namespace, pod.metadata.name, { gracePeriodSeconds: 0 })
  const { labels, annotations } = pod.metadata
  const stored = await api.create(resource, namespace, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: flags['copy-to'],
      namespace,
      ...(flags['keep-labels'] && { labels }),
      ...(flags['keep-annotations'] && { annotations }),
    },
    spec,
  })
  return { pod: stored as unknown as Pod, container: name }
}

/** Makes a pod on a node that sees the node's processes, network and files. */
export async function debugNode(
  invocation: Invocation,
  node: string,
  flags: DebugFlags,
  command: readonly string[],
  custom: Partial<Container> | undefined,
): Promise<Debugger> {
  const name = `node-debugger-${node}-${invocation.random.suffix(5)}`
  const container = flags.container || 'debugger'
  if (!flags.quiet) {
    await invocation.print(`Creating debugging pod ${name} with container ${container} on node ${node}.\n`)
  }
  const { securityContext, sharesHost, mountsHost } = profileOf(flags.profile, 'node')
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [
        customized(
          {
            ...containerOf(flags, command, container),
            ...(securityContext && { securityContext }),
            ...(mountsHost && { volumeMounts: [{ mountPath: '/host', name: 'host-root' }] }),
          },
          custom,
        ),
      ],
      ...(sharesHost && { hostIPC: true, hostNetwork: true, hostPID: true }),
      nodeName: node,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...(mountsHost && { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }),
    },
  }
  const resource = (await invocation.resources()).named('pods')
  const stored = await invocation.api.write('POST', pathOf(resource, invocation.namespace), pod)
  return { pod: stored as unknown as Pod, container }
}

async function containerName(invocation: Invocation, { spec }: Pod, flags: DebugFlags): Promise<string> {
  const taken = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]
  if (flags.container) {
    if (!flags['copy-to'] && taken.some(({ name }) => name === flags.container)) {
      throw new Failure(`container name "${flags.container}" is already in use`)
    }
    return flags.container
  }
  const name = `debugger-${invocation.random.suffix(5)}`
  if (!flags.quiet) await invocation.print(`Defaulting debug container name to ${name}.\n`)
  return name
}

function containerOf(flags: DebugFlags, command: readonly string[], name: string): Container {
  const env = flags.env.map(pair => {
    const at = pair.indexOf('=')
    if (at < 1) throw new Failure(`invalid env: ${pair}`)
    return { name: pair.slice(0, at), value: pair.slice(at + 1) }
  })
  return {
    name,
    ...(flags.image && { image: flags.image }),
    ...(env.length > 0 && { env }),
    ...(flags['image-pull-policy'] && { imagePullPolicy: flags['image-pull-policy'] }),
    ...(command.length > 0 && { [flags['arguments-only'] ? 'args' : 'command']: [...command] }),
    ...(flags.stdin && { stdin: true }),
    ...(flags.tty && { tty: true }),
    terminationMessagePolicy: 'File',
  }
}
