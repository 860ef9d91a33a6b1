import type { Process } from '../../machine/program.ts'
import { ConfigurationFailure, Failure } from '../failure.ts'
import type { Values } from '../flags/flag.ts'
import type { GlobalFlags } from '../flags/global.ts'
import type { Entry } from './fields.ts'
import { type Kubeconfig, KubeconfigFiles } from './kubeconfig.ts'

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/** What a command line and the kubeconfig say together: which server, as whom, in which namespace. */
export class ClientConfig {
  readonly files: KubeconfigFiles
  readonly #process: Process
  readonly #flags: Values<GlobalFlags>
  #loaded: Kubeconfig | undefined

  constructor(process: Process, flags: Values<GlobalFlags>) {
    this.#process = process
    this.#flags = flags
    this.files = new KubeconfigFiles(process, flags.kubeconfig)
  }

  get kubeconfig(): Kubeconfig {
    this.#loaded ??= this.files.load()
    return this.#loaded
  }

  get contextName(): string {
    return this.#flags.context || this.kubeconfig.currentContext
  }

  get #context(): Entry {
    return this.kubeconfig.contexts.get(this.contextName) ?? {}
  }

  get #clusterName(): string {
    return this.#flags.cluster || text(this.#context['cluster'])
  }

  get #userName(): string {
    return this.#flags.user || text(this.#context['user'])
  }

  /** The namespace that commands mean when they name none. */
  get namespace(): string {
    this.files.demand()
    return this.#flags.namespace || text(this.#context['namespace']) || this.#accountNamespace() || 'default'
  }

  /** Whether the command line names the namespace. */
  get hasNamespace(): boolean {
    this.files.demand()
    this.#checkFlags()
    return this.#flags.namespace !== ''
  }

  /** The address of the server, without a slash at its end. */
  get url(): string {
    this.files.demand()
    this.#check()
    const server = this.#flags.server || text(this.kubeconfig.clusters.get(this.#clusterName)?.['server'])
    const address = server || this.#accountServer() || 'http://localhost:8080'
    return (/^\w+:\/\//.test(address) ? address : `http://${address}`).replace(/\/$/, '')
  }

  /** Headers that say who asks. */
  get headers(): Readonly<Record<string, string>> {
    const user = this.kubeconfig.users.get(this.#userName) ?? {}
    const token = this.#flags.token || text(user['token']) || this.#accountToken()
    const groups = [this.#flags['as-group']].flat().join(',')
    return {
      ...(token && { authorization: `Bearer ${token}` }),
      ...(this.#flags.as && { 'impersonate-user': this.#flags.as }),
      ...(groups && { 'impersonate-group': groups }),
      ...(this.#flags['as-uid'] && { 'impersonate-uid': this.#flags['as-uid'] }),
    }
  }

  /** What the command line names must be there. */
  #checkFlags(): void {
    const { context, cluster } = this.#flags
    const { contexts, clusters } = this.kubeconfig
    if (context && !contexts.has(context)) throw new Failure(`context "${context}" does not exist`)
    if (cluster && !clusters.has(cluster)) throw new Failure(`cluster "${cluster}" does not exist`)
  }

  /** What verbs find first that make a client before they ask for the namespace. */
  check(): void {
    this.files.demand()
    this.#checkFlags()
    this.#check()
  }

  #check(): void {
    const { clusters, contexts, users } = this.kubeconfig
    const name = this.contextName
    const context = contexts.get(name)
    if (name && !context) {
      throw new ConfigurationFailure([`context was not found for specified context: ${name}`])
    }
    const problems: string[] = []
    const [user, cluster] = [this.#userName, this.#clusterName]
    const [lacksUser, lacksCluster] = [user && !users.has(user), cluster && !clusters.has(cluster)]
    if (lacksUser && context && !this.#flags.user) problems.push(`user "${user}" was not found for context "${name}"`)
    if (lacksCluster && context && !this.#flags.cluster) {
      problems.push(`cluster "${cluster}" was not found for context "${name}"`)
    }
    if (problems.length > 0) throw new ConfigurationFailure(problems)
    if (lacksCluster) throw new Failure(`no server found for cluster "${cluster}"`)
    if (lacksUser) throw new Failure(`auth info "${user}" does not exist`)
  }

  /** Inside a pod, the mounted service account says where the server is and who asks. */
  #accountServer(): string | undefined {
    const host = this.#process.env.get('KUBERNETES_SERVICE_HOST')
    if (!host || !this.#isInPod()) return undefined
    return `https://${host}:${this.#process.env.get('KUBERNETES_SERVICE_PORT') ?? '443'}`
  }

  #accountToken(): string {
    return this.#isInPod() && !this.#clusterName ? this.#read('token') : ''
  }

  #accountNamespace(): string {
    return this.#isInPod() && !this.contextName ? this.#read('namespace') : ''
  }

  #isInPod(): boolean {
    return this.#process.files.exists(`${accountFolder}/token`)
  }

  #read(name: string): string {
    return this.#process.files.readText(`${accountFolder}/${name}`).trim()
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
