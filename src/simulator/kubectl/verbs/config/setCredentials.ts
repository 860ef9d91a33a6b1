import { defineCommand } from '../../command.ts'
import { demandFile, fileOrData } from '../../config/certificates.ts'
import type { Entry } from '../../config/fields.ts'
import { Failure, Misuse } from '../../failure.ts'
import { boolean, list, repeated, text } from '../../flags/flag.ts'
import type { Invocation } from '../../invocation.ts'

const flags = {
  'auth-provider': text('Auth provider for the user entry in kubeconfig'),
  'auth-provider-arg': list("'key=value' arguments for the auth provider"),
  'client-certificate': text('Path to client-certificate file for the user entry in kubeconfig'),
  'client-key': text('Path to client-key file for the user entry in kubeconfig'),
  'embed-certs': boolean('Embed client cert/key for the user entry in kubeconfig'),
  'exec-api-version': text('API version of the exec credential plugin for the user entry in kubeconfig'),
  'exec-arg': list('New arguments for the exec credential plugin command for the user entry in kubeconfig'),
  'exec-command': text('Command for the exec credential plugin for the user entry in kubeconfig'),
  'exec-env': repeated("'key=value' environment values for the exec credential plugin"),
  'exec-interactive-mode': text('InteractiveMode of the exec credentials plugin for the user entry in kubeconfig'),
  'exec-provide-cluster-info': boolean(
    'ProvideClusterInfo of the exec credentials plugin for the user entry in kubeconfig',
  ),
  password: text('password for the user entry in kubeconfig'),
  token: text('token for the user entry in kubeconfig'),
  username: text('username for the user entry in kubeconfig'),
}

/** `kubectl config set-credentials`: set a user entry in kubeconfig. */
export const configSetCredentials = defineCommand({
  name: 'set-credentials',
  summary: 'Set a user entry in kubeconfig',
  description: `Set a user entry in kubeconfig.

 Specifying a name that already exists will merge new fields on top of existing values.

        Client-certificate flags:
        --client-certificate=certfile --client-key=keyfile
        
        Bearer token flags:
        --token=bearer_token
        
        Basic auth flags:
        --username=basic_user --password=basic_password
        
 Bearer token and basic auth are mutually exclusive.`,
  examples: `  # Set only the "client-key" field on the "cluster-admin"
  # entry, without touching other values
  kubectl config set-credentials cluster-admin --client-key=~/.kube/admin.key

  # Set basic auth for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --username=admin --password=uXFGweU9l35qcif

  # Embed client certificate data in the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --client-certificate=~/.kube/admin.crt --embed-certs=true

  # Enable the Google Compute Platform auth provider for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --auth-provider=gcp

  # Enable the OpenID Connect auth provider for the "cluster-admin" entry with additional arguments
  kubectl config set-credentials cluster-admin --auth-provider=oidc --auth-provider-arg=client-id=foo --auth-provider-arg=client-secret=bar

  # Remove the "client-secret" config value for the OpenID Connect auth provider for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --auth-provider=oidc --auth-provider-arg=client-secret-

  # Enable new exec auth plugin for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable --exec-api-version=client.authentication.k8s.io/v1beta1

  # Enable new exec auth plugin for the "cluster-admin" entry with interactive mode
  kubectl config set-credentials cluster-admin --exec-command=/path/to/the/executable --exec-api-version=client.authentication.k8s.io/v1beta1 --exec-interactive-mode=Never

  # Define new exec auth plugin arguments for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --exec-arg=arg1 --exec-arg=arg2

  # Create or update exec auth plugin environment variables for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --exec-env=key1=val1 --exec-env=key2=val2

  # Remove exec auth plugin environment variables for the "cluster-admin" entry
  kubectl config set-credentials cluster-admin --exec-env=var-to-remove-`,
  usage:
    'NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  flags,
  async run(invocation) {
    const { args, config } = invocation
    const [name] = args
    if (name === undefined || args.length > 1) throw new Misuse(`unexpected args: [${args.join(' ')}]`)
    const { authArguments, variables } = read(invocation)
    check(invocation)
    const before = config.kubeconfig.users.get(name) ?? {}
    const entry = { ...before, ...credentials(invocation, before) }
    const provider = changedProvider(invocation, entry['auth-provider'] as AuthProvider | undefined, authArguments)
    const exec = changedExec(invocation, entry['exec'] as ExecPlugin | undefined, variables)
    config.files.change('users', name, { ...entry, 'auth-provider': provider, exec })
    await invocation.print(`User "${name}" set.\n`)
  },
})

type SetCredentials = Invocation<typeof flags>

interface Pairs {
  readonly set: ReadonlyMap<string, string>
  readonly removed: ReadonlySet<string>
}

interface AuthProvider {
  readonly name: string
  readonly config: Readonly<Record<string, string>> | null
}

interface ExecPlugin {
  readonly command: string
  readonly args: readonly string[] | null
  readonly env: readonly { readonly name: string; readonly value: string }[] | null
  readonly apiVersion?: string
  readonly provideClusterInfo: boolean
  readonly interactiveMode?: string
}

function read({ flags }: SetCredentials): { authArguments: Pairs; variables: Pairs } {
  return {
    authArguments: parsePairs(flags['auth-provider-arg'], 'auth-provider-arg'),
    variables: parsePairs(flags['exec-env'], 'exec-env'),
  }
}

/** `key=value` sets, `key-` takes away. */
function parsePairs(words: readonly string[], flag: string): Pairs {
  const set = new Map<string, string>()
  const removed = new Set<string>()
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) set.set(word.slice(0, at), word.slice(at + 1))
    else if (at < 0 && word.endsWith('-')) removed.add(word.slice(0, -1))
    else throw new Misuse(`invalid ${flag} format: ${word}`)
  }
  return { set, removed }
}

function check({ flags, process }: SetCredentials): void {
  if (flags.token && (flags.username || flags.password)) {
    throw new Failure(
      'you cannot specify more than one authentication method at the same time: --token, --username/--password',
    )
  }
  if (!flags['embed-certs']) return
  if (flags['client-certificate'] === '' && flags['client-key'] === '') {
    throw new Failure('you must specify a --client-certificate or --client-key to embed')
  }
  for (const key of ['client-certificate', 'client-key'] as const) {
    if (flags[key]) demandFile(process, key, flags[key])
  }
}

/** What the flags say about who the user is; a token and a password exclude each other. */
function credentials(invocation: SetCredentials, before: Entry): Entry {
  const { flags, process } = invocation
  const entry: Record<string, unknown> = {}
  for (const key of ['client-certificate', 'client-key'] as const) {
    if (invocation.has(key)) Object.assign(entry, fileOrData(process, key, flags[key], flags['embed-certs']))
  }
  for (const key of ['token', 'username', 'password'] as const) if (invocation.has(key)) entry[key] = flags[key]
  const hasToken = Boolean(flags.token)
  const hasPassword = Boolean(flags.username || flags.password)
  if (!hasToken && hasPassword && before['token']) entry['token'] = undefined
  if (hasToken && !hasPassword) Object.assign(entry, { username: undefined, password: undefined })
  return entry
}

function changedProvider(
  { flags }: SetCredentials,
  before: AuthProvider | undefined,
  { set, removed }: Pairs,
): AuthProvider | undefined {
  const name = flags['auth-provider'] || before?.name
  if (name === undefined) return undefined
  const kept = Object.entries((before?.name === name ? before.config : {}) ?? {}).filter(([key]) => !removed.has(key))
  return { config: Object.fromEntries([...kept, ...set]), name }
}

function changedExec(
  invocation: SetCredentials,
  before: ExecPlugin | undefined,
  { set, removed }: Pairs,
): ExecPlugin | undefined {
  const { flags } = invocation
  const command = flags['exec-command'] || before?.command
  if (command === undefined) return undefined
  const start = { provideClusterInfo: false, ...before, args: flags['exec-command'] ? null : (before?.args ?? null) }
  const kept = (before?.env ?? [])
    .filter(({ name }) => !removed.has(name))
    .map(({ name, value }) => ({ name, value: set.get(name) ?? value }))
  const known = new Set(kept.map(({ name }) => name))
  const added = [...set].filter(([name]) => !known.has(name)).map(([name, value]) => ({ name, value }))
  const env = [...kept, ...added]
  return {
    ...start,
    command,
    env: env.length > 0 || before?.env ? env : null,
    ...(invocation.has('exec-arg') && { args: flags['exec-arg'] }),
    ...(invocation.has('exec-api-version') && { apiVersion: flags['exec-api-version'] }),
    ...(invocation.has('exec-interactive-mode') && { interactiveMode: flags['exec-interactive-mode'] }),
    ...(invocation.has('exec-provide-cluster-info') && { provideClusterInfo: flags['exec-provide-cluster-info'] }),
  }
}
