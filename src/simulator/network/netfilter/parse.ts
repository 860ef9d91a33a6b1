import type { Prefix } from '../address.ts'
import type { Protocol } from '../packet.ts'
import { draftMatch, finishMatch, isMatchName, readMatchOption } from './parseMatch.ts'
import { draftTarget, finishTarget, readTargetOption } from './parseTarget.ts'
import type { Condition, RuleText } from './rule.ts'
import { readPrefix, readProtocol } from './values.ts'
import { RuleSyntaxError, splitWords, WordReader } from './words.ts'

/** Reads the words of a rule after its chain: `-p tcp -m tcp --dport 80 -j ACCEPT`. Throws `RuleSyntaxError`. */
export function parseRule(text: string | readonly string[]): RuleText {
  const parser = new RuleParser(new WordReader(typeof text === 'string' ? splitWords(text) : text))
  return parser.rule()
}

/** Conditions on the IPv4 header itself. */
interface Header {
  source?: Condition<Prefix>
  destination?: Condition<Prefix>
  inInterface?: Condition<string>
  outInterface?: Condition<string>
  protocol?: Condition<Protocol>
}

class RuleParser {
  #words: WordReader
  #header: Header = {}
  #matches: ReturnType<typeof draftMatch>[] = []
  #target: ReturnType<typeof draftTarget> | undefined

  constructor(words: WordReader) {
    this.#words = words
  }

  rule(): RuleText {
    const words = this.#words
    let isNegated = false
    while (!words.isAtEnd) {
      const word = words.next()
      if (word === '!') {
        isNegated = true
        continue
      }
      if (!word.startsWith('-')) throw new RuleSyntaxError(`Bad argument \`${word}'`)
      if (!this.#headerOption(word, isNegated) && !this.#extensionOption(word, isNegated))
        throw new RuleSyntaxError(`unknown option "${word}"`)
      isNegated = false
    }
    const target = this.#target && finishTarget(this.#target)
    return { ...this.#header, matches: this.#matches.map(finishMatch), ...(target && { target }) }
  }

  #headerOption(option: string, isNegated: boolean): boolean {
    const words = this.#words
    const header = this.#header
    switch (option) {
      case '-s':
      case '--source':
      case '--src':
        header.source = { value: readPrefix(words.value(option)), isNegated }
        break
      case '-d':
      case '--destination':
      case '--dst':
        header.destination = { value: readPrefix(words.value(option)), isNegated }
        break
      case '-i':
      case '--in-interface':
        header.inInterface = { value: words.value(option), isNegated }
        break
      case '-o':
      case '--out-interface':
        header.outInterface = { value: words.value(option), isNegated }
        break
      case '-p':
      case '--protocol':
      case '--proto': {
        const protocol = readProtocol(words.value(option))
        if (protocol) header.protocol = { value: protocol, isNegated }
        break
      }
      case '-m':
      case '--match':
        this.#matches.push(draftMatch(words.value(option)))
        break
      case '-j':
      case '--jump':
        this.#target = draftTarget(words.value(option))
        break
      case '-g':
      case '--goto':
        this.#target = { kind: 'goto', chain: words.value(option) }
        break
      default:
        return false
    }
    return true
  }

  /** An option belongs to the target, to the last match that knows it, or to the match that the protocol implies. */
  #extensionOption(option: string, isNegated: boolean): boolean {
    if (this.#target && readTargetOption(this.#target, option, this.#words)) return true
    for (const match of this.#matches.toReversed())
      if (readMatchOption(match, option, isNegated, this.#words)) return true
    const implied = this.#header.protocol?.value
    if (!implied || !isMatchName(implied)) return false
    const match = draftMatch(implied)
    if (!readMatchOption(match, option, isNegated, this.#words)) return false
    this.#matches.push(match)
    return true
  }
}
