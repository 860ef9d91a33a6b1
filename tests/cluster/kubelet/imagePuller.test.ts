import { expect, test } from 'vitest'
import { TestCluster } from '../fixture.ts'

test('who waits in line for an image that another pod is bringing downloads it no second time', async () => {
  const cluster = await TestCluster.boot()
  for (const name of ['a', 'b']) cluster.createPod(name, { image: 'redis:7', nodeName: 'node1' })
  await cluster.advance(20)
  const times = ['a', 'b'].map(name => {
    const text = cluster.eventsOf(name).find(each => each.includes('Successfully pulled')) ?? ''
    return /in (\d+ms|[\d.]+s) \(/.exec(text)?.[1]
  })
  expect(times.sort()).toEqual([expect.stringMatching(/^1\.\d+s$/), expect.stringMatching(/^\d{3}ms$/)])
})
