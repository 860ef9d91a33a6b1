import { load } from 'js-yaml'
import type { Client } from '../../client.ts'
import { configMap } from '../../kinds/configMap.ts'
import type { MeshSettings } from './discovery.ts'

/** The ConfigMap `istio` as the add-on lays it; what of it is read is in `readMeshSettings`. */
export const meshConfiguration = `accessLogFile: /dev/stdout
defaultConfig:
  discoveryAddress: istiod.istio-system.svc:15012
  tracing:
    sampling: 100
    zipkin:
      address: zipkin.istio-system:9411
defaultProviders:
  metrics:
  - prometheus
enablePrometheusMerge: true
enableTracing: true
outboundTrafficPolicy:
  mode: ALLOW_ANY
rootNamespace: istio-system
trustDomain: cluster.local
`

interface MeshConfig {
  readonly accessLogFile?: string
  readonly enableTracing?: boolean
  readonly outboundTrafficPolicy?: { readonly mode?: string }
  readonly defaultConfig?: {
    readonly tracing?: { readonly sampling?: number; readonly zipkin?: { readonly address?: string } }
  }
}

/** What the ConfigMap `istio` says about the whole mesh. */
export function readMeshSettings(client: Client): MeshSettings {
  const config = readConfig(client.get(configMap, 'istio', 'istio-system')?.data?.['mesh'] ?? '')
  const { sampling = 1, zipkin } = config.defaultConfig?.tracing ?? {}
  const [host, port = '9411'] = String(zipkin?.address ?? '').split(':')
  return {
    hasAccessLog: config.accessLogFile === '/dev/stdout',
    allowsUnknown: config.outboundTrafficPolicy?.mode !== 'REGISTRY_ONLY',
    ...(config.enableTracing && host && { tracing: { host, port: Number(port), sampling } }),
  }
}

function readConfig(text: string): MeshConfig {
  try {
    return (load(text) ?? {}) as MeshConfig
  } catch {
    return {}
  }
}
