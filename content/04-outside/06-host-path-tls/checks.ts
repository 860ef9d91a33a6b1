import { defineChecks, fail, type Outcome, pass } from '#simulator/grading/check.ts'
import { answeredRightly } from '#simulator/grading/probes.ts'
import { addressOfBalancer, askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'

const door = (world: World) => addressOfBalancer(world, 'ingress-nginx-controller', 'ingress-nginx')
const noDoor = () =>
  fail({
    ko: '컨트롤러의 서비스에 바깥 주소가 없어요.',
    en: 'The Service of the controller has no outside address.',
  })

/** Each of these URLs brings its page; the first that does not is named. */
async function pages(world: World, wanted: Readonly<Record<string, string>>): Promise<Outcome> {
  const at = door(world)
  if (at === undefined) return noDoor()
  for (const [url, page] of Object.entries(wanted)) {
    const answer = await askSite(world, { at, url: `https://${url}` })
    if (answer.page !== page)
      return fail(
        { ko: `${url} 의 답이 달라요.`, en: `${url} gives another answer.` },
        answer.code === 200 ? answer.page : answer.text,
      )
  }
  return pass()
}

export default defineChecks([
  {
    id: 'paths',
    points: 1,
    title: {
      ko: 'shop.example이 경로로, *.shop.example이 이름으로 나뉘어요',
      en: 'shop.example is shared out by path, *.shop.example by name',
    },
    hints: [
      {
        ko: '적용한 규칙이 front.yaml과 같은지, 클래스가 맞는지 봐요.',
        en: 'See whether the rules you applied are those of front.yaml, and their class fits.',
      },
    ],
    probe: world =>
      pages(world, {
        'shop.example/cart/7': 'cart',
        'shop.example/cartoon': 'shop',
        'shop.example/cart/pay': 'till',
        'shop.example/cart/pay/7': 'cart',
        'a.shop.example/': 'guest',
      }),
  },
  {
    id: 'one-star',
    points: 1,
    title: { ko: '별표가 어디까지 맞는지 알아요', en: 'You know how much a star covers' },
    hints: [
      {
        ko: '세 이름 가운데 guest가 답한 것을 세어 봐요.',
        en: 'Count for how many of the three names guest answered.',
      },
    ],
    probe: answeredRightly('one-star', 'one'),
  },
  {
    id: 'rewrite',
    points: 3,
    title: {
      ko: 'stock.example/v1 아래에서 stock의 두 페이지가 와요',
      en: 'Both pages of stock come from below stock.example/v1',
    },
    hints: [
      {
        ko: 'stock 파드의 로그에서 파드가 어떤 경로를 봤는지 찾아요.',
        en: 'Find in the log of the stock pod which path it saw.',
      },
      {
        ko: '둘째 괄호에 무엇이 남는지 세어 봐요. 그 앞에는 빗금이 하나 있어야 해요.',
        en: 'Count what is left for the second pair of brackets. One slash has to stand before it.',
      },
      {
        ko: '적용이 물리쳐졌다면 pathType이 정규식을 받는 종류인지 봐요.',
        en: 'If your change was turned away, see whether its pathType takes a regular expression.',
      },
    ],
    probe: world =>
      pages(world, {
        'stock.example/v1/items': '12 kettles, 40 cups',
        'stock.example/v1/hours': 'from 9 to 6',
      }),
  },
  {
    id: 'tls',
    points: 3,
    title: {
      ko: 'shop.example이 그 이름의 인증서를 보여 줘요',
      en: 'shop.example shows a certificate with its name',
    },
    hints: [
      {
        ko: '시크릿의 이름과 네임스페이스를 인그레스의 것과 비교해요.',
        en: 'Compare name and namespace of the Secret with those of the Ingress.',
      },
      {
        ko: '컨트롤러의 로그에서 certificate라는 말이 있는 줄을 찾아요.',
        en: 'Find the lines about a certificate in the log of the controller.',
      },
    ],
    async probe(world) {
      const at = door(world)
      if (at === undefined) return noDoor()
      const shown = `echo | openssl s_client -connect ${at}:443 -servername shop.example 2>/dev/null | openssl x509`
      // A certificate that vouches for itself: its name and its dates have to be right.
      const { stdout, stderr, status } = await world.run(
        `${shown} > /tmp/shown.pem; curl -sS -m 5 --cacert /tmp/shown.pem --resolve shop.example:443:${at} https://shop.example/cart`,
        20_000,
      )
      if (status === 0 && stdout.trim() === 'cart') return pass()
      const { stdout: subject } = await world.run(`${shown} -noout -subject`, 10_000)
      return fail(
        status === 60
          ? { ko: '보여 준 인증서에 그 이름이 없어요.', en: 'The certificate it shows does not hold that name.' }
          : { ko: 'HTTPS로 cart가 오지 않아요.', en: 'cart does not come over HTTPS.' },
        subject.trim() || stderr.split('\n')[0],
      )
    },
  },
  {
    id: 'lost',
    points: 2,
    title: {
      ko: '모르는 이름은 lost가 받아요',
      en: 'Names that nobody knows are taken by lost',
    },
    hints: [
      {
        ko: '만든 인그레스의 CLASS 칸을 봐요.',
        en: 'Look at the column CLASS of the Ingress you made.',
      },
      {
        ko: '기본 백엔드에는 서비스의 이름과 서비스의 포트를 적어요.',
        en: 'A default backend names a Service and the port of the Service.',
      },
    ],
    probe: world => pages(world, { 'nowhere.example/': 'lost and found', 'a.b.shop.example/': 'lost and found' }),
  },
])
