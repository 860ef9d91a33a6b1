import type { Container as ContainerSpec } from 'kubernetes-types/core/v1'
import { defaultPath } from '../../machine/executable.ts'
import type { FileSystem } from '../../machine/files.ts'
import type { User } from '../../machine/program.ts'
import type { Pod } from '../kinds/pod.ts'
import { capabilitiesOf } from './capabilities.ts'
import { layCgroup } from './cgroup.ts'
import type { Container } from './container.ts'
import { terminatedStateOf } from './containerStatus.ts'
import type { PodPlace } from './downwardApi.ts'
import { ConfigurationError, environmentOf, expand } from './environment.ts'
import type { StoredImage } from './imageCatalogue.ts'
import type { NodeWork } from './nodeWork.ts'
import type { Sandbox } from './sandbox.ts'
import type { PodVolumes } from './volumes/podVolumes.ts'

/** What a container is made from. */
export interface CreationRequest {
  readonly pod: Pod
  readonly spec: ContainerSpec
  readonly image: StoredImage
  readonly sandbox: Sandbox
  readonly volumes: PodVolumes
  readonly place: PodPlace
  readonly attempt: number
  readonly previous: Container | undefined
  readonly specification: string
}

/** Makes a container, ready to start; throws `ConfigurationError` when its pod asks for something that is not there. */
export function createContainer(work: NodeWork, request: CreationRequest): Container {
  const { pod, spec, image, sandbox, volumes, previous } = request
  const { runtime } = work
  const own = environmentOf(pod, spec, work.client, request.place)
  const isReadOnly = spec.securityContext?.readOnlyRootFilesystem ?? false
  const files = runtime.createFiles(image, sandbox)
  volumes.mount(spec, files, own)
  const messagePath = spec.terminationMessagePath ?? '/dev/termination-log'
  if (messagePath !== '/dev/termination-log') layMessageFile(files, messagePath)
  const workingDirectory = spec.workingDir ?? image.settings.workingDirectory ?? '/'
  if (!files.exists(workingDirectory)) files.mkdir(workingDirectory, { parents: true })
  const machine = runtime.createMachine(pod, spec, files, sandbox)
  const user = userOf(request)
  const environment = new Map<string, string>([
    ['PATH', defaultPath],
    ['HOSTNAME', sandbox.hostname],
    ...(spec.tty ? [['TERM', 'xterm'] as const] : []),
    ...Object.entries(image.settings.environment ?? {}),
    ...own,
  ])
  if (!environment.has('HOME')) environment.set('HOME', user.home)
  const container = runtime.createContainer(pod, {
    id: runtime.newId(),
    name: spec.name,
    attempt: request.attempt,
    image,
    machine,
    argv: argumentsOf(spec, image, [own, environment]),
    environment,
    workingDirectory,
    user,
    hasStdin: spec.stdin ?? false,
    closesStdinOnce: spec.stdinOnce ?? false,
    hasTerminal: spec.tty ?? false,
    stopSignal:
      spec.lifecycle && 'stopSignal' in spec.lifecycle
        ? String(spec.lifecycle.stopSignal)
        : (image.settings.stopSignal ?? 'SIGTERM'),
    terminationMessagePath: messagePath,
    terminationMessagePolicy: spec.terminationMessagePolicy ?? 'File',
    specification: request.specification,
    previous: previous?.state === 'exited' ? terminatedStateOf(previous, at => work.timestamp(at)) : undefined,
  })
  container.allocate(spec.resources ?? {})
  layCgroup(machine.files, () => container.resources)
  files.tree.isReadOnly = isReadOnly
  return container
}

/** Where the program may leave a last word, whoever it runs as. */
function layMessageFile(files: FileSystem, path: string): void {
  const folder = path.slice(0, path.lastIndexOf('/'))
  if (folder && !files.exists(folder)) files.mkdir(folder, { parents: true })
  files.writeText(path, '', 0o666)
}

/** `command` replaces the image's entrypoint and its command; `args` only the command. */
function argumentsOf(
  spec: ContainerSpec,
  image: StoredImage,
  variables: readonly ReadonlyMap<string, string>[],
): readonly string[] {
  const { entrypoint = [], command = [] } = image.settings
  const first = spec.command?.map(word => expand(word, variables)) ?? entrypoint
  const rest = spec.args?.map(word => expand(word, variables)) ?? (spec.command ? [] : command)
  const argv = [...first, ...rest]
  if (argv.length === 0) throw new ConfigurationError('no command specified')
  return argv
}

function userOf({ pod, spec, image }: CreationRequest): User {
  const own = { ...pod.spec.securityContext, ...spec.securityContext }
  const [name = '0', group] = (image.settings.user ?? '0').split(':')
  const named = /^\d+$/.test(name) ? userWithId(image, Number(name)) : image.users.find(user => user.name === name)
  if (own.runAsUser === undefined && !named)
    throw new ConfigurationError(`unable to find user ${name}: no matching entries in passwd file`)
  const base = own.runAsUser === undefined ? named! : userWithId(image, own.runAsUser)
  const gid = own.runAsGroup ?? (group !== undefined && /^\d+$/.test(group) ? Number(group) : undefined)
  if (own.runAsNonRoot) refuseRoot(pod, spec, own.runAsUser, base, name)
  const capabilities = capabilitiesOf(spec.securityContext)
  const groups = [...(own.supplementalGroups ?? []), ...(own.fsGroup === undefined ? [] : [own.fsGroup])]
  return {
    ...base,
    ...(gid === undefined ? {} : { gid }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(spec.securityContext?.allowPrivilegeEscalation === false ? { keepsItsRights: true } : {}),
    ...(groups.length > 0 ? { groups: [...(base.groups ?? []), ...groups] } : {}),
  }
}

/** A user that the image may not know: then it has a number and no name. */
function userWithId(image: StoredImage, uid: number): User {
  return image.users.find(user => user.uid === uid) ?? { uid, gid: 0, name: String(uid), home: '/' }
}

function refuseRoot(pod: Pod, spec: ContainerSpec, asked: number | undefined, user: User, imageUser: string): void {
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${spec.name})`
  if (asked === 0) throw new ConfigurationError(`container's runAsUser breaks non-root policy ${where}`)
  if (asked !== undefined) return
  if (!/^\d+$/.test(imageUser))
    throw new ConfigurationError(
      `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`,
    )
  if (user.uid === 0) throw new ConfigurationError(`container has runAsNonRoot and image will run as root ${where}`)
}
