import { type Check, defineChecks, fail, pass, type Words } from '#simulator/grading/check.ts'
import { answeredRightly } from '#simulator/grading/probes.ts'
import { addressOfBalancer, askSite } from '#simulator/grading/sites.ts'
import type { World } from '#simulator/grading/world.ts'

/** Where a number tells one to look. */
const meanings: Readonly<Record<number, Words>> = {
  404: { ko: '컨트롤러에 맞는 규칙이 없어요.', en: 'The controller has no rule that fits.' },
  502: { ko: 'nginx가 엔드포인트에 말을 걸었지만 실패해요.', en: 'nginx speaks to an endpoint, and that fails.' },
  503: { ko: 'nginx가 넘길 엔드포인트가 없어요.', en: 'nginx has no endpoint to pass the request to.' },
}

/** The site that had the first, second or third of the faults at the start. */
const siteOf = ({ parameters }: World, place: number): string =>
  [parameters['one'], parameters['two'], parameters['three']][Number(parameters['order']![place]) - 1]!

/** The site of a fault shows its own page. */
const shows =
  (place: number): Check['probe'] =>
  async world => {
    const at = addressOfBalancer(world, 'ingress-nginx-controller', 'ingress-nginx')
    if (at === undefined)
      return fail({
        ko: '컨트롤러의 서비스에 바깥 주소가 없어요.',
        en: 'The Service of the controller has no outside address.',
      })
    const site = siteOf(world, place)
    const { code, page, text } = await askSite(world, { at, url: `http://${site}.example/` })
    if (page === `welcome to the ${site}`) return pass(page)
    const other = { ko: '이 사이트의 페이지가 아니에요.', en: 'This is not the page of that site.' }
    return fail(meanings[code] ?? other, `${site}.example: ${code === 200 ? page : text}`)
  }

export default defineChecks([
  {
    id: 'log-of-503',
    points: 1,
    title: { ko: '503일 때 nginx가 누구에게 말을 걸었는지 알아요', en: 'You know whom nginx spoke to at a 503' },
    hints: [
      {
        ko: '503이 적힌 줄의 끝부분을 502가 적힌 줄의 끝부분과 나란히 놓고 봐요.',
        en: 'Put the end of the line with the 503 beside the end of the line with the 502.',
      },
    ],
    probe: answeredRightly('log-of-503', 'none'),
  },
  {
    id: 'was-404',
    points: 3,
    title: { ko: '404를 보내던 사이트가 제 페이지를 보여요', en: 'The site that sent 404 shows its page' },
    hints: [
      {
        ko: 'nginx.conf에 그 사이트의 이름이 있는지, 있다면 어떤 경로를 받는지 봐요.',
        en: 'See whether nginx.conf has the name of the site, and if so, which paths it takes.',
      },
      {
        ko: '그 인그레스를 다른 두 인그레스와 한 줄씩 비교해요. 목록의 CLASS와 HOSTS도 봐요.',
        en: 'Compare that Ingress with the other two line by line, and the columns CLASS and HOSTS of the list.',
      },
      {
        ko: '고칠 것은 인그레스에 있어요. 서비스와 파드는 요청을 받은 적이 없어요.',
        en: 'What has to change is in the Ingress. Service and pod never got a request.',
      },
    ],
    probe: shows(0),
  },
  {
    id: 'was-502',
    points: 3,
    title: { ko: '502를 보내던 사이트가 제 페이지를 보여요', en: 'The site that sent 502 shows its page' },
    hints: [
      {
        ko: '컨트롤러의 로그에서 error라는 말이 있는 줄을 찾아요. 어느 주소와 포트에 무엇이 실패했나요?',
        en: 'Find the line that says error in the log of the controller. What failed, and at which address and port?',
      },
      {
        ko: '그 파드가 어느 주소와 포트에서 듣는지, 어떤 말을 기다리는지 로그와 args에서 읽어요.',
        en: 'Read in the log and the args of that pod on which address and port it listens, and for which protocol.',
      },
      {
        ko: '부르는 쪽과 듣는 쪽이 주소, 포트, 프로토콜에서 만나야 해요. 셋 가운데 어긋난 하나를 맞춰요.',
        en: 'Caller and listener have to meet in address, port and protocol. Mend the one of these that differs.',
      },
    ],
    probe: shows(1),
  },
  {
    id: 'was-503',
    points: 3,
    title: { ko: '503을 보내던 사이트가 제 페이지를 보여요', en: 'The site that sent 503 shows its page' },
    hints: [
      {
        ko: '인그레스가 부르는 서비스가 있는지, 그 서비스에 엔드포인트가 있는지 봐요.',
        en: 'See whether the Service that the Ingress names exists, and whether it has endpoints.',
      },
      {
        ko: '서비스의 셀렉터와 파드의 레이블을, 그리고 파드의 READY 칸을 봐요.',
        en: 'Look at the selector of the Service, at the labels of the pod, and at its column READY.',
      },
      {
        ko: '이름이나 셀렉터를 맞추거나, 파드가 준비됐다고 말하게 해요.',
        en: 'Make the name or the selector fit, or have the pod say that it is ready.',
      },
    ],
    probe: shows(2),
  },
])
