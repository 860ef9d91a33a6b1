import type { Process, Program } from '../../machine/program.ts'
import type { Container } from './container.ts'
import { type CrictlCommand, CrictlError, readCommand } from './crictl/command.ts'
import { containerFacts, sandboxFacts } from './crictl/inspection.ts'
import { agoText, shortId, sizeText, tableText } from './crictl/table.ts'
import { runInContainer } from './execution.ts'
import type { Runtime, RuntimePod } from './runtime.ts'
import type { Sandbox } from './sandbox.ts'

interface Row {
  readonly pod: RuntimePod
  readonly container: Container
}

/** Shows what the container runtime of a node runs, past the kubelet and the API server. */
export function createCrictl(runtime: Runtime): Program {
  return {
    name: 'crictl',
    summary: 'client for CRI',
    usage: '[global options] command [command options] [arguments...]',
    async run(process) {
      try {
        if (process.user.uid !== 0)
          throw new CrictlError(
            'validate service connection: validate CRI v1 runtime API for endpoint "unix:///run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: permission denied"',
          )
        const command = readCommand(process.argv.slice(1))
        return await commands[command.name]!(process, runtime, command)
      } catch (error) {
        if (!(error instanceof CrictlError)) throw error
        const isOwn = error.message.startsWith('crictl: ')
        await process.stderr.write(isOwn ? `${error.message}\n` : `FATA[0000] ${error.message}\n`)
        return 1
      }
    },
  }
}

type Run = (process: Process, runtime: Runtime, command: CrictlCommand) => Promise<number>

const commands: Readonly<Record<string, Run>> = {
  ps: listContainers,
  pods: listPods,
  images: listImages,
  inspect: (process, runtime, command) =>
    forEach(process, command, id => {
      const { pod, container } = containerWith(runtime, id)
      return containerFacts(runtime, pod, container)
    }),
  inspectp: (process, runtime, command) =>
    forEach(process, command, id => {
      const [pod, sandbox] = sandboxWith(runtime, id)
      return sandboxFacts(runtime, pod, sandbox)
    }),
  logs: showLogs,
  exec: execute,
  async stop(process, runtime, { operands }) {
    for (const id of operands) {
      const { container } = containerWith(runtime, id)
      container.process?.kill('SIGKILL')
      await process.write(`${id}\n`)
    }
    return 0
  },
  async version(process) {
    await process.write('Version:  0.1.0\nRuntimeName:  containerd\nRuntimeVersion:  1.6.20\nRuntimeApiVersion:  v1\n')
    return 0
  },
}

async function listContainers(process: Process, runtime: Runtime, { flags }: CrictlCommand): Promise<number> {
  const { now } = process.kernel.clock
  const state = flags.get('state')?.toLowerCase()
  const rows = containersOf(runtime)
    .filter(({ container }) => flags.has('all') || state !== undefined || container.isRunning)
    .filter(({ container }) => state === undefined || container.state === state)
    .filter(({ container }) => matches(container.name, flags.get('name')))
    .filter(({ pod }) => matches(pod.namespace, flags.get('namespace')))
    .filter(({ pod }) => pod.sandboxes.some(({ id }) => id.startsWith(flags.get('pod') ?? '')))
    .sort((one, other) => other.container.startedAt - one.container.startedAt)
  const shown = flags.has('latest') ? rows.slice(0, 1) : rows
  if (flags.has('quiet')) {
    await process.write(shown.map(({ container }) => `${container.id}\n`).join(''))
    return 0
  }
  await process.write(
    tableText([
      ['CONTAINER', 'IMAGE', 'CREATED', 'STATE', 'NAME', 'ATTEMPT', 'POD ID', 'POD', 'NAMESPACE'],
      ...shown.map(({ pod, container }) => [
        shortId(container.id),
        shortId(container.settings.image.digest),
        agoText(now - container.startedAt),
        `${container.state[0]!.toUpperCase()}${container.state.slice(1)}`,
        container.name,
        String(container.settings.attempt),
        shortId(pod.sandboxes.at(-1)?.id ?? ''),
        pod.name,
        pod.namespace,
      ]),
    ]),
  )
  return 0
}

async function listPods(process: Process, runtime: Runtime, { flags }: CrictlCommand): Promise<number> {
  const { now } = process.kernel.clock
  const state = flags.get('state')?.toLowerCase()
  const rows = sandboxesOf(runtime)
    .filter(([pod]) => matches(pod.name, flags.get('name')) && matches(pod.namespace, flags.get('namespace')))
    .filter(([, { isReady }]) => state === undefined || state === (isReady ? 'ready' : 'notready'))
    .sort(([, one], [, other]) => other.createdAt - one.createdAt)
  if (flags.has('quiet')) {
    await process.write(rows.map(([, { id }]) => `${id}\n`).join(''))
    return 0
  }
  await process.write(
    tableText([
      ['POD ID', 'CREATED', 'STATE', 'NAME', 'NAMESPACE', 'ATTEMPT', 'RUNTIME'],
      ...rows.map(([pod, sandbox]) => [
        shortId(sandbox.id),
        agoText(now - sandbox.createdAt),
        sandbox.isReady ? 'Ready' : 'NotReady',
        pod.name,
        pod.namespace,
        String(sandbox.attempt),
        '(default)',
      ]),
    ]),
  )
  return 0
}

async function listImages(process: Process, runtime: Runtime, { flags }: CrictlCommand): Promise<number> {
  const images = runtime.images.list().toSorted((one, other) => (one.name < other.name ? -1 : 1))
  if (flags.has('quiet')) {
    await process.write(images.map(({ digest }) => `${digest}\n`).join(''))
    return 0
  }
  await process.write(
    tableText([
      ['IMAGE', 'TAG', 'IMAGE ID', 'SIZE'],
      ...images.map(({ name, repository, digest, size }) => [
        repository,
        name.slice(repository.length + 1),
        shortId(digest),
        sizeText(size),
      ]),
    ]),
  )
  return 0
}

async function showLogs(process: Process, runtime: Runtime, { flags, operands }: CrictlCommand): Promise<number> {
  if (operands.length === 0) throw new CrictlError('ID cannot be empty')
  const { lines } = containerWith(runtime, operands[0]!).container.log
  const tail = flags.get('tail')
  for (const { at, stream, text, isPartial } of tail === undefined ? lines : lines.slice(-Number(tail))) {
    const stamp = flags.has('timestamps') ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : ''
    await (stream === 'stdout' ? process.stdout : process.stderr).write(`${stamp}${text}${isPartial ? '' : '\n'}`)
  }
  return 0
}

async function execute(process: Process, runtime: Runtime, { flags, operands }: CrictlCommand): Promise<number> {
  const [id, ...argv] = operands
  if (id === undefined || argv.length === 0) throw new CrictlError('Incorrect Usage.')
  if (flags.has('interactive') || flags.has('tty'))
    throw new CrictlError('crictl: crictl exec -it is not simulated here: try nsenter')
  const { container } = containerWith(runtime, id)
  if (!container.isRunning)
    throw new CrictlError(
      `execing command in container: rpc error: code = Unknown desc = failed to exec in container: container is in CONTAINER_${container.state.toUpperCase()} state`,
    )
  let text = ''
  const status = await process.wait<number | string>(wake => {
    const started = runInContainer(container, argv, { onOutput: piece => void (text += piece), onExit: wake })
    if (typeof started === 'string') wake(started)
  })
  await process.write(text)
  if (status === 0) return 0
  throw new CrictlError(
    typeof status === 'string'
      ? `execing command in container: rpc error: code = Unknown desc = failed to exec in container: failed to start exec: ${status}`
      : `execing command in container: command terminated with exit code ${status}`,
  )
}

async function forEach(
  process: Process,
  { flags, operands }: CrictlCommand,
  look: (id: string) => unknown,
): Promise<number> {
  if (operands.length === 0) throw new CrictlError('ID cannot be empty')
  const output = flags.get('output') ?? (flags.has('template') ? 'go-template' : 'json')
  for (const id of operands) {
    const facts = look(id)
    if (output === 'json') await process.write(`${JSON.stringify(facts, undefined, 2)}\n`)
    else if (output === 'go-template') await process.write(`${filled(flags.get('template') ?? '', facts)}\n`)
    else throw new CrictlError(`crictl: output ${output} is not simulated here`)
  }
  return 0
}

/** Fills paths into a template: `{{.info.pid}}`. */
function filled(template: string, facts: unknown): string {
  return template.replace(/\{\{(.*?)\}\}/g, (_, inside: string) => {
    const path = /^\s*((?:\.\w+)+)\s*$/.exec(inside)?.[1]
    if (path === undefined) throw new CrictlError(`crictl: the template {{${inside}}} is not simulated here`)
    const value = path
      .slice(1)
      .split('.')
      .reduce<unknown>((each, key) => (each as Record<string, unknown> | undefined)?.[key], facts)
    return value === undefined ? '<no value>' : String(value)
  })
}

function containersOf(runtime: Runtime): Row[] {
  return [...runtime.pods.values()].flatMap(pod => pod.containers.map(container => ({ pod, container })))
}

function sandboxesOf(runtime: Runtime): [RuntimePod, Sandbox][] {
  return [...runtime.pods.values()].flatMap(pod =>
    pod.sandboxes.map(sandbox => [pod, sandbox] as [RuntimePod, Sandbox]),
  )
}

function containerWith(runtime: Runtime, id: string): Row {
  const found = containersOf(runtime).find(({ container }) => container.id.startsWith(id))
  if (found) return found
  throw new CrictlError(
    `getting the status of the container "${id}": rpc error: code = NotFound desc = an error occurred when try to find container "${id}": not found`,
  )
}

function sandboxWith(runtime: Runtime, id: string): [RuntimePod, Sandbox] {
  const found = sandboxesOf(runtime).find(([, sandbox]) => sandbox.id.startsWith(id))
  if (found) return found
  throw new CrictlError(
    `getting the pod sandbox status: rpc error: code = NotFound desc = an error occurred when try to find sandbox: not found`,
  )
}

/** Names are filtered by a regular expression. */
function matches(text: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true
  try {
    return new RegExp(pattern).test(text)
  } catch {
    throw new CrictlError(`error parsing regexp: ${pattern}`)
  }
}
