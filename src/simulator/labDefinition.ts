import { load } from 'js-yaml'
import {
  addonNames,
  type ClusterDefinition,
  type CniDefinition,
  machinesOf,
  referenceCluster,
} from './cluster/definition.ts'
import { type FaultDefinition, type FaultKind, faultKinds } from './cluster/faults.ts'
import type { LabParameters } from './labParameters.ts'
import { networkOf, parsePrefix } from './network/address.ts'

/** What a lab holds at the start: which cluster, and which files lie on the learner's workstation. */
export interface LabDefinition {
  readonly cluster: ClusterDefinition
  /** Text of each file by its path relative to the working directory. */
  readonly files: Readonly<Record<string, string>>
  /** What happens on the cluster before the learner comes. */
  readonly start?: LabStart
  /** Files, manifests and commands hold places for these: `{{name}}`. */
  readonly parameters?: LabParameters
  /** What `kubehop` speaks when LANG does not say: the page's language. */
  readonly language?: 'ko' | 'en'
}

/** Manifests that are applied, and then commands that are run on the workstation, one after the other. */
export interface LabStart {
  /** By their paths, in the order in which kubectl reads a folder. */
  readonly manifests: Readonly<Record<string, string>>
  readonly commands: readonly string[]
}

/** A mistake of an author in a lab.yaml. */
export class LabDefinitionError extends Error {}

/**
 * Reads a lab.yaml; absent settings are those of the reference cluster. `place` names the file in errors, `manifests` are
 * those of the folder `start` beside it.
 */
export function readLabDefinition(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
  place = 'lab.yaml',
  manifests: Readonly<Record<string, string>> = {},
): LabDefinition {
  let document: unknown
  try {
    document = isEmpty(yaml) ? {} : (load(yaml) ?? {})
  } catch (error) {
    throw new LabDefinitionError(`${place}: ${error instanceof Error ? error.message : error}`)
  }
  const settings = asRecord(document, place)
  refuseOthers(settings, ['cni', 'proxy', 'lan', 'nodes', 'addons', 'faults', 'start', 'parameters'], place)
  const nodes = { ...readNodes(settings, place), ...readLan(settings, place) }
  const cluster = {
    ...referenceCluster,
    ...readCni(settings, place),
    ...readProxy(settings, place),
    ...nodes,
    ...readAddons(settings, place),
    ...readFaults(settings, nodes.nodes ?? referenceCluster.nodes, place),
  }
  return { cluster, files, ...readStart(settings, manifests, place), ...readParameters(settings, place) }
}

/** Reads the `% lab KEY=VALUE …` line of a transcript: `proxy=nftables`, `cni=flannel backend=host-gw`. */
export function readLabSettings(settings: Readonly<Record<string, string>>): ClusterDefinition {
  const { proxy, cni, addons, nodes, ...options } = settings
  const document = { ...(proxy ? { proxy } : {}), ...(cni ? { cni: { plugin: cni, ...options } } : {}) }
  return {
    ...referenceCluster,
    ...readCni(document, '% lab'),
    ...readProxy(document, '% lab'),
    ...readNodes(nodes === undefined ? {} : { nodes: Number(nodes) }, '% lab'),
    ...readAddons(addons === undefined ? {} : { addons: addons.split(',') }, '% lab'),
  }
}

function readCni(settings: Record<string, unknown>, place: string): { cni?: CniDefinition } {
  if (settings['cni'] === undefined) return {}
  const cni =
    typeof settings['cni'] === 'string' ? { plugin: settings['cni'] } : asRecord(settings['cni'], `${place}: cni`)
  refuseOthers(cni, ['plugin', 'backend', 'subnet', 'on', 'podRange'], `${place}: cni`)
  for (const [key, value] of Object.entries(cni))
    if (typeof value !== 'string') throw new LabDefinitionError(`${place}: cni.${key} must be text`)
  if (!cni['plugin']) throw new LabDefinitionError(`${place}: cni.plugin is missing`)
  return { cni: cni as unknown as CniDefinition }
}

function readProxy(settings: Record<string, unknown>, place: string): { proxy?: ClusterDefinition['proxy'] } {
  const proxy = settings['proxy']
  if (proxy === undefined) return {}
  if (proxy !== 'iptables' && proxy !== 'nftables' && proxy !== 'ipvs')
    throw new LabDefinitionError(`${place}: proxy must be iptables, nftables or ipvs, not ${String(proxy)}`)
  return { proxy }
}

function readNodes(settings: Record<string, unknown>, place: string): { nodes?: ClusterDefinition['nodes'] } {
  const { nodes } = settings
  if (nodes === undefined) return {}
  if (typeof nodes !== 'number' || !Number.isInteger(nodes) || nodes < 2 || nodes > 5)
    throw new LabDefinitionError(`${place}: nodes must be a number from 2 to 5, not ${String(nodes)}`)
  return { nodes: machinesOf(nodes) }
}

/** `lan: {range: 10.0.0.0/24, nodes: [4, 6, 9]}`: the numbers at the ends of the nodes' addresses, the control plane first. */
function readLan(settings: Record<string, unknown>, place: string): Partial<Pick<ClusterDefinition, 'lan' | 'nodes'>> {
  if (settings['lan'] === undefined) return {}
  const lan = asRecord(settings['lan'], `${place}: lan`)
  refuseOthers(lan, ['range', 'nodes'], `${place}: lan`)
  const { range, nodes: hosts } = lan
  const prefix = typeof range === 'string' ? parsePrefix(range) : undefined
  if (typeof range !== 'string' || prefix?.length !== 24 || networkOf(prefix).address !== prefix.address)
    throw new LabDefinitionError(`${place}: lan.range must be a network like 192.168.64.0/24, not ${String(range)}`)
  if (settings['nodes'] !== undefined && hosts !== undefined)
    throw new LabDefinitionError(`${place}: nodes and lan.nodes both say how many nodes there are`)
  if (hosts === undefined) return { lan: range, nodes: machinesOf(Number(settings['nodes'] ?? 3), range) }
  // The first address is the workstation's.
  const isHost = (host: unknown) => Number.isInteger(host) && Number(host) >= 2 && Number(host) <= 254
  if (!Array.isArray(hosts) || hosts.length < 2 || hosts.length > 5 || !hosts.every(isHost))
    throw new LabDefinitionError(`${place}: lan.nodes must be a list of two to five numbers from 2 to 254`)
  if (new Set(hosts).size < hosts.length) throw new LabDefinitionError(`${place}: lan.nodes has a number twice`)
  return { lan: range, nodes: machinesOf(hosts.length, range, hosts) }
}

function readStart(
  settings: Record<string, unknown>,
  manifests: Readonly<Record<string, string>>,
  place: string,
): Pick<LabDefinition, 'start'> {
  const { start: commands = [] } = settings
  if (!isTextList(commands)) throw new LabDefinitionError(`${place}: start must be a list of commands`)
  return commands.length + Object.keys(manifests).length > 0 ? { start: { manifests, commands } } : {}
}

function readParameters(settings: Record<string, unknown>, place: string): Pick<LabDefinition, 'parameters'> {
  if (settings['parameters'] === undefined) return {}
  const parameters = asRecord(settings['parameters'], `${place}: parameters`)
  const read: Record<string, readonly string[]> = {}
  for (const [name, choices] of Object.entries(parameters)) {
    const texts: unknown = Array.isArray(choices) ? choices.map(String) : choices
    if (!isTextList(texts) || texts.length < 2)
      throw new LabDefinitionError(`${place}: parameters.${name} must be a list of two values or more`)
    read[name] = texts
  }
  return { parameters: read }
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}

function readFaults(
  settings: Record<string, unknown>,
  nodes: ClusterDefinition['nodes'],
  place: string,
): { faults?: readonly FaultDefinition[] } {
  const { faults } = settings
  if (faults === undefined) return {}
  if (!Array.isArray(faults)) throw new LabDefinitionError(`${place}: faults must be a list`)
  return { faults: faults.map((each, index) => readFault(each, nodes, `${place}: faults[${index}]`)) }
}

function readFault(value: unknown, nodes: ClusterDefinition['nodes'], place: string): FaultDefinition {
  const given = typeof value === 'string' ? { fault: value } : asRecord(value, place)
  const kind = faultKinds.find(({ name }) => name === given['fault'])
  if (!kind)
    throw new LabDefinitionError(
      `${place}: unknown fault ${String(given['fault'])} (known: ${faultKinds.map(({ name }) => name).join(', ')})`,
    )
  refuseOthers(given, ['fault', ...(kind.isLocal ? ['on'] : []), ...Object.keys(kind.settings)], place)
  const names = nodes.map(({ name }) => name)
  if (kind.isLocal && !names.includes(String(given['on'])))
    throw new LabDefinitionError(`${place}: on must name a machine (there are: ${names.join(', ')})`)
  return {
    fault: kind.name,
    ...(kind.isLocal && { on: String(given['on']) }),
    ...readFaultSettings(kind, given, place),
  }
}

function readFaultSettings(
  kind: FaultKind,
  given: Record<string, unknown>,
  place: string,
): Record<string, string | number> {
  const settings: Record<string, string | number> = {}
  for (const [name, setting] of Object.entries(kind.settings)) {
    const value = given[name] ?? setting.default
    if (value === undefined) throw new LabDefinitionError(`${place}: ${kind.name} needs ${name}`)
    if (setting.kind === 'text') {
      // What is typed on the machine must stay one word.
      if (!/^[\w.:/-]+$/.test(String(value))) throw new LabDefinitionError(`${place}: ${name} must be one word`)
      settings[name] = String(value)
      continue
    }
    const [least, most] = setting.kind
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw new LabDefinitionError(`${place}: ${name} must be a number from ${least} to ${most}, not ${String(value)}`)
    settings[name] = value
  }
  return settings
}

function readAddons(settings: Record<string, unknown>, place: string): { addons?: readonly string[] } {
  const { addons } = settings
  if (addons === undefined) return {}
  if (!Array.isArray(addons)) throw new LabDefinitionError(`${place}: addons must be a list`)
  for (const name of addons)
    if (!addonNames.includes(name))
      throw new LabDefinitionError(`${place}: unknown addon ${String(name)} (known: ${addonNames.join(', ')})`)
  return { addons }
}

/** Nothing but comments: the YAML library refuses such a document. */
function isEmpty(yaml: string): boolean {
  return yaml.split('\n').every(line => /^\s*(?:#.*)?$/.test(line))
}

function asRecord(value: unknown, place: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LabDefinitionError(`${place}: settings with names expected`)
  return value as Record<string, unknown>
}

function refuseOthers(record: Record<string, unknown>, known: readonly string[], place: string): void {
  for (const key of Object.keys(record))
    if (!known.includes(key))
      throw new LabDefinitionError(`${place}: unknown setting ${key} (known: ${known.join(', ')})`)
}
