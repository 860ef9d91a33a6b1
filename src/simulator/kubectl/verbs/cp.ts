import { FileError } from '../../machine/fileError.ts'
import { joinPath, parentPath, resolvePath } from '../../machine/path.ts'
import { readTar } from '../../machine/tarArchive.ts'
import { defineCommand } from '../command.ts'
import { archiveOf, baseName, unpack } from '../copying/archive.ts'
import { type FileSpec, parseFileSpec } from '../copying/fileSpec.ts'
import { runRemotely } from '../copying/remoteCommand.ts'
import { Failure } from '../failure.ts'
import { boolean, integer, text } from '../flags/flag.ts'
import type { Invocation } from '../invocation.ts'

const flags = {
  container: text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation for selecting the container to be attached or the first container in the pod will be chosen',
    '',
    { short: 'c' },
  ),
  'no-preserve': boolean(
    "The copied file/directory's ownership and permissions will not be preserved in the container",
  ),
  retries: integer(
    'Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying. The default is 0 (no retry).',
  ),
}

/** `kubectl cp`: copy files and directories to and from containers. */
export const cp = defineCommand({
  name: 'cp',
  summary: 'Copy files and directories to and from containers',
  description: 'Copy files and directories to and from containers.',
  examples: `  # !!!Important Note!!!
  # Requires that the 'tar' binary is present in your container
  # image.  If 'tar' is not present, 'kubectl cp' will fail.
  #
  # For advanced use cases, such as symlinks, wildcard expansion or
  # file mode preservation, consider using 'kubectl exec'.

  # Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
  tar cf - /tmp/foo | kubectl exec -i -n <some-namespace> <some-pod> -- tar xf - -C /tmp/bar

  # Copy /tmp/foo from a remote pod to /tmp/bar locally
  kubectl exec -n <some-namespace> <some-pod> -- tar cf - /tmp/foo | tar xf - -C /tmp/bar

  # Copy /tmp/foo_dir local directory to /tmp/bar_dir in a remote pod in the default namespace
  kubectl cp /tmp/foo_dir <some-pod>:/tmp/bar_dir

  # Copy /tmp/foo local file to /tmp/bar in a remote pod in a specific container
  kubectl cp /tmp/foo <some-pod>:/tmp/bar -c <specific-container>

  # Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
  kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar

  # Copy /tmp/foo from a remote pod to /tmp/bar locally
  kubectl cp <some-namespace>/<some-pod>:/tmp/foo /tmp/bar`,
  usage: '<file-spec-src> <file-spec-dest>',
  flags,
  async run(invocation) {
    const { args } = invocation
    if (args.length !== 2) throw new Failure('source and destination are required')
    const [from, to] = args.map(parseFileSpec) as [FileSpec, FileSpec]
    if (from.pod && to.pod) throw new Failure('one of src or dest must be a local file specification')
    if (from.file === '' || to.file === '') throw new Failure('filepath can not be empty')
    try {
      if (from.pod) await copyFrom(invocation, from, to.file)
      else if (to.pod) await copyTo(invocation, from.file, to)
      else throw new Failure('one of src or dest must be a remote file specification')
    } catch (error) {
      if (!(error instanceof FileError)) throw error
      throw new Failure(`open ${to.file}: ${error.text.toLowerCase()}`)
    }
  },
})

type Copy = Invocation<typeof flags>

async function copyTo(invocation: Copy, source: string, { pod, namespace, file }: FileSpec): Promise<void> {
  const { flags, process } = invocation
  if (!process.files.exists(process.path(source))) throw new Failure(`${source} doesn't exist in local filesystem`)
  const remote = { namespace: namespace || invocation.namespace, pod, container: flags.container }
  const destination = (await isFolder(invocation, remote, file)) ? joinPath(file, baseName(source)) : file
  const keeping = flags['no-preserve'] ? ['--no-same-permissions', '--no-same-owner'] : []
  const folder = destination.includes('/') ? parentPath(destination) : '.'
  const command = ['tar', ...keeping, '-xmf', '-', '-C', folder]
  const input = archiveOf(process, source, baseName(destination))
  const { problem } = await runRemotely(invocation, { ...remote, command, input })
  if (problem) throw problem
}

/** Whether a path in a container is a folder; whatever fails means no. */
async function isFolder(
  invocation: Copy,
  remote: { readonly namespace: string; readonly pod: string; readonly container: string },
  file: string,
): Promise<boolean> {
  try {
    const { problem } = await runRemotely(invocation, { ...remote, command: ['test', '-d', file], isQuiet: true })
    return problem === undefined
  } catch (error) {
    if (error instanceof Failure) return false
    throw error
  }
}

async function copyFrom(invocation: Copy, { pod, namespace, file }: FileSpec, destination: string): Promise<void> {
  const { flags, process } = invocation
  const { output, problem } = await runRemotely(invocation, {
    namespace: namespace || invocation.namespace,
    pod,
    container: flags.container,
    command: ['tar', 'cf', '-', file],
  })
  // What tar could not read it has said itself; the rest is in the archive.
  if (problem && output.length === 0) throw problem
  const prefix = resolvePath('/', file).slice(1)
  for (const warning of unpack(process, readTar(output), prefix, destination)) await invocation.warn(warning)
}
