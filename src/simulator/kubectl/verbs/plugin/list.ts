import { defineCommand } from '../../command.ts'
import { Failure } from '../../failure.ts'
import { boolean } from '../../flags/flag.ts'
import type { Invocation } from '../../invocation.ts'

const flags = {
  'name-only': boolean('If true, display only the binary name of each plugin, rather than its full path'),
}

/** `kubectl plugin list`: list all visible plugin executables on a user's PATH. */
export const pluginList = defineCommand({
  name: 'list',
  summary: "List all visible plugin executables on a user's PATH",
  description: `List all available plugin files on a user's PATH. To see plugins binary names without the full path use --name-only flag.

 Available plugin files are those that are: - executable - anywhere on the user's PATH - begin with "kubectl-"`,
  examples: `  # List all available plugins
  kubectl plugin list

  # List only binary names of available plugins without paths
  kubectl plugin list --name-only`,
  usage: '[flags]',
  flags,
  async run(invocation) {
    const { flags } = invocation
    const paths = await pluginsInPath(invocation)
    if (paths.length === 0) throw new Failure('unable to find any kubectl plugins in your PATH\n')
    await invocation.print('The following compatible plugins are available:\n\n')
    const seen = new Map<string, string>()
    let warnings = 0
    for (const path of paths) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      await invocation.print(`${flags['name-only'] ? name : path}\n`)
      const found = warningsOf(invocation, path, seen.get(name))
      for (const warning of found) await invocation.warn(`  - warning: ${warning}`)
      warnings += found.length
      if (!seen.has(name)) seen.set(name, path)
    }
    if (warnings === 1) throw new Failure('error: one plugin warning was found\n')
    if (warnings > 1) throw new Failure(`error: ${warnings} plugin warnings were found\n`)
  },
})

/** The files in PATH whose names begin with `kubectl-`. */
async function pluginsInPath(invocation: Invocation): Promise<string[]> {
  const { env, files } = invocation.process
  const folders = new Set((env.get('PATH') ?? '').split(':').filter(folder => folder.trim()))
  const found: string[] = []
  for (const folder of folders) {
    if (!files.isDirectory(folder)) {
      await invocation.warn(
        `Unable to read directory ${JSON.stringify(folder)} from your PATH: open ${folder}: no such file or directory. Skipping...`,
      )
      continue
    }
    const names = files
      .list(folder)
      .filter(name => name.startsWith('kubectl-'))
      .sort()
    found.push(...names.map(name => `${folder}/${name}`).filter(path => !files.isDirectory(path)))
  }
  return found
}

function warningsOf({ process }: Invocation, path: string, other: string | undefined): string[] {
  const isExecutable = (process.files.stat(path).mode & 0o111) !== 0
  return [
    ...(isExecutable ? [] : [`${path} identified as a kubectl plugin, but it is not executable`]),
    ...(other === undefined ? [] : [`${path} is overshadowed by a similarly named plugin: ${other}`]),
  ]
}
