import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, repeated, text } from '../../flags/flag.ts'
import type { Invocation } from '../../invocation.ts'
import {
  type Alias,
  type CommandDefaults,
  emptyPreferences,
  type OptionDefault,
  type Preferences,
  preferencesPath,
  readPreferences,
  writePreferences,
} from '../../preferences/kuberc.ts'

const flags = {
  'allowlist-entry': repeated('Allowlist entry the form field=value (can be specified multiple times)'),
  appendarg: repeated('Argument to append to the command (can be specified multiple times, for aliases only)'),
  command: text("Command to configure (e.g., 'get', 'create', 'set env')"),
  kuberc: text(
    'Path to the kuberc file to use for preferences. This can be disabled by exporting KUBECTL_KUBERC=false feature gate or turning off the feature KUBERC=off.',
    '',
    { bare: '' },
  ),
  name: text('Alias name (required for --section=aliases)'),
  option: repeated('Flag option in the form flag=value (can be specified multiple times)'),
  overwrite: boolean('Allow overwriting existing entries'),
  policy: text("Plugin policy to use for exec credential plugins, must be one of 'AllowAll', 'DenyAll' or 'Allowlist'"),
  prependarg: repeated('Argument to prepend to the command (can be specified multiple times, for aliases only)'),
  section: text("Section to modify: 'defaults', 'aliases', or 'credentialplugin'"),
}

/** `kubectl kuberc set`: set values in the kuberc configuration. */
export const kubercSet = defineCommand({
  name: 'set',
  summary: 'Set values in the kuberc configuration',
  description: `Set values in the kuberc configuration file.

 Use --section to specify whether to set defaults or aliases.

 For defaults: Sets default flag values for kubectl commands. The --command flag should specify only the command (e.g., "get", "create", "set env"), not resources.

 For aliases: Creates command aliases with optional default flag values and arguments. Use --prependarg and --appendarg to include resources or other arguments.`,
  examples: `  # Set default output format for 'get' command
  kubectl kuberc set --section defaults --command get --option output=wide

  # Set default output format for a subcommand
  kubectl kuberc set --section defaults --command "set env" --option output=yaml

  # Create an alias 'getn' for 'get' command with prepended 'nodes' resource
  kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide

  # Create an alias 'runx' for 'run' command with appended arguments
  kubectl kuberc set --section aliases --name runx --command run --option image=nginx --appendarg "--" --appendarg custom-arg1

  # Overwrite an existing default
  kubectl kuberc set --section defaults --command get --option output=json --overwrite

  # Set the credential plugin policy and allowlist
  kubectl kuberc set --section credentialplugin --policy Allowlist --allowlist-entry command=cloud-credential-helper`,
  usage: '--section (defaults|aliases) --command COMMAND',
  flags,
  required: ['section'],
  async run(invocation) {
    const { flags, process } = invocation
    check(invocation)
    const path = preferencesPath(process, flags.kuberc)
    const found = readPreferences(process, path)
    if (found === 'invalid') throw new Failure(`no valid preferences found in ${path}, use --v=5 to see details`)
    writePreferences(process, path, changed(invocation, found ?? emptyPreferences))
    await invocation.print(`Updated ${path}\n`)
  },
})

type SetPreferences = Invocation<typeof flags>

function check({ flags }: SetPreferences): void {
  const { section } = flags
  if (!['defaults', 'aliases', 'credentialplugin'].includes(section)) {
    throw new Failure(`--section must be "defaults", "aliases", or "credentialplugin", got: ${section}`)
  }
  if (section === 'credentialplugin') {
    if (flags.policy === '') throw new Failure('--policy is required when --section=credentialplugin')
    if (!['AllowAll', 'DenyAll', 'Allowlist'].includes(flags.policy)) {
      throw new Failure(` --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: ${flags.policy}`)
    }
    return
  }
  if (flags.command === '') throw new Failure('--command is required when --section=aliases or --section=defaults')
  if (section === 'aliases' && flags.name === '') throw new Failure('--name is required when --section=aliases')
  if (section === 'defaults' && flags.prependarg.length + flags.appendarg.length > 0) {
    throw new Failure('--prependarg and --appendarg are only valid for --section=aliases')
  }
}

function changed(invocation: SetPreferences, before: Preferences): Preferences {
  const { flags } = invocation
  if (flags.section === 'credentialplugin') {
    const { credentialPluginAllowlist: _, ...rest } = before
    const allowed = flags['allowlist-entry'].map(entry => pair(entry, 'allowlist entry', 'field'))
    return {
      ...rest,
      credentialPluginPolicy: flags.policy,
      ...(allowed.length > 0 && { credentialPluginAllowlist: allowed.map(([key, value]) => ({ [key]: value })) }),
    }
  }
  const options = flags.option.map(text => {
    const [name, value] = pair(text, 'option', 'flag')
    return { name, default: value }
  })
  if (flags.section === 'aliases') {
    const alias = aliasFrom(invocation, options)
    return { ...before, aliases: placed(invocation, before.aliases ?? [], alias, ({ name }) => name, 'alias') }
  }
  const wanted: CommandDefaults = { command: flags.command, options: options.length > 0 ? options : null }
  const all = placed(invocation, before.defaults ?? [], wanted, ({ command }) => command, 'defaults for command')
  return { ...before, defaults: all }
}

function aliasFrom({ flags }: SetPreferences, options: readonly OptionDefault[]): Alias {
  return {
    name: flags.name,
    command: flags.command,
    ...(flags.prependarg.length > 0 && { prependArgs: flags.prependarg }),
    ...(flags.appendarg.length > 0 && { appendArgs: flags.appendarg }),
    ...(options.length > 0 && { options }),
  }
}

/** The list with an entry in it; one of the same name gives way only when that is asked for. */
function placed<T>(
  { flags }: SetPreferences,
  list: readonly T[],
  entry: T,
  nameOf: (entry: T) => string,
  what: string,
): T[] {
  const at = list.findIndex(each => nameOf(each) === nameOf(entry))
  if (at < 0) return [...list, entry]
  if (!flags.overwrite) {
    const verb = what === 'alias' ? 'exists' : 'exist'
    throw new Failure(`${what} ${JSON.stringify(nameOf(entry))} already ${verb}, use --overwrite to replace`)
  }
  return list.with(at, entry)
}

function pair(text: string, what: string, left: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 0) throw new Failure(`invalid ${what} format ${JSON.stringify(text)}, expected ${left}=value`)
  return [text.slice(0, at), text.slice(at + 1)]
}
