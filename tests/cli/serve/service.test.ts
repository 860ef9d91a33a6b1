import { Agent, type RequestOptions, request } from 'node:https'
import { load } from 'js-yaml'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type ServedLab, serveLab } from '../../../src/cli/serve/service.ts'
import { referenceCluster } from '../../../src/simulator/cluster/definition.ts'
import { Lab } from '../../../src/simulator/lab.ts'

let served: ServedLab
let agent: Agent
const bugs: unknown[] = []
const pods = '/api/v1/namespaces/default/pods'

beforeAll(async () => {
  const lab = await Lab.boot({ cluster: referenceCluster, files: {} }, 1)
  served = await serveLab(lab, { speed: 20, onBug: error => bugs.push(error) })
  agent = new Agent(credentials())
  served.pace.start()
}, 30_000)

afterAll(async () => {
  agent.destroy()
  await served.close()
  expect(bugs).toEqual([])
})

/** What a client reads out of its kubeconfig. */
function credentials() {
  const { clusters, users } = load(served.kubeconfig) as {
    clusters: { cluster: Record<string, string> }[]
    users: { user: Record<string, string> }[]
  }
  const text = (value = '') => Buffer.from(value, 'base64').toString()
  return {
    ca: text(clusters[0]?.cluster['certificate-authority-data']),
    cert: text(users[0]?.user['client-certificate-data']),
    key: text(users[0]?.user['client-key-data']),
  }
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  /** The JSON value, for plain answers. */
  readonly body: unknown
}

function ask(method: string, path: string, options: RequestOptions & { body?: string | Buffer } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, ...rest } = options
    const sent = request(new URL(path, served.url), { method, agent, ...rest }, async response => {
      let text = ''
      for await (const piece of response) text += piece
      const type = response.headers['content-type'] ?? ''
      const isPlain = type.includes('json') && !path.includes('watch=')
      resolve({ status: response.statusCode!, type, text, body: isPlain ? JSON.parse(text) : undefined })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function create(path: string, object: unknown): Promise<Answer> {
  return ask('POST', path, { body: JSON.stringify(object), headers: { 'content-type': 'application/json' } })
}

/** The lines of an answer that does not end, until one of them contains a word. */
function linesUntil(path: string, word: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, served.url), { agent }, response => {
      let text = ''
      response.on('data', piece => {
        text += piece
        if (!text.includes(word)) return
        sent.destroy()
        resolve(text.split('\n'))
      })
      response.on('end', () => reject(new Error(`the answer ended: ${text}`)))
    })
    sent.on('error', error => (error.message === 'socket hang up' ? undefined : reject(error)))
    sent.end()
  })
}

function pod(name: string, command: string) {
  return {
    metadata: { name },
    spec: { containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', command] }] },
  }
}

async function running(name: string): Promise<void> {
  await linesUntil(`${pods}?watch=true&fieldSelector=metadata.name%3D${name}%2Cstatus.phase%3DRunning`, 'ADDED')
}

test('clients discover what there is, in both forms', async () => {
  expect((await ask('GET', '/api/v1')).text).toContain('"pods/exec"')
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
  const aggregated = await ask('GET', '/apis', { headers: { accept } })
  expect(aggregated.body).toMatchObject({ kind: 'APIGroupDiscoveryList' })
  expect(aggregated.type).toContain('as=APIGroupDiscoveryList')
  expect((await ask('GET', '/apis/')).body).toMatchObject({ kind: 'APIGroupList' })
  expect((await ask('GET', '/version')).body).toMatchObject({ gitVersion: 'v1.36.3' })
  expect((await ask('GET', '/readyz')).text).toBe('ok')
})

test('refusals are Status objects', async () => {
  const { status, body } = await ask('GET', `${pods}/nope`)
  expect(status).toBe(404)
  expect(body).toMatchObject({ kind: 'Status', reason: 'NotFound', message: 'pods "nope" not found' })
})

test('who shows no certificate is nobody, and who shows a wrong token is turned away', async () => {
  const stranger = new Agent({ ca: credentials().ca })
  const { text } = await ask('GET', pods, { agent: stranger })
  expect(text).toContain('User \\"system:anonymous\\" cannot list resource \\"pods\\"')
  const { status } = await ask('GET', pods, { agent: stranger, headers: { authorization: 'Bearer nonsense' } })
  expect(status).toBe(401)
})

test('a token speaks for its service account', async () => {
  const { body } = await create('/api/v1/namespaces/default/serviceaccounts/default/token', {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: {},
  })
  const { token } = (body as { status: { token: string } }).status
  const stranger = new Agent({ ca: credentials().ca })
  const { text } = await ask('GET', pods, { agent: stranger, headers: { authorization: `Bearer ${token}` } })
  expect(text).toContain('User \\"system:serviceaccount:default:default\\" cannot list')
})

test('the administrator may speak for others', async () => {
  const headers = { 'impersonate-user': 'jane', 'impersonate-group': 'developers' }
  const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }
  const { body } = await ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(review),
  })
  const userInfo = { username: 'jane', groups: ['developers', 'system:authenticated'] }
  expect(body).toMatchObject({ status: { userInfo } })
})

test('a long command line does not make a request too long', async () => {
  const { status } = await ask('GET', `${pods}/nope?${'a'.repeat(100_000)}=b`)
  expect(status).toBe(404)
})

test('a watch goes on with what happens, and ends after the time it was given', async () => {
  const lines = linesUntil('/api/v1/namespaces/default/configmaps?watch=true', '"late"')
  await create('/api/v1/namespaces/default/configmaps', { metadata: { name: 'late' } })
  const events = (await lines).filter(Boolean).map(line => JSON.parse(line) as unknown)
  expect(events).toContainEqual(
    expect.objectContaining({
      type: 'ADDED',
      object: expect.objectContaining({ metadata: expect.objectContaining({ name: 'late' }) }),
    }),
  )
  const { text } = await ask('GET', '/api/v1/nodes?watch=true&timeoutSeconds=2')
  expect(text.trim().split('\n').length).toBeGreaterThanOrEqual(3)
})

test('a body in Protocol Buffers is read', async () => {
  // k8s\0, then the envelope of a ConfigMap `binary` with `a: b`.
  const field = (number: number, bytes: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
  const text = (number: number, value: string) => field(number, Buffer.from(value))
  const object = Buffer.concat([
    field(1, Buffer.concat([text(1, 'binary'), text(2, ''), field(8, Buffer.alloc(0))])),
    field(2, Buffer.concat([text(1, 'a'), text(2, 'b')])),
  ])
  const type = field(1, Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')]))
  const { status, body } = await ask('POST', '/api/v1/namespaces/default/configmaps', {
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    body: Buffer.concat([Buffer.from('k8s\0'), type, field(2, object)]),
  })
  expect(status).toBe(201)
  expect(body).toMatchObject({ metadata: { name: 'binary' }, data: { a: 'b' } })
})

test('a log is followed while it grows', async () => {
  await create(pods, pod('talker', 'i=0; while true; do i=$((i+1)); echo line $i; sleep 1; done'))
  await running('talker')
  const lines = await linesUntil(`${pods}/talker/log?follow=true`, 'line 4')
  expect(lines.slice(0, 2)).toEqual(['line 1', 'line 2'])
})

test('exec runs over a WebSocket: input, output, errors and the exit status', async () => {
  await create(pods, pod('worker', 'sleep 3600'))
  await running('worker')
  const query = 'command=sh&command=-c&command=read+word%3B+echo+got+%24word%3B+echo+oops+%3E%262%3B+exit+3'
  const url = `${served.url.replace('https', 'wss')}${pods}/worker/exec?${query}&stdin=true&stdout=true&stderr=true`
  const socket = new WebSocket(url, 'v5.channel.k8s.io', credentials())
  const heard: Record<number, string> = {}
  socket.on('message', (message: Buffer) => {
    heard[message[0]!] = (heard[message[0]!] ?? '') + message.toString('utf8', 1)
  })
  socket.on('open', () => socket.send(Buffer.from('\0it\n')))
  await new Promise((resolve, reject) => {
    socket.on('close', resolve)
    socket.on('error', reject)
  })
  expect(socket.protocol).toBe('v5.channel.k8s.io')
  expect([heard[1], heard[2]]).toEqual(['got it\n', 'oops\n'])
  expect(JSON.parse(heard[3]!)).toMatchObject({ status: 'Failure', reason: 'NonZeroExitCode' })
})

test('a port is forwarded over a WebSocket', async () => {
  await create(pods, {
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] },
  })
  await running('web')
  const url = `${served.url.replace('https', 'wss')}${pods}/web/portforward?ports=80`
  const socket = new WebSocket(url, 'v4.channel.k8s.io', credentials())
  const heard: string[] = ['', '']
  socket.on('message', (message: Buffer) => {
    heard[message[0]!] += message.toString('latin1', 1)
  })
  socket.on('open', () => socket.send(Buffer.from('\0GET / HTTP/1.0\r\n\r\n')))
  await new Promise((resolve, reject) => {
    socket.on('close', resolve)
    socket.on('error', reject)
  })
  expect(heard[0]).toMatch(/^P\0HTTP\/1\.1 200 OK\r\n[\s\S]*Welcome to nginx/)
  expect(heard[1]).toBe('P\0')
})

test('exec in a container that is not there is refused in plain words', async () => {
  const url = `${served.url.replace('https', 'wss')}${pods}/nope/exec?command=ls&stdout=true`
  const socket = new WebSocket(url, 'v5.channel.k8s.io', credentials())
  const status = await new Promise(resolve => {
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.on('error', () => {})
  })
  expect(status).toBe(404)
})

test('older channels say nothing of success, and of a failure its message alone', async () => {
  await create(pods, pod('older', 'sleep 3600'))
  await running('older')
  const messagesOf = async (command: string) => {
    const words = ['sh', '-c', command].map(word => `command=${encodeURIComponent(word)}`).join('&')
    const url = `${served.url.replace('https', 'wss')}${pods}/older/exec?${words}&stdout=true`
    const socket = new WebSocket(url, 'channel.k8s.io', credentials())
    const messages: string[] = []
    socket.on('message', (message: Buffer) => messages.push(`${message[0]} ${message.toString('utf8', 1)}`))
    await new Promise((resolve, reject) => {
      socket.on('close', resolve)
      socket.on('error', reject)
    })
    return messages
  }
  expect(await messagesOf('echo hi')).toEqual(['1 hi\n'])
  expect(await messagesOf('exit 3')).toEqual([expect.stringMatching(/^3 command terminated with .*exit code/)])
})
