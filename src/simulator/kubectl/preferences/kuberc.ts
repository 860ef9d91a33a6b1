import type { Process } from '../../machine/program.ts'
import { PlainFailure } from '../failure.ts'
import { formatYaml } from '../output/yaml.ts'
import { parseYaml } from '../yaml/parser.ts'

/** A value for a flag that is not given. */
export interface OptionDefault {
  readonly name: string
  readonly default: string
}

/** Values for the flags of a command. */
export interface CommandDefaults {
  readonly command: string
  readonly options: readonly OptionDefault[] | null
}

/** A command of one's own. */
export interface Alias extends Partial<CommandDefaults> {
  readonly name: string
  readonly command: string
  readonly prependArgs?: readonly string[]
  readonly appendArgs?: readonly string[]
}

/** What people prefer: the file `~/.kube/kuberc`. */
export interface Preferences {
  readonly apiVersion: string
  readonly kind: string
  readonly defaults: readonly CommandDefaults[] | null
  readonly aliases: readonly Alias[] | null
  readonly credentialPluginPolicy?: string
  readonly credentialPluginAllowlist?: readonly Readonly<Record<string, string>>[]
}

/** Preferences that say nothing. */
export const emptyPreferences: Preferences = {
  apiVersion: 'kubectl.config.k8s.io/v1beta1',
  kind: 'Preference',
  defaults: null,
  aliases: null,
}

/** What kubectl offers to begin with. */
export const recommendedPreferences: Preferences = {
  ...emptyPreferences,
  defaults: [
    { command: 'apply', options: [{ name: 'server-side', default: 'true' }] },
    { command: 'delete', options: [{ name: 'interactive', default: 'true' }] },
  ],
}

/** The file that holds the preferences. */
export function preferencesPath(process: Process, given: string): string {
  return given || process.env.get('KUBERC') || `${process.env.get('HOME') ?? process.user.home}/.kube/kuberc`
}

/** Whether preferences are to be followed at all. */
function followsPreferences(process: Process, given: string): boolean {
  return process.env.get('KUBECTL_KUBERC') !== 'false' && preferencesPath(process, given) !== 'off'
}

/** Reads the preferences; undefined where there is no file, or none that makes sense. */
export function readPreferences(process: Process, name: string): Preferences | undefined | 'invalid' {
  const { files } = process
  const absolute = process.path(name)
  if (!files.exists(absolute)) return undefined
  try {
    const document = parseYaml(files.readText(absolute)) as Partial<Preferences> | null
    const isKnown = /^kubectl\.config\.k8s\.io\/v1(alpha|beta)1$/.test(document?.apiVersion ?? '')
    return isKnown && document?.kind === 'Preference' ? { ...emptyPreferences, ...document } : 'invalid'
  } catch {
    return 'invalid'
  }
}

/** Writes the preferences. */
export function writePreferences(process: Process, name: string, preferences: Preferences): void {
  const absolute = process.path(name)
  const folder = absolute.slice(0, absolute.lastIndexOf('/')) || '/'
  if (!process.files.exists(folder)) process.files.mkdir(folder, { parents: true })
  process.files.writeText(absolute, formatYaml(preferences))
}

/** The preferences that a command line follows, where there are any. */
export async function loadPreferences(process: Process, given: string): Promise<Preferences | undefined> {
  if (!followsPreferences(process, given)) return undefined
  const path = preferencesPath(process, given)
  const found = readPreferences(process, path)
  if (found === undefined && given) {
    throw new PlainFailure(
      `error occurred while applying preferences kuberc error kuberc: open ${given}: no such file or directory`,
    )
  }
  if (found !== 'invalid') return found
  await process.stderr.write(
    `kuberc: no preferences loaded from ${path}: no valid preferences found in ${path}, use --v=5 to see details`,
  )
  return undefined
}
