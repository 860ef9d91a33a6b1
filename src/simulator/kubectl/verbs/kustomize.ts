import { defineCommand } from '../command.ts'
import { Failure } from '../failure.ts'
import { boolean, repeated, text } from '../flags/flag.ts'
import { kustomizationSource } from '../objects/kustomization.ts'

const flags = {
  'as-current-user': boolean('use the uid and gid of the command executor to run the function in the container'),
  'enable-alpha-plugins': boolean('enable kustomize plugins'),
  'enable-helm': boolean('Enable use of the Helm chart inflator generator.'),
  env: repeated('a list of environment variables to be used by functions', [], { short: 'e' }),
  'helm-api-versions': repeated('Kubernetes api versions used by Helm for Capabilities.APIVersions'),
  'helm-command': text('helm command (path to executable)', 'helm'),
  'helm-debug': boolean('Enable debug output from the Helm chart inflator generator.'),
  'helm-kube-version': text('Kubernetes version used by Helm for Capabilities.KubeVersion'),
  'load-restrictor': text(
    "if set to 'LoadRestrictionsNone', local kustomizations may load files from outside their root. This does, however, break the relocatability of the kustomization.",
    'LoadRestrictionsRootOnly',
  ),
  mount: repeated('a list of storage options read from the filesystem'),
  network: boolean('enable network access for functions that declare it'),
  'network-name': text('the docker network to run the container in', 'bridge'),
  output: text('If specified, write output to this path.', '', { short: 'o' }),
}

/** `kubectl kustomize`: build a kustomization target from a directory or URL. */
export const kustomize = defineCommand({
  name: 'kustomize',
  summary: 'Build a kustomization target from a directory or URL',
  description:
    "Build a set of KRM resources using a 'kustomization.yaml' file. The DIR argument must be a path to a directory containing 'kustomization.yaml', or a git repository URL with a path suffix specifying same with respect to the repository root. If DIR is omitted, '.' is assumed.",
  examples: `  # Build the current working directory
  kubectl kustomize

  # Build some shared configuration directory
  kubectl kustomize /home/config/production

  # Build from github
  kubectl kustomize https://github.com/kubernetes-sigs/kustomize.git/examples/helloWorld?ref=v1.0.6`,
  usage: 'DIR [flags]',
  flags,
  complete: 'file',
  async run(invocation) {
    const { args, flags, process } = invocation
    if (args.length > 1) throw new Failure('specify one path to kustomization.yaml')
    const isOpen = flags['load-restrictor'] === 'LoadRestrictionsNone'
    const text = await kustomizationSource(process, args[0] ?? '.', { isOpen }).read()
    if (flags.output === '') return invocation.print(text)
    process.files.writeText(process.path(flags.output), text)
  },
})
