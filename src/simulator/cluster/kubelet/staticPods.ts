import { load } from 'js-yaml'
import type { PodStatus } from 'kubernetes-types/core/v1'
import type { Timer } from '../../clock.ts'
import { FileError } from '../../machine/fileError.ts'
import { Random } from '../../random.ts'
import { node } from '../kinds/node.ts'
import { type Pod, pod } from '../kinds/pod.ts'
import type { NodeWork } from './nodeWork.ts'
import type { PodWorker } from './podWorker.ts'

const directory = '/etc/kubernetes/manifests'
// Real kubelets hear of changes at once and look again every twenty seconds.
const lookTime = 1000

interface StaticPod {
  readonly text: string
  readonly worker: PodWorker
}

/** Runs the pods whose manifests lie in a directory of the node, and shows them to the API server as mirror pods. */
export class StaticPods {
  readonly #work: NodeWork
  readonly #run: (own: Pod, report: (status: PodStatus) => void) => PodWorker
  readonly #pods = new Map<string, StaticPod>()
  /** Pods whose manifests are gone: nothing is to be shown of them any more. */
  readonly #hidden = new Set<string>()
  #timer: Timer | undefined

  constructor(work: NodeWork, run: (own: Pod, report: (status: PodStatus) => void) => PodWorker) {
    this.#work = work
    this.#run = run
    this.#look()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #look(): void {
    const { files } = this.#work.node
    this.#timer = this.#work.clock.after(lookTime, () => this.#look())
    if (this.#pods.size === 0 && !files.isDirectory(directory)) return
    const found = new Map<string, string>()
    for (const name of files.isDirectory(directory) ? files.list(directory) : []) {
      if (name.startsWith('.')) continue
      try {
        found.set(name, files.readText(`${directory}/${name}`))
      } catch (error) {
        if (!(error instanceof FileError)) throw error
      }
    }
    for (const [name, { text, worker }] of this.#pods) {
      if (found.get(name) === text) continue
      this.#pods.delete(name)
      this.#hide(worker.pod)
      worker.remove()
    }
    for (const [name, text] of found) if (!this.#pods.has(name)) this.#begin(name, text)
  }

  #begin(name: string, text: string): void {
    const manifest = readManifest(text)
    if (!manifest) return
    const { nodeName, node: machine } = this.#work
    const hash = new Random(`${nodeName}/${text}`).hex(32)
    this.#hidden.delete(hash)
    const own: Pod = {
      ...manifest,
      metadata: {
        ...manifest.metadata,
        name: `${manifest.metadata.name}-${nodeName}`,
        namespace: manifest.metadata.namespace ?? 'default',
        uid: hash,
        resourceVersion: '',
        creationTimestamp: this.#work.timestamp(),
        annotations: {
          ...manifest.metadata.annotations,
          'kubernetes.io/config.hash': hash,
          'kubernetes.io/config.seen': new Date(machine.now()).toISOString().replace('Z', '000000Z'),
          'kubernetes.io/config.source': 'file',
        },
      },
      spec: { ...manifest.spec, nodeName },
    }
    this.#pods.set(name, { text, worker: this.#run(own, status => this.#show(own, status)) })
  }

  /** Keeps the mirror pod as the static pod is. */
  #show(own: Pod, status: PodStatus): void {
    if (this.#hidden.has(own.metadata.uid)) return
    const { client } = this.#work
    const { name, namespace } = own.metadata
    try {
      let mirror = client.get(pod, name, namespace)
      if (mirror && mirror.metadata.annotations?.['kubernetes.io/config.hash'] !== own.metadata.uid) {
        client.delete(pod, name, namespace, { gracePeriodSeconds: 0 })
        mirror = undefined
      }
      mirror ??= this.#create(own)
      client.updateStatus(pod, { ...mirror, status: { ...mirror.status, ...status } })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }

  #create(own: Pod): Pod {
    const { client, nodeName } = this.#work
    const owner = client.get(node, nodeName)
    const { name, namespace, labels, annotations } = own.metadata
    return client.create(pod, {
      metadata: {
        name,
        namespace: namespace!,
        ...(labels ? { labels } : {}),
        annotations: { ...annotations, 'kubernetes.io/config.mirror': own.metadata.uid },
        ...(owner
          ? {
              ownerReferences: [
                { apiVersion: 'v1', kind: 'Node', name: nodeName, uid: owner.metadata.uid, controller: true },
              ],
            }
          : {}),
      },
      spec: { ...own.spec, tolerations: [{ operator: 'Exists', effect: 'NoExecute' }] },
    })
  }

  #hide(own: Pod): void {
    const { client } = this.#work
    this.#hidden.add(own.metadata.uid)
    try {
      client.delete(pod, own.metadata.name, own.metadata.namespace, { gracePeriodSeconds: 0 })
    } catch (error) {
      if (!client.isRefusal(error)) throw error
    }
  }
}

function readManifest(text: string): Pod | undefined {
  try {
    const manifest = load(text) as Pod | undefined
    return manifest?.kind === 'Pod' && manifest.metadata?.name ? manifest : undefined
  } catch {
    // A manifest that cannot be read runs nothing; the real kubelet says so in its journal only.
    return undefined
  }
}
