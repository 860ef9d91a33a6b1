import { expect, test } from 'vitest'
import { Lab } from '#simulator/lab.ts'
import { readLabSettings } from '#simulator/labDefinition.ts'

test('nft lists the chains of older Services first, whatever they are called', async () => {
  const lab = await Lab.boot({ cluster: readLabSettings({ proxy: 'nftables' }), files: {} }, 1)
  await lab.run('kubectl run web --image=nginx:1.27 --labels=app=web')
  for (const name of ['middle', 'zebra', 'ant']) {
    await lab.run(`kubectl create service clusterip ${name} --tcp=80`)
    await lab.run(`kubectl set selector service ${name} app=web`)
    await lab.settle()
  }
  const { stdout } = await lab.run("ssh node1 nft list chains ip | grep -o 'chain service-.*default/[a-z]*'")
  expect(stdout.match(/[a-z]+$/gm)!.filter(name => name !== 'kubernetes')).toEqual(['middle', 'zebra', 'ant'])
})
