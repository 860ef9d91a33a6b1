import { glogLine } from '../../../machine/glog.ts'
import { serveHttp } from '../../../machine/httpServer.ts'
import { readResolverSettings } from '../../../machine/resolver.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatIpv4 } from '../../../network/address.ts'
import type { Subcommand } from './subcommand.ts'

/** Does nothing until it is asked to end. */
export const pause: Subcommand = {
  name: 'pause',
  summary: 'Pauses the execution',
  async run(process) {
    await process.write('Paused\n')
    await untilAsked(process)
    return 0
  },
}

/** Prints the name servers of /etc/resolv.conf. */
export const dnsServerList: Subcommand = {
  name: 'dns-server-list',
  summary: "Fetches the DNS server list from the host's /etc/resolv.conf file",
  async run(process) {
    await process.write(`${readResolverSettings(process).servers.map(formatIpv4).join(',')}\n`)
    return 0
  },
}

/** Prints the search list of /etc/resolv.conf. */
export const dnsSuffix: Subcommand = {
  name: 'dns-suffix',
  summary: "Fetches the DNS suffix list from the host's /etc/resolv.conf file",
  async run(process) {
    await process.write(`${readResolverSettings(process).search.join(',')}\n`)
    return 0
  },
}

/** Prints /etc/hosts. */
export const etcHosts: Subcommand = {
  name: 'etc-hosts',
  summary: 'Prints the hosts file',
  async run(process) {
    await process.write(process.files.readText('/etc/hosts'))
    return 0
  },
}

/** Prints its own command line. */
export const entrypointTester: Subcommand = {
  name: 'entrypoint-tester',
  summary: 'Prints the args it is passed and exits',
  async run(process) {
    await process.write(`[${process.argv.join(' ')}]\n`)
    return 0
  },
}

/** Is well for ten seconds and then no more. */
export const liveness: Subcommand = {
  name: 'liveness',
  summary: 'Starts a server that is alive for 10 seconds',
  async run(process) {
    const { clock } = process.kernel
    const began = clock.now
    serveHttp(
      process,
      8080,
      ({ target }) => {
        if (target !== '/healthz') return { status: 200, body: '' }
        const age = (clock.now - began) / 1000
        return age > 10 ? { status: 500, body: `error: ${age.toFixed(9)}` } : { status: 200, body: 'ok' }
      },
      { isDualStack: true },
    )
    await untilAsked(process)
    return 0
  },
}

/** Serves on the ports that the environment names: SERVE_PORT_80=text. */
export const porter: Subcommand = {
  name: 'porter',
  summary: 'Serves requested data on ports specified in ENV variables',
  async run(process) {
    for (const [name, body] of process.env) {
      const port = /^SERVE_PORT_(\d+)$/.exec(name)?.[1]
      if (port === undefined) continue
      serveHttp(process, Number(port), () => ({ status: 200, body }), { isDualStack: true })
      await process.stderr.write(glogLine(process, 'log.go:244', `Started HTTP server on port ${port}`))
    }
    await untilAsked(process)
    return 0
  },
}
