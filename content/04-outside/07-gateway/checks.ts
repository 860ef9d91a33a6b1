import { defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { answeredRightly } from '#simulator/grading/probes.ts'
import { addressOfBalancer, askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'

const noDoor = () =>
  fail({
    ko: 'infra 네임스페이스의 door에 아직 주소가 없어요.',
    en: 'The Gateway door of the namespace infra has no address yet.',
  })

/** How many of so many requests each version answers. */
async function shares(world: World, at: string, requests: number, options = ''): Promise<Map<string, number>> {
  const curl = `curl -s -m 2 ${options} -H 'Host: shop.example' http://${at}/`
  const { stdout } = await world.run(`for i in $(seq ${requests}); do ${curl}; done | sort | uniq -c`, 120_000)
  const lines = stdout.split('\n').map(line => /^ *(\d+) shop, version (\w+)$/.exec(line))
  return new Map(lines.flatMap(found => (found ? [[found[2]!, Number(found[1])] as const] : [])))
}

async function weighed(world: World, at: string): Promise<Outcome> {
  const requests = 60
  const plain = await shares(world, at, requests)
  const [one = 0, two = 0] = [plain.get('one'), plain.get('two')]
  const text = `one: ${one}, two: ${two}`
  if (one + two < requests)
    return fail({ ko: '모든 요청이 답을 받지는 못해요.', en: 'Not every request is answered.' }, text)
  // A fifth of 60 is 12; chance may bring some more or fewer.
  if (two < 3 || two > 22)
    return fail({ ko: '다섯에 하나꼴로 two에 가지 않아요.', en: 'It is not about one in five that goes to two.' }, text)
  const marked = await shares(world, at, 10, "-H 'version: two'")
  if (marked.get('two') !== 10)
    return fail(
      {
        ko: 'version: two를 붙인 요청이 모두 two로 가지는 않아요.',
        en: 'Not all requests with version: two go to two.',
      },
      `one: ${marked.get('one') ?? 0}, two: ${marked.get('two') ?? 0}`,
    )
  return pass(text)
}

export default defineChecks([
  {
    id: 'attached',
    points: 2,
    title: {
      ko: 'shop.example이 door의 주소에서 답해요',
      en: 'shop.example answers at the address of door',
    },
    hints: [
      {
        ko: 'HTTPRoute의 Status에서 Accepted의 까닭을 읽어요.',
        en: 'Read in the Status of the HTTPRoute why Accepted is what it is.',
      },
      {
        ko: '문의 셀렉터와 네임스페이스의 레이블을 나란히 놓고 봐요.',
        en: 'Put the selector of the door beside the labels of the namespace.',
      },
    ],
    async probe(world) {
      const at = addressOfBalancer(world, 'door-nginx', 'infra')
      if (at === undefined) return noDoor()
      const { code, page, text } = await askSite(world, { at, url: 'http://shop.example/' })
      if (page.startsWith('shop, version')) return pass(page)
      return fail(
        code === 404
          ? { ko: '문은 듣고 있지만 붙은 길이 없어요.', en: 'The door listens, but no route is attached.' }
          : { ko: 'shop.example이 답하지 않아요.', en: 'shop.example does not answer.' },
        text,
      )
    },
  },
  {
    id: 'who-decides',
    points: 1,
    title: {
      ko: '길이 붙을 수 있는지 무엇이 정하는지 알아요',
      en: 'You know what decides whether a route may be attached',
    },
    hints: [
      {
        ko: '길이 거절된 까닭에 나오는 listener라는 말은 어느 오브젝트의 것인가요?',
        en: 'The reason of the refusal speaks of listeners. Whose are they?',
      },
    ],
    probe: answeredRightly('who-decides', 'gateway'),
  },
  {
    id: 'split',
    points: 3,
    needs: ['attached'],
    title: {
      ko: '다섯에 하나꼴로 two에 가고, version: two는 모두 two에 가요',
      en: 'About one in five goes to two, and all of version: two do',
    },
    hints: [
      {
        ko: '두 무게의 합에서 two의 무게가 얼마인지 따져 봐요.',
        en: 'Work out what part of both weights together the weight of two is.',
      },
      {
        ko: '헤더를 따지는 규칙의 backendRefs에는 누가 있어야 하나요?',
        en: 'Who has to be in the backendRefs of the rule that asks for the header?',
      },
    ],
    async probe(world) {
      const at = addressOfBalancer(world, 'door-nginx', 'infra')
      return at === undefined ? noDoor() : weighed(world, at)
    },
  },
  {
    id: 'redirect',
    points: 2,
    needs: ['attached'],
    title: {
      ko: '/old 아래가 301로 /new 아래의 같은 곳에 보내져요',
      en: 'What is below /old is sent to the same place below /new by a 301',
    },
    hints: [
      {
        ko: '경로를 따지는 규칙을 하나 더 두고, 그 규칙에는 서비스 대신 필터를 달아요.',
        en: 'Add a rule that asks for the path, and give it a filter in place of a Service.',
      },
      {
        ko: '경로 전체를 바꾸는 방식과 앞부분만 바꾸는 방식이 있어요.',
        en: 'One way replaces the whole path, another only its beginning.',
      },
    ],
    async probe(world) {
      const at = addressOfBalancer(world, 'door-nginx', 'infra')
      if (at === undefined) return noDoor()
      for (const rest of ['', '/menu', '/menu/tea']) {
        const url = `http://shop.example/old${rest}`
        const { code, redirect, text } = await askSite(world, { at, url })
        const place = redirect.replace(/^http:\/\/shop\.example(?::80)?/, '').replace(/\/$/, '')
        if (code !== 301 || place !== `/new${rest}`)
          return fail(
            { ko: `${url} 의 답이 달라요.`, en: `${url} gives another answer.` },
            `${text} ${redirect}`.trim(),
          )
      }
      const { page, text } = await askSite(world, { at, url: 'http://shop.example/older' })
      return page.startsWith('shop, version')
        ? pass()
        : fail({ ko: '/old가 아닌 경로까지 보내져요.', en: 'Paths other than /old are sent away too.' }, text)
    },
  },
])
