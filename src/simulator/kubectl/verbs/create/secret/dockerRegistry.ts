import { formatJsonLine } from '../../../../cluster/api/goJson.ts'
import { checkConfigMapKey } from '../../../../cluster/api/names.ts'
import { defineCommand } from '../../../command.ts'
import { Failure } from '../../../failure.ts'
import { dryRun, fieldManager, saveConfig, validate } from '../../../flags/changing.ts'
import { boolean, list, text } from '../../../flags/flag.ts'
import { outputFlags } from '../../../flags/printing.ts'
import { base64 } from '../../../objects/bytes.ts'
import { withHash } from '../../../objects/contentHash.ts'
import { create, givenNamespace, requireName } from '../../../objects/create.ts'
import { readSources } from '../../../objects/literals.ts'

const flags = {
  ...outputFlags,
  'dry-run': dryRun,
  'field-manager': fieldManager('kubectl-create'),
  validate,
  'save-config': saveConfig,
  'append-hash': boolean('Append a hash of the secret to its name.'),
  'docker-email': text('Email for Docker registry'),
  'docker-password': text('Password for Docker registry authentication'),
  'docker-server': text('Server location for Docker registry', 'https://index.docker.io/v1/'),
  'docker-username': text('Username for Docker registry authentication'),
  'from-file': list(
    'Key files can be specified using their file path, in which case a default name of .dockerconfigjson will be given to them, or optionally with a name and file path, in which case the given name will be used. Specifying a directory will iterate each named file in the directory that is a valid secret key. For this command, the key should always be .dockerconfigjson.',
  ),
}

/** `kubectl create secret docker-registry`: create a secret for use with a Docker registry. */
export const createSecretDockerRegistry = defineCommand({
  name: 'docker-registry',
  summary: 'Create a secret for use with a Docker registry',
  description: `Create a new secret for use with Docker registries.
        
        Dockercfg secrets are used to authenticate against Docker registries.
        
        When using the Docker command line to push images, you can authenticate to a given registry by running:
        '$ docker login DOCKER_REGISTRY_SERVER --username=DOCKER_USER --password=DOCKER_PASSWORD --email=DOCKER_EMAIL'.
        
 That produces a ~/.dockercfg file that is used by subsequent 'docker push' and 'docker pull' commands to authenticate to the registry. The email address is optional.

        When creating applications, you may have a Docker registry that requires authentication.  In order for the
        nodes to pull images on your behalf, they must have the credentials.  You can provide this information
        by creating a dockercfg secret and attaching it to your service account.`,
  examples: `  # If you do not already have a .dockercfg file, create a dockercfg secret directly
  kubectl create secret docker-registry my-secret --docker-server=DOCKER_REGISTRY_SERVER --docker-username=DOCKER_USER --docker-password=DOCKER_PASSWORD --docker-email=DOCKER_EMAIL

  # Create a new secret named my-secret from ~/.docker/config.json
  kubectl create secret docker-registry my-secret --from-file=path/to/.docker/config.json`,
  usage:
    'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  flags,
  async run(invocation) {
    const { flags, process } = invocation
    const name = requireName(invocation)
    const { 'docker-server': server, 'docker-username': username, 'docker-password': password } = flags
    const files = flags['from-file']
    if (files.length === 0 && (!username || !password || !server)) {
      throw new Failure(
        'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
      )
    }
    const fromFile = readSources(
      process,
      { ...flags, 'from-literal': [], 'from-env-file': [] },
      checkConfigMapKey,
      'Secret',
    )
    const email = flags['docker-email'] ? { email: flags['docker-email'] } : {}
    const entry = { username, password, ...email, auth: base64(`${username}:${password}`) }
    const config = fromFile.get('.dockerconfigjson') ?? formatJsonLine({ auths: { [server]: entry } })
    const object = {
      kind: 'Secret',
      apiVersion: 'v1',
      metadata: { name, ...givenNamespace(invocation) },
      data: { '.dockerconfigjson': base64(config) },
      type: 'kubernetes.io/dockerconfigjson',
    }
    await create(invocation, flags, {
      failure: 'failed to create secret ',
      object: flags['append-hash'] ? withHash(object) : object,
    })
  },
})
