import { dump, load } from 'js-yaml'
import type { LabChoices } from '#simulator/labChoices.ts'
import { readLabDefinition } from '#simulator/labDefinition.ts'

type Settings = Record<string, unknown>

/** What the form shows of a lab.yaml; empty where the text does not say, or cannot be read. */
export interface FormValues {
  readonly plugin: string
  readonly backend: string
  readonly proxy: string
  readonly nodes: string
  readonly addons: readonly string[]
}

/** Reads a lab.yaml for the form. */
export function formValues(text: string): FormValues {
  const { cni, proxy, nodes, addons } = settingsIn(text) ?? {}
  const plugin = isSettings(cni) ? cni['plugin'] : cni
  const textOf = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  return {
    plugin: textOf(plugin),
    backend: textOf(isSettings(cni) ? cni['backend'] : undefined),
    proxy: textOf(proxy),
    nodes: textOf(nodes),
    addons: Array.isArray(addons) ? addons.map(String) : [],
  }
}

/** The text with another plugin; its backend goes, since each plugin has its own. */
export function withPlugin(text: string, plugin: string): string {
  return changed(text, settings => ({ ...settings, cni: { plugin } }))
}

export function withBackend(text: string, backend: string): string {
  const { plugin } = formValues(text)
  return changed(text, settings => ({ ...settings, cni: backend === '' ? { plugin } : { plugin, backend } }))
}

export function withProxy(text: string, proxy: string): string {
  return changed(text, settings => ({ ...settings, proxy }))
}

export function withNodes(text: string, nodes: number): string {
  return changed(text, ({ lan: _, ...settings }) => ({ ...settings, nodes }))
}

export function withAddon(text: string, addon: string, isWanted: boolean): string {
  const others = formValues(text).addons.filter(name => name !== addon)
  const addons = isWanted ? [...others, addon] : others
  return changed(text, ({ addons: _, ...settings }) => (addons.length > 0 ? { ...settings, addons } : settings))
}

/** The text with one fault more; what the fault has to be told gets a value that the learner changes. */
export function withFault(text: string, { name, isLocal, settings }: LabChoices['faults'][number]): string {
  const fault: Settings = { fault: name, ...(isLocal ? { on: 'node1' } : {}) }
  for (const [setting, { kind, default: usual }] of Object.entries(settings))
    fault[setting] = usual ?? (kind === 'text' ? exampleOf(setting) : kind[0])
  return changed(text, ({ faults, ...others }) => ({
    ...others,
    faults: [...(Array.isArray(faults) ? faults : []), fault],
  }))
}

/** Why a lab cannot begin with a text; undefined when it can. */
export function refusalOf(text: string, choices: LabChoices): string | undefined {
  try {
    const { cluster } = readLabDefinition(text)
    const plugin = choices.plugins.find(({ name }) => name === cluster.cni.plugin)
    if (!plugin)
      return `lab.yaml: unknown plugin ${cluster.cni.plugin} (known: ${choices.plugins.map(({ name }) => name).join(', ')})`
    const { backend } = cluster.cni
    if (backend !== undefined && !plugin.backends.includes(backend))
      return `lab.yaml: ${plugin.name} has no backend ${backend} (known: ${plugin.backends.join(', ') || '-'})`
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function exampleOf(setting: string): string {
  return setting === 'name' ? 'net.ipv4.ip_forward' : '0'
}

function changed(text: string, change: (settings: Settings) => Settings): string {
  return dump(change(settingsIn(text) ?? {}))
}

function settingsIn(text: string): Settings | undefined {
  try {
    const settings = load(text)
    return isSettings(settings) ? settings : undefined
  } catch {
    return undefined
  }
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
