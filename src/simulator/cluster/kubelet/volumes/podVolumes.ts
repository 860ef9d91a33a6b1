import type { Container, Volume, VolumeMount } from 'kubernetes-types/core/v1'
import { FileSystem } from '../../../machine/files.ts'
import type { DirectoryNode } from '../../../machine/inode.ts'
import type { Machine } from '../../../machine/machine.ts'
import type { Client } from '../../client.ts'
import { persistentVolume } from '../../kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import type { Pod } from '../../kinds/pod.ts'
import type { PodPlace } from '../downwardApi.ts'
import { ConfigurationError, expand } from '../environment.ts'
import { isSamePayload, writeAtomically } from './atomicFiles.ts'
import { type Payload, payloadOf, VolumeError } from './payload.ts'

/** A volume that is ready to appear in containers. */
interface Ready {
  readonly files: FileSystem
  /** Where in these files the volume begins. */
  readonly root: string
  readonly type: string
  /** Whether nobody may write to it. */
  readonly isReadOnly?: true
  /** What its files were made from, for volumes that follow objects. */
  payload: Payload | undefined
}

/** The volumes of one pod on its node. */
export class PodVolumes {
  readonly #node: Machine
  readonly #client: Client
  readonly #ready = new Map<string, Ready>()

  constructor(node: Machine, client: Client) {
    this.#node = node
    this.#client = client
  }

  /** Makes every volume ready that is not yet; gives what went wrong as FailedMount tells it. */
  setUp(pod: Pod, place: PodPlace): string[] {
    const failures: string[] = []
    for (const volume of pod.spec.volumes ?? []) {
      if (this.#ready.has(volume.name)) continue
      try {
        this.#ready.set(volume.name, this.#make(pod, volume, place))
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error
        failures.push(`MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`)
      }
    }
    return failures
  }

  /** Makes the files of an image a volume. */
  showImage(name: string, image: DirectoryNode): void {
    const files = new FileSystem({ now: () => this.#node.now(), image })
    this.#ready.set(name, { files, root: '/', type: 'overlay', isReadOnly: true, payload: undefined })
  }

  /** Volumes that are not ready, by name. */
  missing(pod: Pod): string[] {
    return (pod.spec.volumes ?? []).map(({ name }) => name).filter(name => !this.#ready.has(name))
  }

  /** Brings files up to date that follow objects. Tokens stay as they are until they grow old. */
  refresh(pod: Pod, place: PodPlace): void {
    for (const volume of pod.spec.volumes ?? []) {
      const ready = this.#ready.get(volume.name)
      if (!ready?.payload) continue
      let payload: Payload | undefined
      try {
        payload = this.#payload(pod, volume, place)
      } catch (error) {
        if (!(error instanceof VolumeError)) throw error
      }
      if (!payload || isSamePayload(withoutTokens(payload, volume), withoutTokens(ready.payload, volume))) continue
      ready.payload = payload
      writeAtomically(ready.files, payload, this.#node.now())
    }
  }

  /** Makes the volumes appear in a container's files. */
  mount(container: Container, files: FileSystem, environment: ReadonlyMap<string, string>): void {
    const mounts = [...(container.volumeMounts ?? [])].sort(
      (one, other) => one.mountPath.length - other.mountPath.length,
    )
    for (const mount of mounts) {
      const ready = this.#ready.get(mount.name)
      if (!ready) continue
      const root = subPathOf(ready, mount, environment)
      const target = mount.mountPath.replace(/\/+$/, '') || '/'
      prepareTarget(files, target, ready.files.isDirectory(root))
      files.mount(target, ready.files, {
        root,
        isReadOnly: ready.isReadOnly ?? mount.readOnly ?? false,
        source: ready.type === 'tmpfs' ? 'tmpfs' : '/dev/vda',
        type: ready.type,
      })
    }
  }

  #make(pod: Pod, volume: Volume, place: PodPlace): Ready {
    const payload = this.#payload(pod, volume, place)
    if (payload) {
      const files = this.#empty()
      const group = pod.spec.securityContext?.fsGroup
      if (group !== undefined) giveToGroup(files, group, 0o755)
      writeAtomically(files, payload, this.#node.now())
      return { files, root: '/', type: volume.configMap ? 'ext4' : 'tmpfs', payload }
    }
    if (volume.emptyDir) {
      const files = this.#empty()
      files.chmod('/', 0o777)
      const group = pod.spec.securityContext?.fsGroup
      if (group !== undefined) giveToGroup(files, group, 0o777)
      return { files, root: '/', type: volume.emptyDir.medium === 'Memory' ? 'tmpfs' : 'ext4', payload: undefined }
    }
    if (volume.hostPath) return this.#hostPath(volume.hostPath.path, volume.hostPath.type ?? '')
    if (volume.persistentVolumeClaim) return this.#claimed(pod, volume.persistentVolumeClaim.claimName)
    if (volume.ephemeral) return this.#claimed(pod, `${pod.metadata.name}-${volume.name}`)
    const kind = Object.keys(volume).find(key => key !== 'name') ?? 'emptyDir'
    throw new VolumeError(`volumes of type ${kind} are not simulated here`)
  }

  #payload(pod: Pod, volume: Volume, place: PodPlace): Payload | undefined {
    return payloadOf(volume, { pod, client: this.#client, place, now: this.#node.now() })
  }

  #hostPath(path: string, type: string): Ready {
    const { files } = this.#node
    const kind = files.find(path)?.kind
    const isDirectory = kind === 'directory'
    const refuse = (what: string) => {
      throw new VolumeError(`hostPath type check failed: ${path} is not ${what}`)
    }
    if (type === 'DirectoryOrCreate' || type === '') {
      if (!kind) files.mkdir(path, { parents: true })
      else if (type !== '' && !isDirectory) refuse('a directory')
    } else if (type === 'FileOrCreate') {
      if (!kind) {
        files.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true })
        files.writeText(path, '')
      } else if (kind !== 'file') refuse('a file')
    } else if (type === 'Directory' && !isDirectory) refuse('a directory')
    else if (type === 'File' && kind !== 'file') refuse('a file')
    else if (type === 'Socket' && kind !== 'socket') refuse('a socket file')
    else if (type === 'CharDevice' && kind !== 'character') refuse('a character device')
    return { files, root: path, type: 'ext4', payload: undefined }
  }

  // Simplified: of persistent volumes only hostPath and local ones have files.
  #claimed(pod: Pod, claimName: string): Ready {
    const claim = this.#client.get(persistentVolumeClaim, claimName, pod.metadata.namespace)
    if (!claim) throw new VolumeError(`persistentvolumeclaim "${claimName}" not found`)
    const volume = this.#client.get(persistentVolume, claim.spec.volumeName ?? '')
    if (!volume) throw new VolumeError('PVC is not bound')
    const { hostPath, local } = volume.spec
    if (hostPath) return this.#hostPath(hostPath.path, hostPath.type ?? '')
    if (local) {
      if (!this.#node.files.exists(local.path)) throw new VolumeError(`path "${local.path}" does not exist`)
      return this.#hostPath(local.path, '')
    }
    throw new VolumeError(`persistent volumes of this type are not simulated here`)
  }

  #empty(): FileSystem {
    return new FileSystem({ now: () => this.#node.now() })
  }
}

/** What lies and is made in the directory belongs to the pod's fsGroup. */
function giveToGroup(files: FileSystem, group: number, mode: number): void {
  files.chown('/', 0, group)
  files.chmod('/', mode | 0o2000)
}

/** A path with variables in it; each must have a value, and the result must stay inside the volume. */
function expandPath(text: string, environment: ReadonlyMap<string, string>): string {
  const names = [...text.matchAll(/\$\$|\$\(([^)]*)\)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]))
  const missing = [...new Set(names.filter(name => !environment.get(name)))].sort()
  if (missing.length > 0) throw new ConfigurationError(`missing value for ${missing.join(', ')}`)
  const path = expand(text, [environment])
  if (path.startsWith('/')) throw new ConfigurationError(`subPath "${path}" must not be an absolute path`)
  if (path.split('/').includes('..')) throw new ConfigurationError(`subPath "${path}" must not contain '..'`)
  return path
}

function subPathOf(ready: Ready, mount: VolumeMount, environment: ReadonlyMap<string, string>): string {
  const subPath = mount.subPath || (mount.subPathExpr ? expandPath(mount.subPathExpr, environment) : '')
  if (subPath === '') return ready.root
  const path = `${ready.root === '/' ? '' : ready.root}/${subPath}`
  if (!ready.files.exists(path)) ready.files.mkdir(path, { parents: true })
  return ready.files.realPath(path)
}

/** A mount needs something to be mounted on. */
function prepareTarget(files: FileSystem, path: string, isDirectory: boolean): void {
  if (files.exists(path)) return
  if (isDirectory) {
    files.mkdir(path, { parents: true })
    return
  }
  files.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true })
  files.writeText(path, '')
}

function withoutTokens(payload: Payload, volume: Volume): Payload {
  const tokens = new Set((volume.projected?.sources ?? []).flatMap(source => source.serviceAccountToken?.path ?? []))
  return tokens.size === 0 ? payload : new Map([...payload].filter(([path]) => !tokens.has(path)))
}
