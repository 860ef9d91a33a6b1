import { serveHttp } from '../../../machine/httpServer.ts'
import type { Process, Program } from '../../../machine/program.ts'
import { untilAsked } from '../../../machine/untilAsked.ts'
import { formatPrefix, parsePrefix } from '../../../network/address.ts'
import type { Client } from '../../client.ts'
import { customResourceDefinition } from '../../kinds/customResourceDefinition.ts'
import type { Kind } from '../../kinds/kind.ts'
import { definitionOf } from '../../manifest/customResource.ts'
import { ensure } from '../../manifest/ensure.ts'
import type { PluginControl } from '../plugin.ts'
import { AgentLog } from './agentLog.ts'
import { type CiliumPolicy, lacking } from './ciliumPolicy.ts'
import { ciliumDefinitions } from './definitions.ts'
import { type CiliumKinds, type CiliumNode, findKinds, findPolicyKinds } from './objects.ts'
import { policyDefinitions } from './policyDefinitions.ts'
import { settingsOf } from './settings.ts'

// An identity that no pod has had for so long is deleted (--identity-heartbeat-timeout).
const identityTimeout = 1_800_000
const identityInterval = 900_000
const leaderElection = 3_000
const loopback = 0x7f000001
/** Where the operator tells the kubelet how it is. */
const healthPort = 9234

/** Does what only one has to do for all nodes: registers the kinds, shares out addresses, removes old identities. */
export function ciliumOperator(control: PluginControl): Program {
  return {
    name: 'cilium-operator-generic',
    summary: 'share out the addresses of pods',
    appetite: { processor: 3, memory: 60_000_000 },
    async run(process) {
      const client = control.client('system:serviceaccount:kube-system:cilium-operator')
      const log = new AgentLog(process)
      let isReady = false
      serveHttp(process, healthPort, () => ({ status: isReady ? 200 : 500 }), { address: loopback })
      log.add('Cilium Operator 1.18.4')
      for (const definition of [...ciliumDefinitions, ...policyDefinitions])
        ensure(client, customResourceDefinition, definitionOf(definition))
      log.add('Registered all CRDs')
      await log.flush()
      let kinds = findKinds(client)
      while (!kinds) {
        await process.sleep(100)
        kinds = findKinds(client)
      }
      const known = kinds
      log.add('attempting to acquire leader lease kube-system/cilium-operator-resource-lock...')
      await log.flush()
      await process.sleep(leaderElection)
      log.add('successfully acquired lease kube-system/cilium-operator-resource-lock')
      await log.flush()
      const settings = settingsOf(client)
      const pool = parsePrefix(settings['cluster-pool-ipv4-cidr'] ?? '10.0.0.0/8')!
      const length = Number(settings['cluster-pool-ipv4-mask-size'] ?? 24)
      const stop = client.watch(known.node, ({ type, object }) => {
        if (type !== 'DELETED' && !object.spec.ipam?.podCIDRs?.length) shareOut(client, known, object, pool, length)
      })
      process.onExit(stop)
      for (const kind of findPolicyKinds(client))
        process.onExit(
          client.watch(kind, ({ type, object }) => type !== 'DELETED' && judge(client, control, kind, object)),
        )
      process.thread(() => removeIdentities(process, client, known))
      isReady = true
      await untilAsked(process)
      return 0
    },
  }
}

/** Says whether a policy can be used. */
function judge(client: Client, { epoch, clock }: PluginControl, kind: Kind<CiliumPolicy>, policy: CiliumPolicy): void {
  if (policy.status?.conditions?.some(({ observedGeneration }) => observedGeneration === policy.metadata.generation))
    return
  const missing = lacking(policy)
  const condition = {
    type: 'Valid',
    status: missing.length === 0 ? 'True' : 'False',
    lastTransitionTime: new Date(epoch + clock.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    message: missing.length === 0 ? 'Policy validation succeeded' : `${missing.join(', ')} is not simulated here`,
    observedGeneration: policy.metadata.generation,
  }
  client.updateStatus(kind, { ...policy, status: { ...policy.status, conditions: [condition] } })
}

/** Gives a node the first range of the pool that no other one has. */
function shareOut(
  client: Client,
  kinds: CiliumKinds,
  node: CiliumNode,
  pool: { readonly address: number; readonly length: number },
  length: number,
): void {
  const taken = new Set(client.list(kinds.node).flatMap(({ spec }) => spec.ipam?.podCIDRs ?? []))
  for (let i = 0; i < 2 ** (length - pool.length); i++) {
    const range = formatPrefix({ address: pool.address + i * 2 ** (32 - length), length })
    if (taken.has(range)) continue
    client.update(kinds.node, { ...node, spec: { ...node.spec, ipam: { ...node.spec.ipam, podCIDRs: [range] } } })
    return
  }
}

async function removeIdentities(process: Process, client: Client, kinds: CiliumKinds): Promise<void> {
  const unusedSince = new Map<string, number>()
  for (;;) {
    await process.sleep(identityInterval)
    const used = new Set(client.list(kinds.endpoint).map(({ status }) => String(status?.identity?.id)))
    for (const { metadata } of client.list(kinds.identity)) {
      const { now } = process.kernel.clock
      if (used.has(metadata.name)) unusedSince.delete(metadata.name)
      else if (!unusedSince.has(metadata.name)) unusedSince.set(metadata.name, now)
      else if (now - unusedSince.get(metadata.name)! >= identityTimeout) {
        unusedSince.delete(metadata.name)
        client.delete(kinds.identity, metadata.name)
      }
    }
  }
}
