import type { HTTPIngressPath } from 'kubernetes-types/networking/v1'
import type { Ingress } from '../../kinds/ingress.ts'
import {
  type Backend,
  type Configuration,
  defaultBackendName,
  defaultServerName,
  type Globals,
  type Location,
  type Server,
  type ServerCertificate,
} from './model.ts'
import type { LocationSettings } from './settings.ts'
import { endpointsOf, portText, type ServiceSource, upstreamName } from './upstreams.ts'

/** What a configuration is made from. */
export interface Sources extends ServiceSource {
  settings(ingress: Ingress): LocationSettings
  /** The endpoints of the Service that answers when nothing else does; empty without one. */
  defaultEndpoints(): Backend['endpoints']
  /** What the server of a host shows over TLS, by the `tls` of its Ingress. */
  certificate(ingress: Ingress, host: string): ServerCertificate | undefined
}

interface DraftServer {
  readonly host: string
  readonly aliases: string[]
  certificate: ServerCertificate | undefined
  locations: Location[]
}

type DraftBackend = { -readonly [Key in keyof Backend]: Backend[Key] }

/** Makes servers and upstreams of Ingresses; the oldest Ingress wins where two want the same path of a host. */
export function buildConfiguration(all: readonly Ingress[], globals: Globals, sources: Sources): Configuration {
  const ingresses = all.toSorted(compareAge)
  const settings = new Map(ingresses.map(ingress => [ingress, sources.settings(ingress)]))
  const backends = new Map<string, DraftBackend>()
  const own = [{ address: '127.0.0.1', port: 8181 }]
  const given = sources.defaultEndpoints()
  backends.set(defaultBackendName, backendOf(defaultBackendName, '0', given.length > 0 ? given : own))
  for (const ingress of ingresses) addBackends(ingress, settings.get(ingress)!, backends, sources)
  const servers = new Map<string, DraftServer>()
  servers.set(defaultServerName, {
    host: defaultServerName,
    aliases: [],
    certificate: undefined,
    locations: [rootLocation(undefined, defaultBackendName, globals.defaults)],
  })
  for (const ingress of ingresses) addServers(ingress, settings.get(ingress)!, servers, backends, sources)
  for (const ingress of ingresses) addLocations(ingress, settings.get(ingress)!, servers, backends)
  for (const ingress of ingresses) if (settings.get(ingress)!.isCanary) mergeCanary(ingress, servers, backends, sources)
  return {
    servers: [...servers.values()].sort((one, other) => (one.host < other.host ? -1 : 1)).map(finish),
    backends,
    globals,
  }
}

function compareAge({ metadata: one }: Ingress, { metadata: other }: Ingress): number {
  const key = ({ creationTimestamp, namespace, name }: Ingress['metadata']) =>
    `${creationTimestamp} ${namespace}/${name}`
  return key(one) < key(other) ? -1 : 1
}

function backendOf(name: string, port: string, endpoints: Backend['endpoints']): DraftBackend {
  return {
    name,
    port,
    endpoints,
    service: undefined,
    alternatives: [],
    shaping: undefined,
    affinity: undefined,
    isAlternative: false,
  }
}

function pathsOf(ingress: Ingress): { host: string; paths: readonly HTTPIngressPath[] }[] {
  return (ingress.spec.rules ?? []).map(({ host, http }) => ({
    host: host || defaultServerName,
    paths: http?.paths ?? [],
  }))
}

function addBackends(
  ingress: Ingress,
  settings: LocationSettings,
  backends: Map<string, DraftBackend>,
  sources: Sources,
): void {
  const namespace = ingress.metadata.namespace!
  const wanted = [
    ingress.spec.defaultBackend,
    ...pathsOf(ingress).flatMap(({ paths }) => paths.map(each => each.backend)),
  ]
  for (const { service } of wanted.filter(each => each !== undefined)) {
    // Backends that are resources and not Services are passed over, as the real controller does.
    if (!service) continue
    const name = upstreamName(namespace, service)
    const known = backends.get(name)
    if (known) {
      // Ingresses share the upstream of a Service, and what one of them says of it.
      known.affinity ??= settings.affinity
      continue
    }
    const port = portText(service)
    backends.set(name, {
      ...backendOf(name, port, endpointsOf(sources, namespace, service.name, port, settings.serviceUpstream)),
      service: sources.service(namespace, service.name),
      shaping: settings.isCanary ? settings.shaping : undefined,
      affinity: settings.affinity,
      isAlternative: settings.isCanary,
    })
  }
  if (!settings.defaultBackend) return
  const name = `custom-default-backend-${namespace}-${settings.defaultBackend}`
  const port = String(sources.service(namespace, settings.defaultBackend)?.spec.ports?.[0]?.port ?? '')
  backends.set(name, backendOf(name, port, endpointsOf(sources, namespace, settings.defaultBackend, port, false)))
}

function rootLocation(ingress: Ingress | undefined, backend: string, settings: LocationSettings): Location {
  return {
    path: '/',
    isExact: false,
    ingressPath: '/',
    ingress,
    service: '',
    port: '',
    backend,
    settings,
    isDefault: true,
  }
}

function addServers(
  ingress: Ingress,
  settings: LocationSettings,
  servers: Map<string, DraftServer>,
  backends: ReadonlyMap<string, DraftBackend>,
  sources: Sources,
): void {
  if (settings.isCanary) return
  const own = ingress.spec.defaultBackend?.service
  const name = own && upstreamName(ingress.metadata.namespace!, own)
  const general = name !== undefined && backends.has(name) ? name : defaultBackendName
  if (own && (ingress.spec.rules ?? []).length === 0) {
    const server = servers.get(defaultServerName)!
    const [root] = server.locations
    if (root?.isDefault)
      server.locations = [
        { ...rootLocation(ingress, general, settings), service: own.name, port: portText(own), isDefault: false },
      ]
  }
  for (const { host } of pathsOf(ingress)) {
    const server = servers.get(host) ?? {
      host,
      aliases: [],
      certificate: undefined,
      locations: [
        {
          ...rootLocation(ingress, general, settings),
          ...(general !== defaultBackendName && { service: own!.name, port: portText(own!) }),
        },
      ],
    }
    servers.set(host, server)
    for (const alias of settings.serverAlias) if (!server.aliases.includes(alias)) server.aliases.push(alias)
    if (host !== defaultServerName) server.certificate ??= sources.certificate(ingress, host)
  }
}

function addLocations(
  ingress: Ingress,
  settings: LocationSettings,
  servers: ReadonlyMap<string, DraftServer>,
  backends: ReadonlyMap<string, DraftBackend>,
): void {
  if (settings.isCanary) return
  for (const { host, paths } of pathsOf(ingress)) {
    const server = servers.get(host)!
    for (const { path: written, pathType, backend } of paths) {
      if (!backend.service) continue
      const path = written || '/'
      // Where the path type is left to the controller, it is a prefix.
      const isExact = pathType === 'Exact'
      const place = server.locations.findIndex(each => each.path === path && each.isExact === isExact)
      if (place >= 0 && !server.locations[place]!.isDefault) continue
      const location: Location = {
        path,
        isExact,
        ingressPath: path,
        ingress,
        service: backend.service.name,
        port: portText(backend.service),
        backend: standIn(ingress, settings, upstreamName(ingress.metadata.namespace!, backend.service), backends),
        settings,
        isDefault: false,
      }
      if (place >= 0) server.locations[place] = location
      else server.locations.push(location)
    }
  }
}

/** The upstream of a path, or the one that the annotation names for when it has no endpoints. */
function standIn(
  ingress: Ingress,
  { defaultBackend }: LocationSettings,
  name: string,
  backends: ReadonlyMap<string, DraftBackend>,
): string {
  if (!defaultBackend || backends.get(name)!.endpoints.length > 0) return name
  return `custom-default-backend-${ingress.metadata.namespace}-${defaultBackend}`
}

function mergeCanary(
  ingress: Ingress,
  servers: ReadonlyMap<string, DraftServer>,
  backends: Map<string, DraftBackend>,
  sources: Sources,
): void {
  for (const { host, paths } of pathsOf(ingress))
    for (const { path, backend } of paths) {
      if (!backend.service) continue
      const name = upstreamName(ingress.metadata.namespace!, backend.service)
      const location = servers.get(host)?.locations.find(each => each.path === (path || '/') && !each.isDefault)
      const primary = location && backends.get(location.backend)
      if (!primary || primary.name === name || primary.isAlternative) {
        sources.warn('controller.go:1799', `unable to find real backend for alternative backend ${name}. Deleting.`)
        continue
      }
      if (!primary.alternatives.includes(name)) primary.alternatives = [...primary.alternatives, name]
    }
}

/** Puts the locations of a server into nginx' order, with exact ones beside prefixes. */
function finish({ host, aliases, certificate, locations }: DraftServer): Server {
  const isRegex = locations.some(({ settings, path }) => settings.useRegex || needsRewrite(settings, path))
  const exact = new Set(locations.filter(each => each.isExact).map(each => each.path))
  const complete = locations.flatMap(location => {
    const { path, isExact, settings } = location
    if (path === '/' || isExact || settings.useRegex || needsRewrite(settings, path)) return [location]
    const prefix = { ...location, path: path.endsWith('/') ? path : `${path}/` }
    return exact.has(path) ? [prefix] : [prefix, { ...location, isExact: true }]
  })
  complete.sort((one, other) => other.path.length - one.path.length || (one.path > other.path ? -1 : 1))
  return { host, aliases, certificate, locations: complete, isRegex }
}

function needsRewrite({ rewriteTarget }: LocationSettings, path: string): boolean {
  return rewriteTarget !== '' && rewriteTarget !== path
}
