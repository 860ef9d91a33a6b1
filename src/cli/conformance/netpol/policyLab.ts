import { networkPlugins } from '../../../simulator/cluster/cni/registry.ts'
import { Lab } from '../../../simulator/lab.ts'
import { readLabSettings } from '../../../simulator/labDefinition.ts'

/** A pod of a case, with what it serves. */
export interface PolicyPod {
  readonly namespace: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly containers?: readonly ServedPort[]
}

export interface ServedPort {
  readonly port: number
  readonly protocol: string
  readonly portName?: string
}

/** What a case needs before it can be probed. */
export interface Stage {
  readonly namespaces: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly pods: readonly PolicyPod[]
  readonly policies: readonly string[]
}

/** One question: may this pod reach that one? */
export interface Probe {
  readonly from: string
  readonly to: string
  readonly port: number
  readonly protocol: string
}

/** A lab whose pods ask each other for connections. */
export class PolicyLab {
  readonly #lab: Lab
  #enforces: boolean | undefined
  #pods = ''
  #files = 0

  private constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Boots a lab with the pod network that comes last in the list of those that know policies, else with the first. */
  static async boot(): Promise<PolicyLab> {
    const plugin = networkPlugins.findLast(({ summary }) => /polic/i.test(summary)) ?? networkPlugins[0]!
    return new PolicyLab(await Lab.boot({ cluster: readLabSettings({ cni: plugin.name }), files: {} }, 1))
  }

  /** Whether a policy that lets nothing in keeps anything out. */
  async enforcesPolicies(): Promise<boolean> {
    if (this.#enforces !== undefined) return this.#enforces
    const pod = (name: string) => ({
      namespace: 'trial',
      name,
      labels: {},
      containers: [{ port: 80, protocol: 'TCP' }],
    })
    await this.set({ namespaces: { trial: {} }, pods: [pod('a'), pod('b')], policies: [] })
    const probe = { from: 'trial/a', to: 'trial/b', port: 80, protocol: 'TCP' }
    if (!(await this.isReachable(probe))) throw new Error('pods do not reach each other without policies')
    await this.#apply(denyAll)
    this.#enforces = !(await this.isReachable(probe))
    await this.#run('kubectl delete ns trial')
    return this.#enforces
  }

  /** Makes namespaces, pods and policies what a case says, and waits until all pods run. */
  async set({ namespaces, pods, policies }: Stage): Promise<void> {
    await this.#run('kubectl delete networkpolicy -A --all')
    const items = [...Object.entries(namespaces).map(namespaceManifest), ...pods.map(podManifest)]
    const wanted = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
    if (this.#pods !== '' && this.#pods !== wanted) await this.#run('kubectl delete pods -A -l conformance=yes --now')
    this.#pods = wanted
    await this.#apply(wanted)
    await this.#run('kubectl wait pod -A -l conformance=yes --for=condition=Ready --timeout=120s')
    for (const policy of policies) await this.#apply(policy)
    await this.#lab.settle()
  }

  async isReachable({ from, to, port, protocol }: Probe): Promise<boolean> {
    const [namespace, name] = from.split('/')
    const target = to.split('/')
    const address = await this.#run(`kubectl get pod -n ${target[0]} ${target[1]} -o jsonpath={.status.podIP}`)
    const connect = `/agnhost connect ${address.stdout}:${port} --timeout=1s --protocol=${protocol.toLowerCase()}`
    return (await this.#run(`kubectl exec -n ${namespace} ${name} -- ${connect}`)).status === 0
  }

  async #apply(manifest: string): Promise<void> {
    const file = `stage-${this.#files++}.yaml`
    this.#lab.saveFile(file, manifest)
    const { stderr, status } = await this.#run(`kubectl apply -f ${file}`)
    if (status !== 0) throw new Error(stderr)
    await this.#lab.settle()
  }

  #run(command: string) {
    return this.#lab.run(command)
  }
}

const denyAll = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: trial}
spec: {podSelector: {}, policyTypes: [Ingress]}`

function namespaceManifest([name, labels]: [string, Readonly<Record<string, string>>]): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

function podManifest({ namespace, name, labels, containers = [] }: PolicyPod): object {
  const serving = containers.filter(({ protocol }) => protocol !== 'SCTP')
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels, conformance: 'yes' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: serving.map(({ port, protocol, portName }) => ({
        name: `cont-${port}-${protocol.toLowerCase()}`,
        image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
        args: ['serve-hostname', `--${protocol.toLowerCase()}`, '--http=false', '--port', String(port)],
        ports: [{ containerPort: port, protocol, ...(portName && { name: portName }) }],
      })),
    },
  }
}
