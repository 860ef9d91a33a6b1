import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { boolean, text } from '../flags/flag.ts'
import { sorted } from '../output/json.ts'
import { formatYaml } from '../output/yaml.ts'
import type { Api } from '../server/api.ts'

const flags = {
  client: boolean('If true, shows client version only (no server required).'),
  output: text("One of 'yaml' or 'json'.", '', { short: 'o' }),
}

/** `kubectl version`: print the client and server version information. */
export const version = defineCommand({
  name: 'version',
  summary: 'Print the client and server version information',
  description: 'Print the client and server version information for the current context.',
  examples: `  # Print the client and server versions for the current context
  kubectl version`,
  usage: '[flags]',
  flags,
  async run(invocation) {
    const { args, flags } = invocation
    if (args.length > 0) throw new Failure(`extra arguments: [${args.join(' ')}]`)
    if (flags.output !== '' && flags.output !== 'json' && flags.output !== 'yaml')
      throw new Failure("--output must be 'yaml' or 'json'")
    if (!flags.client) invocation.config.check()
    const server = flags.client ? undefined : await serverVersion(invocation.api)
    const isKnown = server !== undefined && !(server instanceof Error)
    if (flags.output !== '') {
      const shown = { clientVersion, kustomizeVersion, ...(isKnown ? { serverVersion: server } : {}) }
      await invocation.print(
        flags.output === 'json' ? `${JSON.stringify(shown, undefined, 2)}\n` : `${formatYaml(sorted(shown))}\n`,
      )
    } else {
      await invocation.print(`Client Version: ${clientVersion.gitVersion}\nKustomize Version: ${kustomizeVersion}\n`)
      if (isKnown) await invocation.print(`Server Version: ${server.gitVersion}\n`)
    }
    if (server instanceof Error) throw server
  },
})

const kustomizeVersion = 'v5.8.1'

const clientVersion = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3',
  gitCommit: '$Format:%H$',
  gitTreeState: 'clean',
  buildDate: '2026-11-21T02:52:56Z',
  goVersion: 'go1.26.8',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** What the server says of itself; a failure is told after what kubectl knows without it. */
async function serverVersion(api: Api): Promise<{ gitVersion: string } | Error> {
  try {
    return await api.read<{ gitVersion: string }>('/version', { query: { timeout: '32s' } })
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}
