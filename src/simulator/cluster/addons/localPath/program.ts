import { glogLine } from '../../../machine/glog.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import type { Change, Client } from '../../client.ts'
import { createRecorder } from '../../eventRecorder.ts'
import { type PersistentVolume, persistentVolume } from '../../kinds/persistentVolume.ts'
import { type PersistentVolumeClaim, persistentVolumeClaim } from '../../kinds/persistentVolumeClaim.ts'
import { type Pod, pod } from '../../kinds/pod.ts'
import { claimReference, selectedNode } from '../../kinds/storage/matching.ts'
import { type StorageClass, storageClass } from '../../kinds/storageClass.ts'
import { helperPod } from './helperPod.ts'
import { provisionerName, readSettings, type Settings } from './settings.ts'

const askedOf = 'volume.kubernetes.io/storage-provisioner'
const provisionedBy = 'pv.kubernetes.io/provisioned-by'
const nodeAnnotation = 'local.path.provisioner/selected-node'

/** The program that makes and removes volumes. */
export function createProvisionerProgram(client: Client): Program {
  return {
    name: 'local-path-provisioner',
    summary: 'make volumes from directories of nodes',
    appetite: { processor: 1, memory: 9_000_000 },
    async run(process) {
      try {
        new Provisioner(process, client, readSettings(process))
      } catch (error) {
        await process.stderr.write(`level=fatal msg="Error starting daemon: ${(error as Error).message}"\n`)
        return 1
      }
      await untilAsked(process)
      return 0
    },
  }
}

/** Follows claims and volumes; the directories themselves are made by helper pods on the nodes. */
class Provisioner {
  readonly #process: Process
  readonly #client: Client
  readonly #settings: Settings
  readonly #namespace: string
  readonly #record: ReturnType<typeof createRecorder>
  /** What is done once a helper pod, by name, has done its work. */
  readonly #working = new Map<string, () => void>()

  constructor(process: Process, client: Client, settings: Settings) {
    this.#process = process
    this.#client = client
    this.#settings = settings
    this.#namespace = process.env.get('POD_NAMESPACE') ?? 'local-path-storage'
    const { clock } = process.kernel
    const component = `${provisionerName}_${process.machine.hostname}_${process.kernel.random.fork(process.machine.name).uuid()}`
    this.#record = createRecorder({ client, clock, epoch: process.machine.now() - clock.now, component })
    const stops = [
      client.watch(persistentVolumeClaim, change => this.#followClaim(change)),
      client.watch(persistentVolume, change => this.#followVolume(change)),
      client.watch(pod, change => this.#followHelper(change)),
    ]
    process.onExit(() => {
      for (const stop of stops) stop()
    })
  }

  #followClaim({ type, object: claim }: Change<PersistentVolumeClaim>): void {
    const { annotations, deletionTimestamp } = claim.metadata
    if (type === 'DELETED' || deletionTimestamp || claim.spec.volumeName) return
    if (annotations?.[askedOf] !== provisionerName) return
    const found = this.#client.get(storageClass, claim.spec.storageClassName ?? '')
    if (!found || this.#working.has(`helper-pod-create-${nameFor(claim)}`)) return
    const nodeName = annotations[selectedNode]
    if (!nodeName && found.volumeBindingMode === 'WaitForFirstConsumer') return
    this.#record(
      claim,
      'Normal',
      'Provisioning',
      `External provisioner is provisioning volume for claim "${claim.metadata.namespace}/${claim.metadata.name}"`,
    )
    this.#log(`provision "${claim.metadata.namespace}/${claim.metadata.name}" class "${found.metadata.name}": started`)
    const directory = nodeName ? this.#settings.directoryOn(nodeName) : undefined
    const problem = refusalOf(claim, nodeName, directory)
    if (problem) this.#refuse(claim, found, problem)
    else this.#provision(claim, found, nodeName!, directory!)
  }

  #refuse(claim: PersistentVolumeClaim, { metadata }: StorageClass, problem: string): void {
    const message = `failed to provision volume with StorageClass "${metadata.name}": ${problem}`
    this.#record(claim, 'Warning', 'ProvisioningFailed', message)
  }

  #provision(claim: PersistentVolumeClaim, found: StorageClass, nodeName: string, directory: string): void {
    const { namespace, name } = claim.metadata
    const path = `${directory}/${nameFor(claim)}_${namespace}_${name}`
    const size = String(claim.spec.resources?.requests?.['storage'] ?? '0')
    this.#help('create', nameFor(claim), nodeName, path, size, () => {
      this.#client.create(persistentVolume, persistentVolumeFor(claim, found, nodeName, path))
      this.#log(
        `provision "${namespace}/${name}" class "${found.metadata.name}": volume "${nameFor(claim)}" provisioned`,
      )
      this.#record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${nameFor(claim)}`)
    })
  }

  #followVolume({ type, object: volume }: Change<PersistentVolume>): void {
    const { name, annotations } = volume.metadata
    if (type === 'DELETED' || annotations?.[provisionedBy] !== provisionerName) return
    const { persistentVolumeReclaimPolicy, hostPath, local, capacity } = volume.spec
    if (volume.status?.phase !== 'Released' || persistentVolumeReclaimPolicy !== 'Delete') return
    if (this.#working.has(`helper-pod-delete-${name}`)) return
    const path = hostPath?.path ?? local?.path
    const nodeName = annotations[nodeAnnotation]
    if (!path || !nodeName) return
    this.#help('delete', name, nodeName, path, String(capacity?.['storage'] ?? '0'), () => {
      this.#client.delete(persistentVolume, name)
      this.#log(`delete "${name}": persistentvolume deleted succeeded`)
    })
  }

  /** Runs a helper pod on a node; goes on when it has done its work. */
  #help(
    action: 'create' | 'delete',
    volume: string,
    nodeName: string,
    path: string,
    size: string,
    then: () => void,
  ): void {
    const name = `helper-pod-${action}-${volume}`
    this.#working.set(name, then)
    const helper = helperPod({
      name,
      namespace: this.#namespace,
      action,
      nodeName,
      path,
      size,
      template: this.#settings.helper,
    })
    try {
      this.#client.create(pod, helper)
    } catch (error) {
      if (!this.#client.isRefusal(error)) throw error
    }
  }

  #followHelper({ type, object }: Change<Pod>): void {
    const { name, namespace } = object.metadata
    const then = this.#working.get(name)
    if (namespace !== this.#namespace || !then || type === 'DELETED' || object.status?.phase !== 'Succeeded') return
    this.#working.delete(name)
    try {
      then()
      this.#client.delete(pod, name, namespace)
    } catch (error) {
      if (!this.#client.isRefusal(error)) throw error
    }
  }

  #log(text: string): void {
    const { stderr } = this.#process
    this.#process.thread(() => stderr.write(glogLine(this.#process, 'controller.go:1366', text)))
  }
}

function refusalOf(claim: PersistentVolumeClaim, nodeName: string | undefined, directory: string | undefined) {
  const modes = claim.spec.accessModes ?? []
  if (!modes.every(mode => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod'))
    return 'NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes'
  if (claim.spec.selector) return 'claim.Spec.Selector is not supported'
  if (!nodeName) return 'configuration error, no node was specified'
  return directory === undefined
    ? `config doesn't contain node ${nodeName}, and no DEFAULT_PATH_FOR_NON_LISTED_NODES available`
    : undefined
}

function nameFor({ metadata }: PersistentVolumeClaim): string {
  return `pvc-${metadata.uid}`
}

function persistentVolumeFor(claim: PersistentVolumeClaim, found: StorageClass, nodeName: string, path: string) {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [nodeName] }]
  return {
    metadata: {
      name: nameFor(claim),
      annotations: { [nodeAnnotation]: nodeName, [provisionedBy]: provisionerName },
    },
    spec: {
      accessModes: claim.spec.accessModes!,
      capacity: { storage: String(claim.spec.resources?.requests?.['storage'] ?? '0') },
      claimRef: claimReference(claim),
      hostPath: { path, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
      persistentVolumeReclaimPolicy: found.reclaimPolicy ?? 'Delete',
      storageClassName: found.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
  }
}
