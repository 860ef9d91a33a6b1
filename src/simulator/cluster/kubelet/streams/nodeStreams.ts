import type { Container as ContainerSpec, ContainerStatus } from 'kubernetes-types/core/v1'
import { textOf } from '../../../machine/bytes.ts'
import type { Pipe } from '../../../machine/streams.ts'
import type { Terminal } from '../../../machine/terminal.ts'
import { ApiError } from '../../api/error.ts'
import type { ApiStream, Client, ContainerSession, LogRequest, NodeConnection, PodReference } from '../../client.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import type { Container } from '../container.ts'
import { runInContainer } from '../execution.ts'
import type { Runtime, RuntimePod } from '../runtime.ts'
import { Channel } from './channel.ts'
import { streamLog } from './logs.ts'
import { forwardPort } from './portForward.ts'

/** The kubelet's port 10250, as far as the API server uses it: logs, exec, attach and port-forward. */
export class NodeStreams implements NodeConnection {
  readonly dialFailure: NodeConnection['dialFailure']
  readonly #client: Client
  readonly #runtime: Runtime

  constructor(client: Client, runtime: Runtime, dialFailure?: NodeConnection['dialFailure']) {
    this.#client = client
    this.#runtime = runtime
    this.dialFailure = dialFailure
  }

  exec(session: ContainerSession & { readonly command: readonly string[] }): ApiStream {
    const container = this.#running(session)
    let stdin: Pipe | undefined
    let terminal: Terminal | undefined
    const channel = new Channel({
      onSend: data => type(data, stdin, terminal),
      onResize: (columns, rows) => terminal?.resize(columns, rows),
      onClose() {
        stdin?.end()
        terminal?.hangUp()
      },
    })
    const started = runInContainer(container, session.command, {
      hasStdin: session.stdin,
      hasTerminal: session.tty,
      onOutput: (text, stream) => channel.emit(text, stream === 'stdout' ? 1 : 2),
      onExit(status) {
        const result = exitStatus(status)
        channel.emit(result, 3)
        channel.end(result)
      },
    })
    if (typeof started === 'string') {
      const id = this.#runtime.newId()
      const result = internalError(
        `error executing command in container: failed to exec in container: failed to start exec "${id}": ${started}`,
      )
      channel.emit(result, 3)
      channel.end(result)
    } else {
      stdin = started.stdin
      terminal = started.terminal
    }
    return channel
  }

  attach(session: ContainerSession): ApiStream {
    const { namespace, pod: name } = session
    const container = this.#newest(session)
    if (!container?.isRunning)
      throw ApiError.badUpgrade(`container ${session.container} not found in pod ${name}_${namespace}`)
    let forget = () => {}
    const channel = new Channel({
      onSend(data) {
        if (data !== undefined || container.terminal) type(data, container.stdin, container.terminal)
        else if (container.settings.closesStdinOnce) container.endInput()
        else leave()
      },
      onResize: (columns, rows) => container.terminal?.resize(columns, rows),
      onClose() {
        forget()
        if (session.stdin && container.settings.closesStdinOnce && !container.terminal) container.endInput()
      },
    })
    if (container.process?.state === 'ended') {
      const result = internalError(
        `error attaching to container: failed to load task: no running task found: task ${container.id} not found: not found`,
      )
      channel.emit(result, 3)
      channel.end(result)
      return channel
    }
    // Who has nothing more to say to a program that goes on is let go: containerd, pkg/cri/io/container_io.go, Attach.
    const leave = () => {
      forget()
      const result = exitStatus(0)
      channel.emit(result, 3)
      channel.end(result)
    }
    forget = container.onOutput((text, stream) => channel.emit(text, stream === 'stdout' ? 1 : 2))
    container.onExit(leave)
    return channel
  }

  logs(request: LogRequest): ApiStream {
    const object = this.#object(request)
    const container = this.#logged(object, request)
    if (typeof container !== 'string') return streamLog(container.log, request, this.#runtime.node.now())
    const channel = new Channel({})
    channel.emit(`unable to retrieve container logs for ${container}`)
    channel.end()
    return channel
  }

  portForward(request: PodReference & { readonly port: number }): ApiStream {
    const held = this.#held(this.#object(request))
    const sandbox = held?.sandboxes.at(-1)
    if (!sandbox?.isReady) throw ApiError.badUpgrade(`pod not found ("${request.pod}_${request.namespace}")`)
    return forwardPort(sandbox, request.port)
  }

  #object({ namespace, pod: name }: PodReference): Pod {
    const found = this.#client.get(pod, name, namespace)
    if (!found) throw ApiError.notFound(pod, name)
    return found
  }

  #held(object: Pod): RuntimePod | undefined {
    const uid = object.metadata.annotations?.['kubernetes.io/config.mirror'] ?? object.metadata.uid
    return this.#runtime.pods.get(uid)
  }

  #newest(session: ContainerSession): Container | undefined {
    return this.#held(this.#object(session))?.containers.findLast(({ name }) => name === session.container)
  }

  #running(session: ContainerSession): Container {
    const container = this.#newest(session)
    if (!container?.isRunning) throw ApiError.badUpgrade(`container not found ("${session.container}")`)
    return container
  }

  /** The container whose log is meant, or the id of one that is no longer kept (kubelet.go, validateContainerLogStatus). */
  #logged(object: Pod, { container: name, previous }: LogRequest): Container | string {
    const { status, spec, metadata } = object
    const all = [
      ...(status.initContainerStatuses ?? []),
      ...(status.containerStatuses ?? []),
      ...(status.ephemeralContainerStatuses ?? []),
    ]
    const found: ContainerStatus | undefined = all.find(each => each.name === name)
    const specs = [
      ...(spec.initContainers ?? []),
      ...spec.containers,
      ...((spec.ephemeralContainers ?? []) as ContainerSpec[]),
    ]
    if (!specs.some(each => each.name === name))
      throw ApiError.badRequest(`container ${name} is not valid for pod ${metadata.name}`)
    const where = `container "${name}" in pod "${metadata.name}"`
    const { state, lastState } = found ?? {}
    const id = previous
      ? lastState?.terminated?.containerID
      : state?.running
        ? found!.containerID
        : (state?.terminated?.containerID ?? lastState?.terminated?.containerID)
    if (id) {
      const container = this.#held(object)?.containers.find(each => `containerd://${each.id}` === id)
      return container ?? id
    }
    if (previous) throw ApiError.badRequest(`previous terminated ${where} not found`)
    const reason = state?.waiting?.reason
    if (reason === undefined) throw ApiError.badRequest(`${where} is not available`)
    const shown = /^(ErrImagePull|ImagePullBackOff)$/.test(reason) ? 'trying and failing to pull image' : reason
    throw ApiError.badRequest(`${where} is waiting to start: ${shown}`)
  }
}

/** Keys or text for a program; undefined is the end of the input. */
function type(data: unknown, stdin: Pipe | undefined, terminal: Terminal | undefined): void {
  const text = data instanceof Uint8Array ? textOf(data) : (data as string | undefined)
  if (terminal) terminal.input(text ?? '\x04')
  else if (text === undefined) stdin?.end()
  else stdin?.push(text)
}

function internalError(message: string) {
  const whole = `Internal error occurred: ${message}`
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: whole,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  }
}

/** How a command ended, as the error channel says it. */
function exitStatus(status: number) {
  if (status === 0) return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: command terminated with exit code ${status}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(status) }] },
  }
}
