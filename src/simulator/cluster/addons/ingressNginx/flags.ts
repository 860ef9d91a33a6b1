import type { Process } from '../../../machine/program.ts'
import type { ClassSettings } from './classes.ts'

/** What the command line of the controller says. */
export interface ControllerFlags {
  readonly namespace: string
  readonly podName: string
  readonly classes: ClassSettings
  /** The name of the ConfigMap with settings. */
  readonly configMap: string | undefined
  readonly electionId: string
  readonly webhook: { readonly address: string; readonly certificate: string; readonly key: string } | undefined
  /** `namespace/name` of the Service whose addresses are those of the Ingresses. */
  readonly publishService: string | undefined
  readonly publishAddress: string | undefined
  /** `namespace/name` of the Service that answers when nothing else does. */
  readonly defaultBackend: string | undefined
  /** `namespace/name` of the Secret that is shown instead of the fake certificate. */
  readonly defaultCertificate: string | undefined
  /** The only namespace whose Ingresses are looked at. */
  readonly watchNamespace: string | undefined
}

const known = `election-id controller-class ingress-class ingress-class-by-name configmap validating-webhook
  validating-webhook-certificate validating-webhook-key publish-service publish-status-address watch-ingress-without-class
  watch-namespace report-node-internal-ip-address v enable-metrics default-backend-service default-ssl-certificate`.split(
  /\s+/,
)

const missing =
  `annotations-prefix apiserver-host deep-inspect disable-catch-all disable-full-test disable-leader-election disable-svc-external-name
  dynamic-configuration-retries enable-annotation-validation enable-ssl-chain-completion enable-ssl-passthrough
  enable-topology-aware-routing exclude-socket-metrics health-check-path health-check-timeout healthz-host healthz-port http-port
  https-port internal-logger-address kubeconfig maxmind-license-key metrics-per-host monitor-max-batch-size post-shutdown-grace-period
  profiler-port profiling ssl-passthrough-proxy-port shutdown-grace-period status-port status-update-interval stream-port sync-period
  sync-rate-limit tcp-services-configmap time-buckets udp-services-configmap update-status update-status-on-shutdown
  watch-namespace-selector`.split(/\s+/)

/** Reads the command line; the text of a refusal when a flag is unknown. */
export function readFlags(process: Process): ControllerFlags | string {
  const words = process.argv.slice(1)
  for (const word of words) {
    const name = word.replace(/^--|=.*$/g, '')
    if (word.startsWith('--') && missing.includes(name)) return `--${name} is not simulated here`
    if (!word.startsWith('--') || !known.includes(name)) return `unknown flag: ${word.replace(/=.*/, '')}`
  }
  const flag = (name: string) => words.find(word => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  const isOn = (name: string) => words.includes(`--${name}`) || flag(name) === 'true'
  const address = flag('validating-webhook')
  return {
    namespace: process.env.get('POD_NAMESPACE') ?? 'ingress-nginx',
    podName: process.env.get('POD_NAME') ?? process.machine.hostname,
    classes: {
      controller: flag('controller-class') ?? 'k8s.io/ingress-nginx',
      annotation: flag('ingress-class') ?? 'nginx',
      withoutClass: isOn('watch-ingress-without-class'),
      byName: isOn('ingress-class-by-name'),
    },
    configMap: flag('configmap')?.split('/').at(-1),
    electionId: flag('election-id') ?? 'ingress-controller-leader',
    webhook: address
      ? {
          address,
          certificate: flag('validating-webhook-certificate') ?? '',
          key: flag('validating-webhook-key') ?? '',
        }
      : undefined,
    publishService: flag('publish-service'),
    publishAddress: flag('publish-status-address'),
    defaultBackend: flag('default-backend-service'),
    defaultCertificate: flag('default-ssl-certificate'),
    watchNamespace: flag('watch-namespace'),
  }
}
