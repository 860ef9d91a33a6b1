import { BaseImage, Cluster, type ProcessContext } from '@ngrok/webernetes'

/** An image that answers HTTP, as the peer's own guide makes one. */
class Web extends BaseImage {
  static readonly imageName = 'web'
  static readonly imageVersion = '1'
  readonly defaultCommand = ['server']

  override async exec(context: ProcessContext, argv: readonly string[]): Promise<number> {
    if (argv[0] !== 'server') return super.exec(context, argv)
    context.listenHttp(80, async () => ({ status: 200, body: 'hello\n' }))
    return context.waitUntilKilled()
  }
}

/** The peer's cluster with some web pods behind a Service; resolves when all are ready. */
export async function bootPeer(pods: number): Promise<Cluster> {
  const cluster = new Cluster()
  cluster.registerImage(Web)
  await cluster.init()
  if (pods === 0) return cluster
  const labels = { app: 'web' }
  await cluster.apply([
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: pods,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'web:1' }] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: {
        type: 'NodePort',
        selector: labels,
        ports: [{ port: 80, targetPort: 80, nodePort: 31000, protocol: 'TCP' }],
      },
    },
  ])
  while ((await readyPods(cluster)) < pods) await new Promise(resolve => setTimeout(resolve, 200))
  return cluster
}

/** What the Deployment says, so that watching costs the peer little. */
async function readyPods(cluster: Cluster): Promise<number> {
  const deployment = await cluster.api.appsv1.readNamespacedDeployment({ name: 'web', namespace: 'default' })
  return deployment.status?.readyReplicas ?? 0
}
