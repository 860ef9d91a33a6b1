import { expect, test } from 'vitest'
import { drawGround, drawLab } from '../../src/cli/property/draw.ts'
import { replayed } from '../../src/cli/property/replay.ts'
import { grounds, runProperty } from '../../src/cli/property/run.ts'

/** Some pod networks take seconds to boot on a busy machine. */
const longest = 60_000

test('the same seed draws the same lab', () => {
  const ground = drawGround(7, { plugin: 'flannel', backend: 'vxlan', proxy: 'iptables' })
  expect(drawLab(7, ground)).toEqual(drawLab(7, ground))
  expect(drawLab(7, ground)).not.toEqual(drawLab(8, ground))
})

test('every pod network that gives pods addresses is drawn, with each mode of kube-proxy', () => {
  const drawn = grounds().map(({ plugin, backend, proxy }) => [plugin, backend, proxy].join(' '))
  expect(drawn).toEqual(expect.arrayContaining(['flannel vxlan iptables', 'flannel host-gw nftables', 'kubenet  ipvs']))
})

test.each([...new Set(grounds().map(({ plugin }) => plugin))])(
  'in labs drawn by chance every packet obeys the laws with %s',
  async plugin => {
    const findings = await runProperty({ labs: 4, labsPerCluster: 4, seed: 1, plugin, proxy: 'iptables' })
    expect(findings).toEqual([])
  },
  longest,
)

test(
  'a lab that was drawn ends in the same state when its log is replayed',
  async () => {
    const ground = drawGround(3, { plugin: 'flannel', backend: 'vxlan', proxy: 'iptables' })
    expect(await replayed(ground, drawLab(3, ground))).toEqual([])
  },
  longest,
)
