import { placeOf } from '../problem.ts'
import type { Rule } from './rule.ts'

/** Words that are not the official Korean ones, and what stands in their place. */
const wrongTerms: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/포드(?!맨)|팟(?=[이을를은의 ])/, '파드'],
  [/라벨/, '레이블'],
  [/선택자/, '셀렉터'],
  [/이름 ?공간/, '네임스페이스'],
  [/배포(?= ?오브젝트)/, '디플로이먼트'],
  [/끝점|엔드 포인트/, '엔드포인트'],
  [/입구 컨트롤러|인그래스/, '인그레스'],
  [/콘테이너/, '컨테이너'],
  [/매니패스트/, '매니페스트'],
  [/로드 ?발란서/, '로드 밸런서'],
]

/** Turns of phrase that Korean has only in translations. */
const translated: readonly RegExp[] = [
  /되어[지진]|되어집니다|지게 됩니다/,
  /에 대하여|에 대한(?! 답| 질문)/,
  /[를을] 가지(?:고 있|는|며|게)/,
  /에 의해(?:서)? /,
  /것(?:이|을) 가능하/,
  /하는 것을 허용/,
]

const politeEnd = /(?:요|죠|네요|세요|까요)[.?!:]?$/
const plainEnd = /(?:다|음|함|임)\.$|(?:니다)[.?!]$/

/** Korean reads as Korean: 해요체, official terms, no turns of a translation. */
export const korean: Rule = {
  name: 'korean',
  summary: 'Korean ends its sentences in 해요체, uses the official terms and no turns of a translation.',
  inspect({ texts: { ko } }) {
    return ko.sentences.flatMap(({ line, text }) => {
      const place = placeOf(ko.file, line)
      const plain = text.replace(/`[^`]*`/g, '')
      const problems = wrongTerms
        .filter(([wrong]) => wrong.test(plain))
        .map(([wrong, right]) => ({ place, text: `${wrong.exec(plain)?.[0]}: say ${right}` }))
      const turn = translated.map(pattern => pattern.exec(plain)?.[0]).find(Boolean)
      if (turn) problems.push({ place, text: `${turn} reads like a translation: ${text}` })
      if (plainEnd.test(plain) && !politeEnd.test(plain)) problems.push({ place, text: `not 해요체: ${text}` })
      return problems
    })
  },
}
