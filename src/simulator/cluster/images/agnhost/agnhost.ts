import type { Process, Program } from '../../../machine/program.ts'
import { connect } from './connect.ts'
import { guestbook } from './guestbook.ts'
import { logsGenerator } from './logsGenerator.ts'
import { mounttest } from './mounttest.ts'
import { netexec } from './netexec.ts'
import { nettest } from './nettest.ts'
import { portForwardTester } from './portForwardTester.ts'
import { serveHostname } from './serveHostname.ts'
import { dnsServerList, dnsSuffix, entrypointTester, etcHosts, liveness, pause, porter } from './small.ts'
import { type Subcommand, UnknownFlag } from './subcommand.ts'
import { testWebserver } from './testWebserver.ts'
import { webhook } from './webhook.ts'

const subcommands: readonly Subcommand[] = [
  connect,
  dnsServerList,
  dnsSuffix,
  entrypointTester,
  etcHosts,
  guestbook,
  liveness,
  logsGenerator,
  mounttest,
  netexec,
  nettest,
  pause,
  portForwardTester,
  porter,
  serveHostname,
  testWebserver,
  webhook,
]

/** Many small servers and clients in one program, chosen by its first word. */
export function agnhostProgram(version: string): Program {
  return {
    name: 'agnhost',
    summary: 'test servers and clients',
    usage: '[command]',
    async run(process) {
      const [, name, ...words] = process.argv
      if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(process)
      if (name === '--version') {
        await process.write(`agnhost version ${version}\n`)
        return 0
      }
      const found = subcommands.find(each => each.name === name)
      if (!found) {
        await process.stderr.write(
          real.has(name)
            ? `agnhost ${name} is not simulated here\n`
            : `Error: unknown command "${name}" for "app"\nRun 'app --help' for usage.\n`,
        )
        return 1
      }
      try {
        return await found.run(process, words)
      } catch (error) {
        if (!(error instanceof UnknownFlag)) throw error
        await process.stderr.write(`Error: ${error.message}\n`)
        return 1
      }
    },
  }
}

async function help(process: Process): Promise<number> {
  const rows = subcommands.map(({ name, summary }) => `  ${name.padEnd(18)} ${summary}\n`).join('')
  await process.write(
    `Usage:\n  app [command]\n\nAvailable Commands:\n${rows}\nFlags:\n  -h, --help      help for app\n      --version   version for app\n`,
  )
  return 0
}

/** Commands of the real program that are not here. */
const real = new Set(
  `audit-proxy crd-conversion-webhook fake-gitserver grpc-health-checking inclusterclient
  net no-snat-test no-snat-test-proxy openidmetadata resource-consumer-controller
  tcp-reset tcp-server tracetest vishhstress webhook fakeregistryserver stress`.split(/\s+/),
)
