import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean, list, repeated, text } from '../../flags/flag.ts'
import { base64 } from '../../objects/bytes.ts'

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
    const { args, config, flags, process } = invocation
    const [name, ...more] = args
    if (name === undefined || more.length > 0) throw new Failure(`Unexpected args: [${args.join(' ')}]`)
    if (flags.token && (flags.username || flags.password))
      throw new Failure(
        'you cannot specify more than one authentication method at the same time: --token, --username/--password',
      )
    if (flags['exec-command'] || flags['auth-provider']) throw new Failure('credential plugins are not simulated here')
    const entry: Record<string, unknown> = { ...config.kubeconfig.users.get(name) }
    for (const key of ['token', 'username', 'password'] as const) if (invocation.has(key)) entry[key] = flags[key]
    for (const key of ['client-certificate', 'client-key'] as const) {
      if (!flags[key]) continue
      if (flags['embed-certs']) entry[`${key}-data`] = base64(process.files.readText(process.path(flags[key])))
      else entry[key] = process.path(flags[key])
    }
    config.files.change('users', name, entry)
    await invocation.print(`User "${name}" set.\n`)
  },
})
