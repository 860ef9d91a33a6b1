import { expect, test } from 'vitest'
import { persistentVolume } from '../../../src/simulator/cluster/kinds/persistentVolume.ts'
import { persistentVolumeClaim } from '../../../src/simulator/cluster/kinds/persistentVolumeClaim.ts'
import { pod } from '../../../src/simulator/cluster/kinds/pod.ts'
import { TestCluster } from '../fixture.ts'

function addClaim({ client }: TestCluster, accessMode: string): void {
  client.create(persistentVolumeClaim, {
    metadata: { name: 'claim', namespace: 'default' },
    spec: { accessModes: [accessMode], resources: { requests: { storage: '1Gi' } } },
  })
}

function addPod(cluster: TestCluster, name: string, script: string): void {
  const container = {
    name: 'c',
    image: 'busybox:1.36',
    command: ['sh', '-c', script],
    volumeMounts: [{ name: 'v', mountPath: '/data' }],
  }
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'claim' } }]
  cluster.createPod(name, { containers: [container], volumes, restartPolicy: 'Never' })
}

test('a claim gets a directory of the node, which outlives pods and goes with the claim', async () => {
  const cluster = await TestCluster.boot({ addons: ['local-path-provisioner'] })
  const { client } = cluster
  addClaim(cluster, 'ReadWriteOnce')
  addPod(cluster, 'writer', 'echo kept > /data/note')
  await cluster.advance(30)
  expect(cluster.pod('writer').status.phase).toBe('Succeeded')
  client.delete(pod, 'writer', 'default')
  addPod(cluster, 'reader', 'test "$(cat /data/note)" = kept')
  await cluster.advance(30)
  expect(cluster.pod('reader').status.phase).toBe('Succeeded')
  const [volume] = client.list(persistentVolume)
  const files = cluster.cluster.nodes.get(cluster.pod('reader').spec.nodeName!)!.files
  expect(files.exists(volume!.spec.hostPath!.path)).toBe(true)
  client.delete(pod, 'reader', 'default')
  client.delete(persistentVolumeClaim, 'claim', 'default')
  await cluster.advance(30)
  expect(client.list(persistentVolume)).toEqual([])
  expect(files.exists(volume!.spec.hostPath!.path)).toBe(false)
})

test('a directory of one node cannot be shared between nodes', async () => {
  const cluster = await TestCluster.boot({ addons: ['local-path-provisioner'] })
  addClaim(cluster, 'ReadWriteMany')
  addPod(cluster, 'writer', 'true')
  await cluster.advance(10)
  expect(cluster.eventsOf('claim')).toContain(
    'ProvisioningFailed: failed to provision volume with StorageClass "standard": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
  )
})
