import { load } from 'js-yaml'
import { addonNames, type ClusterDefinition, type CniDefinition, referenceCluster } from './cluster/definition.ts'

/** What a lab holds at the start: which cluster, and which files lie on the learner's workstation. */
export interface LabDefinition {
  readonly cluster: ClusterDefinition
  /** Text of each file by its path relative to the working directory. */
  readonly files: Readonly<Record<string, string>>
}

/** A mistake of an author in a lab.yaml. */
export class LabDefinitionError extends Error {}

/** Reads a lab.yaml; absent settings are those of the reference cluster. `place` names the file in errors. */
export function readLabDefinition(
  yaml: string,
  files: Readonly<Record<string, string>> = {},
  place = 'lab.yaml',
): LabDefinition {
  let document: unknown
  try {
    document = isEmpty(yaml) ? {} : (load(yaml) ?? {})
  } catch (error) {
    throw new LabDefinitionError(`${place}: ${error instanceof Error ? error.message : error}`)
  }
  const settings = asRecord(document, place)
  refuseOthers(settings, ['cni', 'proxy', 'addons'], place)
  const cluster = {
    ...referenceCluster,
    ...readCni(settings, place),
    ...readProxy(settings, place),
    ...readAddons(settings, place),
  }
  return { cluster, files }
}

/** Reads the `% lab KEY=VALUE …` line of a transcript: `proxy=nftables`, `cni=flannel backend=host-gw`. */
export function readLabSettings(settings: Readonly<Record<string, string>>): ClusterDefinition {
  const { proxy, cni, addons, ...options } = settings
  const document = { ...(proxy ? { proxy } : {}), ...(cni ? { cni: { plugin: cni, ...options } } : {}) }
  return {
    ...referenceCluster,
    ...readCni(document, '% lab'),
    ...readProxy(document, '% lab'),
    ...readAddons(addons === undefined ? {} : { addons: addons.split(',') }, '% lab'),
  }
}

function readCni(settings: Record<string, unknown>, place: string): { cni?: CniDefinition } {
  if (settings['cni'] === undefined) return {}
  const cni =
    typeof settings['cni'] === 'string' ? { plugin: settings['cni'] } : asRecord(settings['cni'], `${place}: cni`)
  refuseOthers(cni, ['plugin', 'backend', 'subnet', 'on'], `${place}: cni`)
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
