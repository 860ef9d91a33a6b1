import { beforeAll, expect, test } from 'vitest'
import { addressOfBalancer, addressOfIngress, askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'
import { Lab } from '#simulator/lab.ts'
import { readLabSettings } from '#simulator/labDefinition.ts'

let world: World

beforeAll(async () => {
  const cluster = readLabSettings({ addons: 'cloud-provider,ingress-nginx' })
  const lab = await Lab.boot({ cluster, files: {} }, 1)
  for (const command of [
    `kubectl patch service -n ingress-nginx ingress-nginx-controller -p '{"spec":{"type":"LoadBalancer"}}'`,
    'kubectl create deployment web --image=hashicorp/http-echo:1.0 -- /http-echo -listen=:8080 -text=hello',
    'kubectl expose deployment web --port=80 --target-port=8080',
    'kubectl create ingress web --class=nginx --rule=web.example/*=web:80',
    'kubectl create ingress moved --class=nginx --rule=old.example/*=web:80 --annotation nginx.ingress.kubernetes.io/permanent-redirect=http://web.example/here',
    'kubectl create ingress foreign --class=other --rule=x.example/*=web:80',
    'sleep 90',
  ])
    await lab.run(command)
  world = lab.world()
}, 60_000)

const balancer = () => addressOfBalancer(world, 'ingress-nginx-controller', 'ingress-nginx')!

test('a load balancer and an Ingress have addresses once somebody gave them', () => {
  expect(balancer()).toMatch(/^192\.168\.64\.\d+$/)
  expect(addressOfBalancer(world, 'web')).toBeUndefined()
  expect(addressOfIngress(world, 'web')).toMatch(/^192\.168\.64\.\d+$/)
  expect(addressOfIngress(world, 'foreign')).toBeUndefined()
  expect(addressOfIngress(world, 'nothing')).toBeUndefined()
})

test('a site is asked by its name at an address, over HTTP and HTTPS', async () => {
  const at = balancer()
  expect(await askSite(world, { at, url: 'http://web.example/' })).toEqual({
    code: 200,
    page: 'hello',
    redirect: '',
    text: 'HTTP 200',
  })
  expect((await askSite(world, { at, url: 'https://web.example/' })).page).toBe('hello')
  expect((await askSite(world, { at, url: 'http://x.example/' })).code).toBe(404)
  expect(await askSite(world, { at, url: 'http://old.example/' })).toMatchObject({
    code: 301,
    redirect: 'http://web.example/here',
  })
})

test('a port may be named, and no answer at all has no code', async () => {
  const answer = await askSite(world, { at: `${balancer()}:81`, url: 'http://web.example/' })
  expect(answer.code).toBe(0)
  expect(answer.text).toMatch(/^curl: \(28\) /)
})
