import { numericAddress } from '../../machine/resolver.ts'
import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { boolean, duration, integer, text } from '../flags/flag.ts'
import { serveProxy } from '../proxy/apiProxy.ts'

const flags = {
  'accept-hosts': text(
    'Regular expression for hosts that the proxy should accept.',
    '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
  ),
  'accept-paths': text('Regular expression for paths that the proxy should accept.', '^.*'),
  address: text('The IP address on which to serve on.', '127.0.0.1'),
  'api-prefix': text('Prefix to serve the proxied API under.', '/'),
  'append-server-path': boolean(
    'If true, enables automatic path appending of the kube context server path to each request.',
  ),
  'disable-filter': boolean(
    'If true, disable request filtering in the proxy. This is dangerous, and can leave you vulnerable to XSRF attacks, when used with an accessible port.',
  ),
  keepalive: duration(
    'keepalive specifies the keep-alive period for an active network connection. Set to 0 to disable keepalive.',
    0,
    '0s',
  ),
  port: integer('The port on which to run the proxy. Set to 0 to pick a random port.', 8001, { short: 'p' }),
  'reject-methods': text(
    "Regular expression for HTTP methods that the proxy should reject (example --reject-methods='POST,PUT,PATCH'). ",
    '^$',
  ),
  'reject-paths': text(
    'Regular expression for paths that the proxy should reject. Paths specified here will be rejected even accepted by --accept-paths.',
    '^/api/.*/pods/.*/exec,^/api/.*/pods/.*/attach',
  ),
  'unix-socket': text('Unix socket on which to run the proxy.', '', { short: 'u' }),
  www: text('Also serve static files from the given directory under the specified prefix.', '', { short: 'w' }),
  'www-prefix': text('Prefix to serve static files under, if static file directory is specified.', '/static/', {
    short: 'P',
  }),
}

/** `kubectl proxy`: run a proxy to the Kubernetes API server. */
export const proxy = defineCommand({
  name: 'proxy',
  summary: 'Run a proxy to the Kubernetes API server',
  description:
    'Creates a proxy server or application-level gateway between localhost and the Kubernetes API server. It also allows serving static content over specified HTTP path. All incoming data enters through one port and gets forwarded to the remote Kubernetes API server port, except for the path matching the static content path.',
  examples: `  # To proxy all of the Kubernetes API and nothing else
  kubectl proxy --api-prefix=/

  # To proxy only part of the Kubernetes API and also some static files
  # You can get pods info with 'curl localhost:8001/api/v1/pods'
  kubectl proxy --www=/my/files --www-prefix=/static/ --api-prefix=/api/

  # To proxy the entire Kubernetes API at a different root
  # You can get pods info with 'curl localhost:8001/custom/api/v1/pods'
  kubectl proxy --api-prefix=/custom/

  # Run a proxy to the Kubernetes API server on port 8011, serving static content from ./local/www/
  kubectl proxy --port=8011 --www=./local/www/

  # Run a proxy to the Kubernetes API server on an arbitrary local port
  # The chosen port for the server will be output to stdout
  kubectl proxy --port=0

  # Run a proxy to the Kubernetes API server, changing the API prefix to k8s-api
  # This makes e.g. the pods API available at localhost:8001/k8s-api/v1/pods/
  kubectl proxy --api-prefix=/k8s-api`,
  usage: '[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]',
  flags,
  async run(invocation) {
    const { flags, process } = invocation
    if (flags['unix-socket']) throw new Failure('--unix-socket of kubectl proxy is not simulated here')
    if (flags.www) throw new Failure('--www of kubectl proxy is not simulated here')
    const address = numericAddress(flags.address === 'localhost' ? '127.0.0.1' : flags.address)
    if (address === undefined) throw new Failure(`listen tcp: lookup ${flags.address}: no such host`)
    if (flags['disable-filter']) {
      await invocation.log(
        'W',
        'proxy.go:177] Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious',
      )
    }
    const port = serveProxy(invocation, address, flags)
    await invocation.print(`Starting to serve on ${flags.address}:${port}\n`)
    // Until someone ends it.
    await process.wait<never>(() => {})
  },
})
