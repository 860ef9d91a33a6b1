import { type Certificate, encodeCertificate, encodePrivateKey } from '../../../machine/certificate.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { toBase64 } from '../../api/base64.ts'
import type { Client } from '../../client.ts'
import { secret } from '../../kinds/secret.ts'
import { validatingWebhookConfiguration } from '../../kinds/validatingWebhookConfiguration.ts'

const century = 3_153_600_000_000

type Flags = ReadonlyMap<string, string>

/** The program of the two Jobs: `create` makes a certificate, `patch` tells the API server to trust it. */
export function certgenProgram(clientOf: (namespace: string) => Client): Program {
  return {
    name: 'kube-webhook-certgen',
    summary: 'create certificates and patch them to admission hooks',
    async run(process) {
      const [command, ...words] = process.argv.slice(1)
      const flags = new Map(words.map(word => [word.replace(/^--|=.*$/g, ''), word.replace(/^[^=]*=?/, '')]))
      const client = clientOf(process.env.get('POD_NAMESPACE') ?? flags.get('namespace') ?? 'default')
      if (command === 'create') return create(process, client, flags)
      if (command === 'patch') return patch(process, client, flags)
      await process.stderr.write(`Error: unknown command "${command ?? ''}" for "kube-webhook-certgen"\n`)
      return 1
    },
  }
}

async function create(process: Process, client: Client, flags: Flags): Promise<number> {
  const name = flags.get('secret-name') ?? ''
  const namespace = flags.get('namespace') ?? ''
  if (client.get(secret, name, namespace)) {
    await log(process, 'info', 'secret already exists')
    return 0
  }
  await log(process, 'info', 'creating new secret')
  const { authority, leaf } = certificates(process, (flags.get('host') ?? '').split(','))
  client.create(secret, {
    metadata: { name, namespace },
    data: {
      ca: toBase64(encodeCertificate(authority)),
      cert: toBase64(encodeCertificate(leaf)),
      key: toBase64(encodePrivateKey(leaf.key)),
    },
  })
  return 0
}

async function patch(process: Process, client: Client, flags: Flags): Promise<number> {
  const secretName = flags.get('secret-name') ?? ''
  const namespace = flags.get('namespace') ?? ''
  const name = flags.get('webhook-name') ?? ''
  const failurePolicy = flags.get('patch-failure-policy') ?? ''
  const caBundle = client.get(secret, secretName, namespace)?.data?.['ca']
  const found = client.get(validatingWebhookConfiguration, name)
  if (caBundle === undefined) return fail(process, `no secret with '${secretName}' in '${namespace}'`)
  const isMutating = flags.get('patch-mutating') ?? 'true'
  await log(
    process,
    'info',
    `patching webhook configurations '${name}' mutating=${isMutating}, validating=true, failurePolicy=${failurePolicy}`,
  )
  if (!found) return fail(process, 'failed getting validating webhook')
  const webhooks = found.webhooks?.map(webhook => ({
    ...webhook,
    ...(failurePolicy && { failurePolicy }),
    clientConfig: { ...webhook.clientConfig, caBundle },
  }))
  client.update(validatingWebhookConfiguration, { ...found, ...(webhooks && { webhooks }) })
  await log(process, 'info', 'Patched hook(s)')
  return 0
}

async function fail(process: Process, message: string): Promise<number> {
  await log(process, 'fatal', message)
  return 1
}

function certificates(process: Process, names: readonly string[]): { authority: Certificate; leaf: Certificate } {
  const random = process.kernel.random.fork(`webhook certificate ${process.machine.name}`)
  const [caKey, key] = [random.hex(32), random.hex(32)]
  const notBefore = process.machine.now()
  const notAfter = notBefore + century
  const authority = { subject: 'O=nil1', issuer: 'O=nil1', names: [], notBefore, notAfter, key: caKey, signedBy: caKey }
  return { authority, leaf: { subject: 'O=nil2', issuer: 'O=nil1', names, notBefore, notAfter, key, signedBy: caKey } }
}

/** A line of JSON, as the program writes it. */
function log(process: Process, level: 'info' | 'fatal', msg: string): Promise<void> {
  const time = new Date(process.machine.now()).toISOString().replace(/\.\d+Z$/, 'Z')
  return process.stderr.write(`${JSON.stringify({ level, msg, time })}\n`)
}
