import { expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

test("a pod on the node's namespaces sees its processes, and enters its files", async () => {
  const lab = await TestCluster.boot()
  lab.createPod('debugger', {
    nodeName: 'node1',
    hostPID: true,
    hostNetwork: true,
    volumes: [{ name: 'host-root', hostPath: { path: '/' } }],
    containers: [
      {
        name: 'debugger',
        image: 'busybox:1.36',
        command: ['sleep', 'infinity'],
        volumeMounts: [{ name: 'host-root', mountPath: '/host' }],
      },
    ],
  })
  await lab.advance(3)
  const run = async (...command: string[]) => (await lab.exec('debugger', command)).output
  const listing = await run('ps')
  expect(listing).toMatch(/^ +1 root +\/sbin\/init\n/m)
  expect(listing).toMatch(/\/usr\/bin\/kubelet --bootstrap-kubeconfig/)
  expect(await run('cat', '/host/etc/hostname')).toBe('node1\n')
  expect(await run('chroot', '/host', 'cat', '/etc/hostname')).toBe('node1\n')
  expect(await run('chroot', '/host', 'sh', '-c', 'exit 3; echo no')).toBe('')
  expect(await run('chroot', '/nowhere', 'ls')).toBe(
    "chroot: can't change root directory to '/nowhere': No such file or directory\n",
  )
})
