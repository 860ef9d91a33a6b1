import type { LabelSelector } from 'kubernetes-types/meta/v1'
import type { Draft, KubernetesObject } from './api/object.ts'
import type { Kind } from './kinds/kind.ts'

/** One thing that happened to a stored object. */
export interface Change<T extends KubernetesObject = KubernetesObject> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly object: T
  readonly previous: T | undefined
}

export interface ListOptions {
  readonly namespace?: string
  /** `app=web,tier in (a,b)` or exact labels. */
  readonly labels?: string | Readonly<Record<string, string>>
  /** The selector of another object. */
  readonly selector?: LabelSelector
}

export interface DeleteOptions {
  readonly gracePeriodSeconds?: number
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  readonly uid?: string
}

/**
 * The only door to the API server for the cluster's own parts: typed, synchronous, errors are `ApiError`.
 * Objects are shared and frozen; write with a changed copy. Each part has its own client with its own user name.
 */
export interface Client {
  readonly user: string
  get<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
  list<T extends KubernetesObject>(kind: Kind<T>, options?: ListOptions): readonly T[]
  /** Objects whose controller is the owner, by index. */
  ownedBy<T extends KubernetesObject>(kind: Kind<T>, ownerUid: string): readonly T[]
  /** Objects of a namespace that have no controller, by index. */
  uncontrolled<T extends KubernetesObject>(kind: Kind<T>, namespace: string): readonly T[]
  /** Pods of a node, by index on `spec.nodeName`. */
  onNode<T extends KubernetesObject>(kind: Kind<T>, nodeName: string): readonly T[]
  create<T extends KubernetesObject>(kind: Kind<T>, object: Draft<T>): T
  update<T extends KubernetesObject>(kind: Kind<T>, object: T): T
  updateStatus<T extends KubernetesObject>(kind: Kind<T>, object: T): T
  /** JSON merge patch (RFC 7386). */
  patch<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace: string | undefined, patch: unknown): T
  /** Assigns a pod to a node: the `binding` subresource. */
  bind(pod: string, namespace: string, nodeName: string): void
  /** Writes only `spec.finalizers` of a namespace: the `finalize` subresource; without any, the namespace is gone. */
  finalize<T extends KubernetesObject>(kind: Kind<T>, object: T): T
  delete<T extends KubernetesObject>(kind: Kind<T>, name: string, namespace?: string, options?: DeleteOptions): void
  /** Every kind whose objects are stored, also those that CustomResourceDefinitions define. */
  kinds(): readonly Kind[]
  /** Calls back for each kind that is defined from now on. */
  onNewKind(tell: (kind: Kind) => void): void
  /** Whether something thrown is a refusal of the API server. */
  isRefusal(error: unknown): boolean
  /** Calls back for every object that exists and then for every change, in the order of storage. Returns the end of it. */
  watch<T extends KubernetesObject>(kind: Kind<T>, onChange: (change: Change<T>) => void): () => void
  /** The same for what is assigned to one node. */
  watchNode<T extends KubernetesObject>(
    kind: Kind<T>,
    nodeName: string,
    onChange: (change: Change<T>) => void,
  ): () => void
}

/** A request to the API server as HTTP carries it. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Query parameters that are given several times: the words of `command` for exec, the `ports` of portforward. */
  readonly repeated?: Readonly<Record<string, readonly string[]>>
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>
  /** A parsed JSON value, or text for what is not JSON. */
  readonly body?: unknown
  /** Fields that stood twice in the text of the body, in the words of warnings. */
  readonly duplicates?: readonly string[]
}

/** A whole answer, or a stream of watch events or bytes. */
export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly stream?: ApiStream
  /** Where the answer is not known yet (proxied requests): calls back once with the answer itself. */
  later?(receive: (answer: ApiResponse) => void): void
}

/** What keeps coming after the header: watch events, log text, or the channels of exec, attach and port-forward. */
export interface ApiStream {
  /** Called with each piece; channel 0 stdin, 1 stdout, 2 stderr, 3 error Status. Watches and logs use channel 1. */
  onData(receive: (data: unknown, channel: number) => void): void
  onEnd(receive: (status?: unknown) => void): void
  send(data: unknown, channel?: number): void
  resize?(columns: number, rows: number): void
  close(): void
}

/** How kubectl and other programs outside the control plane reach the API server. */
export interface Transport {
  request(request: ApiRequest): Promise<ApiResponse>
}

/** How the API server reaches the kubelet of a node. Refusals are thrown as `ApiError`. */
export interface NodeConnection {
  /** Why the kubelet can't be reached just now, as one who dials says it: `connect: connection refused`. */
  readonly dialFailure?: (() => string | undefined) | undefined
  exec(session: ContainerSession & { readonly command: readonly string[] }): ApiStream
  attach(session: ContainerSession): ApiStream
  logs(request: LogRequest): ApiStream
  /** Channel 1 carries what comes back from the port, `send` what goes to it; the end's status says what went wrong. */
  portForward(request: PodReference & { readonly port: number }): ApiStream
}

export interface PodReference {
  readonly namespace: string
  readonly pod: string
}

export interface ContainerSession extends PodReference {
  readonly container: string
  readonly stdin: boolean
  readonly stdout: boolean
  readonly stderr: boolean
  readonly tty: boolean
}

export interface LogRequest extends PodReference {
  readonly container: string
  readonly follow: boolean
  readonly previous: boolean
  readonly timestamps: boolean
  readonly tailLines?: number
  readonly limitBytes?: number
  readonly sinceSeconds?: number
  readonly sinceTime?: string
}

/** How the API server reaches an address inside the cluster for `pods/proxy`, `services/proxy` and `nodes/proxy`. */
export type Dial = (
  target: { readonly address: string; readonly port: number; readonly scheme: 'http' | 'https' },
  request: ApiRequest,
  receive: (answer: ApiResponse) => void,
) => void
