import { boolean, duration, integer, repeated, text } from './flag.ts'

/** The flags that every command takes; their defaults name the user's home folder. */
export function globalFlags(home: string) {
  return {
    as: text(
      'Username to impersonate for the operation. User could be a regular user or a service account in a namespace.',
    ),
    'as-group': repeated(
      'Group to impersonate for the operation, this flag can be repeated to specify multiple groups.',
    ),
    'as-uid': text('UID to impersonate for the operation.'),
    'as-user-extra': repeated(
      'User extras to impersonate for the operation, this flag can be repeated to specify multiple values for the same key.',
    ),
    'cache-dir': text('Default cache directory', `${home}/.kube/cache`),
    'certificate-authority': text('Path to a cert file for the certificate authority', '', { complete: 'file' }),
    'client-certificate': text('Path to a client certificate file for TLS', '', { complete: 'file' }),
    'client-key': text('Path to a client key file for TLS', '', { complete: 'file' }),
    cluster: text('The name of the kubeconfig cluster to use', '', { complete: 'cluster' }),
    context: text('The name of the kubeconfig context to use', '', { complete: 'context' }),
    'disable-compression': boolean('If true, opt-out of response compression for all requests to the server'),
    'insecure-skip-tls-verify': boolean(
      "If true, the server's certificate will not be checked for validity. This will make your HTTPS connections insecure",
    ),
    kubeconfig: text('Path to the kubeconfig file to use for CLI requests.', '', { complete: 'file' }),
    kuberc: text(
      'Path to the kuberc file to use for preferences. This can be disabled by exporting KUBECTL_KUBERC=false feature gate or turning off the feature KUBERC=off.',
      '',
      { complete: 'file' },
    ),
    'log-flush-frequency': duration('Maximum number of seconds between log flushes', 5000, '5s'),
    'match-server-version': boolean('Require server version to match client version'),
    namespace: text('If present, the namespace scope for this CLI request', '', { short: 'n', complete: 'namespace' }),
    password: text('Password for basic authentication to the API server'),
    profile: text(
      'Name of profile to capture. One of (none|cpu|heap|goroutine|threadcreate|block|mutex|trace)',
      'none',
    ),
    'profile-output': text('Name of the file to write the profile to', 'profile.pprof'),
    'request-timeout': text(
      "The length of time to wait before giving up on a single server request. Non-zero values should contain a corresponding time unit (e.g. 1s, 2m, 3h). A value of zero means don't timeout requests.",
      '0',
    ),
    server: text('The address and port of the Kubernetes API server', '', { short: 's' }),
    'tls-server-name': text(
      'Server name to use for server certificate validation. If it is not provided, the hostname used to contact the server is used',
    ),
    token: text('Bearer token for authentication to the API server'),
    user: text('The name of the kubeconfig user to use', '', { complete: 'user' }),
    username: text('Username for basic authentication to the API server'),
    v: integer('number for the log level verbosity', 0, { short: 'v' }),
    vmodule: {
      ...text(
        'comma-separated list of pattern=N settings for file-filtered logging (only works for the default text log format)',
      ),
      shown: '',
    },
    'warnings-as-errors': boolean(
      'Treat warnings received from the server as errors and exit with a non-zero exit code',
    ),
  }
}

/** The flags that every command takes. */
export type GlobalFlags = ReturnType<typeof globalFlags>
