import type { Container } from '../container.ts'
import type { Runtime, RuntimePod } from '../runtime.ts'
import type { Sandbox } from '../sandbox.ts'

/** What `crictl inspect` says of a container. */
// Simplified: mounts, resources and the OCI specification are left out.
export function containerFacts(runtime: Runtime, pod: RuntimePod, container: Container): unknown {
  const { node } = runtime
  const time = (at: number) => new Date(node.epoch + at).toISOString().replace('Z', '000000Z')
  const { settings, state } = container
  const never = '0001-01-01T00:00:00Z'
  return {
    info: {
      ...(container.process && state === 'running' && { pid: node.pidOf(container.process) }),
      sandboxID: pod.sandboxes.at(-1)?.id ?? '',
    },
    status: {
      annotations: { 'io.kubernetes.container.restartCount': String(settings.attempt) },
      createdAt: time(container.startedAt),
      exitCode: container.exitCode,
      finishedAt: state === 'exited' ? time(container.finishedAt) : never,
      id: container.id,
      image: { annotations: {}, image: settings.image.name, runtimeHandler: '', userSpecifiedImage: '' },
      imageRef: `${settings.image.repository}@${settings.image.digest}`,
      labels: labelsOf(pod, container.name),
      logPath: `/var/log/pods/${pod.namespace}_${pod.name}_${pod.uid}/${container.name}/${settings.attempt}.log`,
      message: container.message,
      metadata: { attempt: settings.attempt, name: container.name },
      reason: state === 'exited' ? container.reason : '',
      startedAt: state === 'created' ? never : time(container.startedAt),
      state: `CONTAINER_${state.toUpperCase()}`,
    },
  }
}

/** What `crictl inspectp` says of a pod's sandbox. */
export function sandboxFacts(runtime: Runtime, pod: RuntimePod, sandbox: Sandbox): unknown {
  const { node } = runtime
  return {
    info: {
      ...(sandbox.isReady && { pid: sandbox.pidOn(node) }),
      runtimeSpec: {
        linux: {
          namespaces: [
            { type: 'pid' },
            { type: 'ipc' },
            { type: 'uts' },
            { type: 'mount' },
            { type: 'network', ...(sandbox.ownsNetwork && { path: `/var/run/netns/${sandbox.network.name}` }) },
          ],
        },
      },
    },
    status: {
      annotations: {},
      createdAt: new Date(node.epoch + sandbox.createdAt).toISOString().replace('Z', '000000Z'),
      id: sandbox.id,
      labels: labelsOf(pod),
      linux: {
        namespaces: {
          options: { ipc: 'POD', network: sandbox.ownsNetwork ? 'POD' : 'NODE', pid: 'CONTAINER', targetId: '' },
        },
      },
      metadata: { attempt: sandbox.attempt, name: pod.name, namespace: pod.namespace, uid: pod.uid },
      network: { additionalIps: [], ip: sandbox.address ?? '' },
      runtimeHandler: '',
      state: sandbox.isReady ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
    },
  }
}

function labelsOf(pod: RuntimePod, container?: string): Readonly<Record<string, string>> {
  return {
    ...(container !== undefined && { 'io.kubernetes.container.name': container }),
    'io.kubernetes.pod.name': pod.name,
    'io.kubernetes.pod.namespace': pod.namespace,
    'io.kubernetes.pod.uid': pod.uid,
  }
}
