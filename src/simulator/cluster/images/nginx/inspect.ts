import { FileError } from '../../../machine/fileError.ts'
import type { Process, Program } from '../../../machine/program.ts'

const configuration = '/etc/nginx/nginx.conf'

// Simplified: an nginx that a controller runs takes no signals from the command line and does not read its file again.
/** The command `nginx` where a controller runs the server: tells versions, tests and prints the configuration. */
export function inspectProgram(version: string): Program {
  return {
    name: 'nginx',
    summary: 'HTTP and reverse proxy server',
    async run(process) {
      const [word = ''] = process.argv.slice(1)
      if (word === '-v' || word === '-V') {
        await process.stderr.write(`nginx version: nginx/${version}\n`)
        return 0
      }
      if (word !== '-t' && word !== '-T') {
        await process.stderr.write(`nginx ${word}: not simulated here: the controller runs nginx\n`)
        return 1
      }
      await process.stderr.write(`nginx: the configuration file ${configuration} syntax is ok\n`)
      await process.stderr.write(`nginx: configuration file ${configuration} test is successful\n`)
      if (word === '-T') await print(process)
      return 0
    },
  }
}

async function print(process: Process): Promise<void> {
  const { files } = process
  const directory = '/etc/nginx/conf.d'
  const included = files.isDirectory(directory)
    ? files
        .list(directory)
        .filter(name => name.endsWith('.conf'))
        .map(name => `${directory}/${name}`)
    : []
  for (const path of [configuration, ...included])
    try {
      await process.write(`# configuration file ${path}:\n${files.readText(path)}\n`)
    } catch (error) {
      if (!(error instanceof FileError)) throw error
    }
}
