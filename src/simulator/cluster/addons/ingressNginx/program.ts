import { type Certificate, encodeCertificate } from '../../../machine/certificate.ts'
import { FileError } from '../../../machine/fileError.ts'
import { glogLine } from '../../../machine/glog.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import { LineOutput } from '../../../machine/lineOutput.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { fromBase64 } from '../../api/base64.ts'
import { isEqual } from '../../api/equality.ts'
import type { KubernetesObject } from '../../api/object.ts'
import type { Change, Client } from '../../client.ts'
import { createRecorder, type EventRecorder } from '../../eventRecorder.ts'
import { configMap } from '../../kinds/configMap.ts'
import { endpointSlice } from '../../kinds/endpointSlice.ts'
import { type Ingress, ingress } from '../../kinds/ingress.ts'
import { ingressClass } from '../../kinds/ingressClass.ts'
import { pod } from '../../kinds/pod.ts'
import { secret } from '../../kinds/secret.ts'
import { service } from '../../kinds/service.ts'
import { campaign } from '../leaderElection.ts'
import { refusalOf } from './admission.ts'
import { notSimulated, problemOf } from './annotations.ts'
import { buildConfiguration } from './build.ts'
import { certificateFor, fakeCertificate, readCertificate } from './certificates.ts'
import { foreignness } from './classes.ts'
import { type ControllerFlags, readFlags } from './flags.ts'
import { readGlobals } from './globals.ts'
import { release } from './images.ts'
import type { Configuration, Globals } from './model.ts'
import { nginxConf } from './nginxConf.ts'
import { NginxProcess } from './nginxProcess.ts'
import { serveReviews } from './reviews.ts'
import { type LocationSettings, readSettings } from './settings.ts'
import { publish, publishedAddresses } from './status.ts'
import { endpointsOf, type ServiceSource } from './upstreams.ts'

// Simplified: between two looks at all Ingresses are 2.9 seconds instead of 3.3 (sync-rate-limit), so that what changed
// last is in place when a lab has been at rest for three. Addresses are written once a minute; the Lease lasts 30 seconds.
const syncPause = 2900
const statusPeriod = 60_000
const electionDuration = 30_000
const configurationFile = '/etc/nginx/nginx.conf'

/** The program that makes nginx do what Ingresses say. */
export function controllerProgram(clientOf: (namespace: string) => Client): Program {
  return {
    name: 'nginx-ingress-controller',
    summary: 'make nginx do what Ingresses say',
    appetite: { processor: 3, memory: 92_000_000 },
    async run(process) {
      const flags = readFlags(process)
      if (typeof flags === 'string') {
        await process.stderr.write(`${flags}\n`)
        return 1
      }
      return new IngressController(process, clientOf(flags.namespace), flags).run()
    },
  }
}

/** Follows Ingresses and all that they lead to. */
class IngressController {
  readonly #process: Process
  readonly #client: Client
  readonly #flags: ControllerFlags
  readonly #record: EventRecorder
  readonly #fake: Certificate
  readonly #nginx: NginxProcess
  /** Those of this controller, by `namespace/name`. */
  readonly #ingresses = new Map<string, Ingress>()
  readonly #output: LineOutput
  #globals: Globals
  #text = ''
  #isDirty = true
  #isLeading = false
  #hasSynced = false
  #wakeSync: () => void = () => {}

  constructor(process: Process, client: Client, flags: ControllerFlags) {
    this.#process = process
    this.#client = client
    this.#flags = flags
    this.#output = new LineOutput(process, process.stderr)
    const { clock } = process.kernel
    const component = 'nginx-ingress-controller'
    const record = createRecorder({ client, clock, epoch: process.machine.now() - clock.now, component })
    this.#record = (about, type, reason, message) => {
      record(about, type, reason, message)
      this.#logEvent(about as KubernetesObject, type, reason, message)
    }
    this.#fake = fakeCertificate(process)
    this.#globals = this.#readGlobals()
    this.#nginx = new NginxProcess(this.#build([]), () => this.#shown)
  }

  async run(): Promise<number> {
    const process = this.#process
    this.#greet()
    const { webhook, namespace, electionId, podName } = this.#flags
    if (webhook) {
      const problem = serveReviews(process, webhook, object => this.#judge(object))
      if (problem !== undefined) {
        this.#log('main.go:57', problem, 'F')
        await process.sleep(0)
        return 255
      }
    }
    this.#info('nginx.go:273', 'Starting NGINX Ingress controller')
    this.#follow()
    this.#serveHealth()
    this.#info('nginx.go:319', 'Starting NGINX process')
    this.#nginx.start(process)
    if (webhook)
      this.#info('nginx.go:339', 'Starting validation webhook', {
        address: webhook.address,
        certPath: webhook.certificate,
        keyPath: webhook.key,
      })
    this.#log('leaderelection.go:257', `attempting to acquire leader lease ${namespace}/${electionId}...`)
    process.thread(() =>
      campaign(process, {
        client: this.#client,
        namespace,
        name: electionId,
        identity: podName,
        duration: electionDuration,
        retry: electionDuration / 4,
        onLeading: () => this.#lead(),
      }),
    )
    process.thread(() => this.#syncForEver())
    await untilAsked(process)
    return this.#stop()
  }

  /** What is said at the start. */
  #greet(): void {
    const rule = '-'.repeat(79)
    this.#output.write(
      `${rule}\nNGINX Ingress controller\n  Release:       ${release}\n  Build:         9f0a8bb2a5e3a2b2c3a8c4c9a0d7ae5b1c9f6b21\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/1.27.1\n\n${rule}\n\n`,
    )
    this.#log(
      'client_config.go:667',
      'Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work.',
      'W',
    )
    const { env, files } = this.#process
    this.#info('main.go:205', 'Creating API client', {
      host: `https://${env.get('KUBERNETES_SERVICE_HOST') ?? '10.96.0.1'}:443`,
    })
    const file = '/etc/ingress-controller/ssl/default-fake-certificate.pem'
    try {
      files.writeText(file, encodeCertificate(this.#fake))
      this.#info('main.go:101', 'SSL fake certificate created', { file })
    } catch (error) {
      if (!(error instanceof FileError)) throw error
    }
  }

  #follow(): void {
    const client = this.#client
    const touch = () => this.#touch()
    const stops = [
      client.watch(ingressClass, touch),
      client.watch(ingress, change => this.#followIngress(change)),
      client.watch(service, touch),
      client.watch(endpointSlice, touch),
      client.watch(secret, touch),
      client.watch(configMap, change => this.#followConfigMap(change.object.metadata)),
    ]
    this.#process.onExit(() => {
      for (const stop of stops) stop()
    })
  }

  #followIngress({ type, object, previous }: Change<Ingress>): void {
    const { namespace, name, annotations = {} } = object.metadata
    if (this.#flags.watchNamespace && namespace !== this.#flags.watchNamespace) return
    const key = `${namespace}/${name}`
    const known = this.#ingresses.get(key)
    const foreign = foreignness(this.#client, object, this.#flags.classes)
    if (type === 'DELETED' || foreign !== undefined) {
      this.#ingresses.delete(key)
      if (known) this.#touch()
      else if (type === 'ADDED')
        this.#info('store.go:422', 'Ignoring ingress because of error while validating ingress class', {
          ingress: key,
          error: foreign!,
        })
      return
    }
    this.#ingresses.set(key, object)
    if (known && previous && isEqual(object, previous)) return
    if (!known)
      this.#info('store.go:446', 'Found valid IngressClass', {
        ingress: key,
        ingressclass: object.spec.ingressClassName ?? this.#flags.classes.annotation,
      })
    this.#record(object, 'Normal', 'Sync', 'Scheduled for sync')
    if (!known || !isEqual(annotations, previous?.metadata.annotations ?? {}))
      for (const what of notSimulated(annotations))
        this.#record(object, 'Warning', 'NotSimulated', `annotation ${what} is not simulated here`)
    this.#touch()
  }

  #followConfigMap({ namespace, name }: KubernetesObject['metadata']): void {
    if (namespace !== this.#flags.namespace || name !== this.#flags.configMap) return
    this.#globals = this.#readGlobals()
    this.#touch()
  }

  #readGlobals(): Globals {
    const { configMap: name, namespace } = this.#flags
    const found = name === undefined ? undefined : this.#client.get(configMap, name, namespace)
    const [globals, others] = readGlobals(found?.data ?? {})
    for (const other of others) this.#log('configmap.go:444', `setting ${other} is not simulated here`, 'W')
    return globals
  }

  #touch(): void {
    this.#isDirty = true
    this.#wakeSync()
  }

  async #syncForEver(): Promise<void> {
    const process = this.#process
    for (;;) {
      while (!this.#isDirty)
        await process.wait<void>(wake => {
          this.#wakeSync = () => wake()
        })
      this.#isDirty = false
      this.#sync()
      await process.sleep(syncPause)
    }
  }

  /** Makes the configuration anew; nginx is reloaded only when its file is another one. */
  #sync(): void {
    this.#reconsiderClasses()
    const configuration = this.#build([...this.#ingresses.values()])
    const text = nginxConf(configuration)
    const isReload = text !== this.#text
    if (isReload) {
      this.#text = text
      this.#info('controller.go:214', 'Configuration changes detected, backend reload required')
      this.#process.files.writeText(configurationFile, text)
    }
    this.#nginx.configure(configuration, isReload)
    if (!isReload) return
    this.#info('controller.go:228', 'Backend successfully reloaded')
    if (!this.#hasSynced) this.#info('controller.go:240', 'Initial sync, sleeping for 1 second')
    this.#hasSynced = true
    const own = this.#client.get(pod, this.#flags.podName, this.#flags.namespace)
    if (own) this.#record(own, 'Normal', 'RELOAD', 'NGINX reload triggered due to a change in configuration')
  }

  /** A class may have come or gone since the Ingresses that name it were seen. */
  #reconsiderClasses(): void {
    for (const each of this.#client.list(ingress)) {
      const key = `${each.metadata.namespace}/${each.metadata.name}`
      const isOurs = foreignness(this.#client, each, this.#flags.classes) === undefined
      if (isOurs === this.#ingresses.has(key)) continue
      if (this.#flags.watchNamespace && each.metadata.namespace !== this.#flags.watchNamespace) continue
      if (!isOurs) this.#ingresses.delete(key)
      else this.#ingresses.set(key, each)
    }
  }

  #build(ingresses: readonly Ingress[]): Configuration {
    const client = this.#client
    const warn = (place: string, text: string) => this.#log(place, text, 'W')
    const source: ServiceSource = {
      service: (namespace, name) => client.get(service, name, namespace),
      slices: (namespace, name) =>
        client.list(endpointSlice, { namespace, labels: { 'kubernetes.io/service-name': name } }),
      warn,
    }
    return buildConfiguration(ingresses, this.#globals, {
      ...source,
      settings: each => this.#settings(each),
      certificate: (each, host) => certificateFor(client, each, host, this.#shown, warn),
      defaultEndpoints: () => {
        const [namespace = '', name = ''] = this.#flags.defaultBackend?.split('/') ?? []
        const port = name === '' ? undefined : source.service(namespace, name)?.spec.ports?.[0]?.port
        return port === undefined ? [] : endpointsOf(source, namespace, name, String(port), false)
      },
    })
  }

  /** What is shown where no Ingress says more: the certificate that a flag names, or the fake one. */
  get #shown(): readonly Certificate[] {
    const [namespace = '', name = ''] = this.#flags.defaultCertificate?.split('/') ?? []
    const chain = name === '' ? 'none' : readCertificate(this.#client, namespace, name)
    return typeof chain === 'string' ? [this.#fake] : chain
  }

  #settings({ metadata }: Ingress): LocationSettings {
    const { annotations = {}, namespace } = metadata
    const { defaults, allowSnippets } = this.#globals
    const problem = problemOf(annotations, allowSnippets)
    if (problem !== undefined) {
      this.#log('annotations.go:199', `"ingress contains invalid annotation value" err=${JSON.stringify(problem)}`, 'E')
      return { ...defaults, denied: problem }
    }
    return readSettings(annotations, defaults, (reference, isMap) => {
      const [name = '', own = namespace!] = reference.split('/').reverse()
      const found = this.#client.get(secret, name, own)
      if (!found)
        return {
          problem: `unexpected error reading secret ${own}/${name}: no object matching key "${own}/${name}" in local store`,
        }
      if (isMap) return Object.entries(found.data ?? {}).map(([user, value]) => `${user}:${fromBase64(value)}`)
      const file = found.data?.['auth']
      return file === undefined
        ? { problem: `the secret ${own}/${name} does not contain a key with value auth` }
        : fromBase64(file).split('\n').filter(Boolean)
    })
  }

  #lead(): void {
    const { namespace, electionId, podName } = this.#flags
    this.#isLeading = true
    this.#log('leaderelection.go:271', `successfully acquired lease ${namespace}/${electionId}`)
    this.#info('status.go:85', 'New leader elected', { identity: podName })
    this.#process.thread(async () => {
      for (;;) {
        await this.#process.sleep(statusPeriod)
        this.#publish(publishedAddresses(this.#client, this.#flags))
      }
    })
  }

  #publish(addresses: ReturnType<typeof publishedAddresses>): void {
    const ours = [...this.#ingresses.values()]
    publish(this.#client, ours, addresses, ({ metadata, status }) => {
      const current = JSON.stringify(status?.loadBalancer?.ingress ?? null)
      const text = `"updating Ingress status" namespace="${metadata.namespace}" ingress="${metadata.name}" currentValue=${current} newValue=${JSON.stringify(addresses)}`
      this.#log('status.go:311', text)
    })
  }

  /** The last controller to go takes its addresses along. */
  async #stop(): Promise<number> {
    this.#info('sigterm.go:36', 'Received SIGTERM, shutting down')
    this.#info('nginx.go:395', 'Shutting down controller queues')
    if (this.#isLeading) {
      const own = this.#client.get(pod, this.#flags.podName, this.#flags.namespace)
      const { 'pod-template-hash': _hash, ...labels } = own?.metadata.labels ?? {}
      const running = this.#client
        .list(pod, { namespace: this.#flags.namespace, labels })
        .filter(({ status, metadata }) => status?.phase === 'Running' && metadata.name !== this.#flags.podName)
      if (own && running.length === 0) {
        this.#info('status.go:135', 'removing value from ingress status', { address: '[]' })
        this.#publish([])
      }
    }
    this.#info('nginx.go:411', 'Stopping NGINX process')
    for (const child of this.#process.children) child.kill('SIGQUIT')
    await this.#process.sleep(1000)
    this.#info('nginx.go:424', 'NGINX process has stopped')
    this.#info('sigterm.go:44', 'Handled quit, delaying controller exit for 10 seconds')
    await this.#process.sleep(10_000)
    this.#info('sigterm.go:47', 'Exiting', { code: 0 })
    await this.#process.sleep(0)
    return 0
  }

  #judge(object: Ingress): string | undefined {
    const { namespace, name } = object.metadata
    if (foreignness(this.#client, object, this.#flags.classes) !== undefined) return undefined
    const refusal = refusalOf(object, [...this.#ingresses.values()], this.#globals)
    if (refusal === undefined)
      this.#info('main.go:107', 'successfully validated configuration, accepting', { ingress: `${namespace}/${name}` })
    else
      this.#log(
        'main.go:96',
        `"invalid ingress configuration" err=${JSON.stringify(refusal)} ingress="${namespace}/${name}"`,
        'E',
      )
    return refusal
  }

  #serveHealth(): void {
    serveHttp(
      this.#process,
      10_254,
      ({ target }) => {
        const path = target.split('?')[0]
        if (path === '/healthz') return { status: 200, body: 'ok' }
        if (path === '/build')
          return { status: 200, headers: { 'Content-Type': 'application/json' }, body: `{"release":"${release}"}` }
        return { status: 404, body: '404 page not found\n' }
      },
      { isDualStack: true },
    )
  }

  #logEvent({ kind, apiVersion, metadata }: KubernetesObject, type: string, reason: string, message: string): void {
    const { namespace, name, uid, resourceVersion } = metadata
    const about = `Kind:"${kind}", Namespace:"${namespace}", Name:"${name}", UID:"${uid}", APIVersion:"${apiVersion}", ResourceVersion:"${resourceVersion}", FieldPath:""`
    this.#log('event.go:377', `Event(v1.ObjectReference{${about}}): type: '${type}' reason: '${reason}' ${message}`)
  }

  /** A message with keys and values behind it. */
  #info(place: string, message: string, values: Readonly<Record<string, string | number>> = {}): void {
    const pairs = Object.entries(values).map(([key, value]) => ` ${key}=${JSON.stringify(value)}`)
    this.#log(place, `"${message}"${pairs.join('')}`)
  }

  #log(place: string, text: string, level: 'I' | 'W' | 'E' | 'F' = 'I'): void {
    this.#output.write(glogLine(this.#process, place, text, level))
  }
}
