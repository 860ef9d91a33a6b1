import type { FileSystem } from '../../../machine/files.ts'
import {
  CniError,
  type CniExecutable,
  type CniRequest,
  type CniResult,
  type Delegates,
  type PluginConfiguration,
} from './executable.ts'

/** A network that the node's configuration directory describes: plugins that run one after the other. */
export interface NetworkConfiguration {
  readonly name: string
  readonly plugins: readonly PluginConfiguration[]
  /** How errors call each of the plugins: by type, and by name where it has one of its own. */
  readonly labels: readonly string[]
  /** The file that describes it, as it stands there. */
  readonly text: string
}

/** The programs that can do a plugin's work, by the names of their files. */
export type CniExecutables = ReadonlyMap<string, CniExecutable>

const configurationDirectory = '/etc/cni/net.d'
const binaryDirectory = '/opt/cni/bin'

/**
 * The network that containers of a node get: the first file of the directory that can be read, as containerd does it.
 * `known` is given back when that file still says the same.
 */
export function loadNetwork(files: FileSystem, known?: NetworkConfiguration): NetworkConfiguration | undefined {
  if (!files.isDirectory(configurationDirectory)) return undefined
  for (const name of files.list(configurationDirectory)) {
    if (!/\.(conf|conflist|json)$/.test(name)) continue
    const text = files.readText(`${configurationDirectory}/${name}`)
    const network = text === known?.text ? known : readNetwork(text)
    if (network) return network
  }
  return undefined
}

/** Connects a container to a network; throws `CniError` with the runtime's words. */
export function connect(network: NetworkConfiguration, request: CniRequest, known: CniExecutables): CniResult {
  const delegates = delegatesOf(request, known)
  let result: CniResult | undefined = run(known, request.files, 'loopback', executable =>
    executable.add({ type: 'loopback', name: 'cni-loopback' }, request, undefined, delegates),
  )
  for (const [index, plugin] of network.plugins.entries()) {
    const before: CniResult | undefined = result
    result = attempt(network.labels[index]!, 'add', () =>
      run(known, request.files, plugin.type, executable => executable.add(plugin, request, before, delegates)),
    )
  }
  return result ?? { addresses: [] }
}

/** Takes a container off its network, the last plugin first. */
export function disconnect(network: NetworkConfiguration, request: CniRequest, known: CniExecutables): void {
  const delegates = delegatesOf(request, known)
  for (const [index, plugin] of [...network.plugins.entries()].reverse())
    attempt(network.labels[index]!, 'delete', () =>
      run(known, request.files, plugin.type, executable => executable.remove(plugin, request, delegates)),
    )
}

function readNetwork(text: string): NetworkConfiguration | undefined {
  try {
    const content = JSON.parse(text) as {
      name?: string
      plugins?: PluginConfiguration[]
      type?: string
      cniVersion?: string
    }
    const plugins = content.plugins ?? (content.type ? [content as PluginConfiguration] : [])
    if (!content.name || plugins.length === 0) return undefined
    const { name, cniVersion } = content
    const labels = plugins.map(each => `type="${each.type}"${each.name ? ` name="${each.name}"` : ''}`)
    return { name, text, labels, plugins: plugins.map(plugin => ({ ...plugin, name, cniVersion })) }
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function delegatesOf(request: CniRequest, known: CniExecutables): Delegates {
  const delegates: Delegates = {
    add: (configuration, inner, before) =>
      run(known, request.files, configuration.type, executable =>
        executable.add(configuration, inner, before, delegates),
      ),
    remove: (configuration, inner) =>
      run(known, request.files, configuration.type, executable => executable.remove(configuration, inner, delegates)),
  }
  return delegates
}

function run<T>(known: CniExecutables, files: FileSystem, type: string, use: (executable: CniExecutable) => T): T {
  const executable = known.get(type)
  if (!files.exists(`${binaryDirectory}/${type}`))
    throw new CniError(`failed to find plugin "${type}" in path [${binaryDirectory}]`)
  if (!executable) throw new CniError(`plugin type="${type}" is not simulated here`)
  return use(executable)
}

function attempt<T>(label: string, verb: 'add' | 'delete', use: () => T): T {
  try {
    return use()
  } catch (error) {
    if (!(error instanceof CniError)) throw error
    if (/^failed to find plugin|is not simulated here$/.test(error.message)) throw error
    throw new CniError(`plugin ${label} failed (${verb}): ${error.message}`)
  }
}
