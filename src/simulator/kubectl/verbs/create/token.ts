import { defineCommand } from '../../command.ts'
import { ConnectionFailure, Failure, ServerFailure } from '../../failure.ts'
import { duration, repeated, text } from '../../flags/flag.ts'
import { outputFlags } from '../../flags/printing.ts'
import type { Invocation } from '../../invocation.ts'
import { requireName } from '../../objects/create.ts'
import { printerFor } from '../../output/printer.ts'
import { type AnyObject, valueAt } from '../../server/object.ts'
import { pathOf, typedResource } from '../../server/resource.ts'

const flags = {
  ...outputFlags,
  audience: repeated(
    'Audience of the requested token. If unset, defaults to requesting a token for use with the Kubernetes API server. May be repeated to request a token valid for multiple audiences.',
  ),
  'bound-object-kind': text(
    'Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be provided.',
  ),
  'bound-object-name': text(
    'Name of an object to bind the token to. The token will expire when the object is deleted. Requires --bound-object-kind.',
  ),
  'bound-object-uid': text(
    'UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name. If unset, the UID of the existing object is used.',
  ),
  duration: duration(
    'Requested lifetime of the issued token. If not set or if set to 0, the lifetime will be determined by the server automatically. The server may return a token with a longer or shorter lifetime.',
    0,
    '0s',
  ),
}

/** `kubectl create token`: request a service account token. */
export const createToken = defineCommand({
  name: 'token',
  summary: 'Request a service account token',
  description: 'Request a service account token.',
  examples: `  # Request a token to authenticate to the kube-apiserver as the service account "myapp" in the current namespace
  kubectl create token myapp

  # Request a token for a service account in a custom namespace
  kubectl create token myapp --namespace myns

  # Request a token with a custom expiration
  kubectl create token myapp --duration 10m

  # Request a token with a custom audience
  kubectl create token myapp --audience https://example.com

  # Request a token bound to an instance of a Secret object
  kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret

  # Request a token bound to an instance of a Secret object with a specific UID
  kubectl create token myapp --bound-object-kind Secret --bound-object-name mysecret --bound-object-uid 0d4691ed-659b-4935-a832-355f77ee47cc`,
  usage: 'SERVICE_ACCOUNT_NAME',
  flags,
  async run(invocation) {
    const { api, flags, namespace, process } = invocation
    const name = requireName(invocation)
    check(invocation)
    const accounts = typedResource({ apiVersion: 'v1', kind: 'ServiceAccount' })
    const answer = await ask(() =>
      api.write('POST', pathOf(accounts, namespace, name, 'token'), request(invocation, namespace)),
    )
    const token = valueAt(answer, 'status', 'token')
    if (typeof token !== 'string' || token === '')
      throw new Failure('failed to create token: no token in server response')
    if (flags.output === '') return invocation.print(`${token}\n`)
    await invocation.print(printerFor(process, flags, { operation: 'created' }).print(answer))
  },
})

type CreateToken = Invocation<typeof flags>

const boundKinds: Readonly<Record<string, string>> = { Node: 'v1', Pod: 'v1', Secret: 'v1' }

function check(invocation: CreateToken): void {
  const { flags } = invocation
  const { 'bound-object-kind': kind, 'bound-object-name': name, 'bound-object-uid': uid } = flags
  if (flags.duration < 0) throw new Failure('--duration must be greater than or equal to 0')
  if (flags.duration % 1000 !== 0) throw new Failure('--duration cannot be expressed in units less than seconds')
  if (flags.audience.includes('')) throw new Failure('--audience must not be an empty string')
  if (kind === '') {
    if (name) throw new Failure('--bound-object-name can only be set if --bound-object-kind is provided')
    if (uid) throw new Failure('--bound-object-uid can only be set if --bound-object-kind is provided')
    return
  }
  if (!(kind in boundKinds)) {
    throw new Failure(`supported --bound-object-kind values are ${Object.keys(boundKinds).join(', ')}`)
  }
  if (!name) throw new Failure('--bound-object-name is required if --bound-object-kind is provided')
}

function request({ flags }: CreateToken, namespace: string): AnyObject {
  const { 'bound-object-kind': kind, 'bound-object-name': name, 'bound-object-uid': uid } = flags
  return {
    kind: 'TokenRequest',
    apiVersion: 'authentication.k8s.io/v1',
    metadata: { name: '', namespace },
    spec: {
      audiences: flags.audience.length > 0 ? flags.audience : null,
      expirationSeconds: flags.duration > 0 ? flags.duration / 1000 : null,
      boundObjectRef: kind ? { kind, apiVersion: boundKinds[kind], name, ...(uid && { uid }) } : null,
    },
  }
}

async function ask(send: () => Promise<AnyObject>): Promise<AnyObject> {
  try {
    return await send()
  } catch (error) {
    if (error instanceof ServerFailure) throw new Failure(`failed to create token: ${error.message}`)
    if (error instanceof ConnectionFailure) {
      throw new Failure(`failed to create token: ${error.attempt}: ${error.message}`)
    }
    throw error
  }
}
