import { dnsTypeNumber } from '../../dnsText.ts'
import type { Process } from '../../program.ts'
import { readResolverSettings } from '../../resolver.ts'

/** What is asked for, and how patiently. */
export interface Question {
  type: number | undefined
  port: number
  timeout: number
  retry: number
  recurses: boolean
  searches: boolean
  tcp: boolean
}

/** Reads `-type=SRV` and its like; gives what is wrong with an option. */
export function takeOption(question: Question, word: string): string | undefined {
  const [key = '', value] = word.split('=')
  switch (key.toLowerCase()) {
    case 'type':
    case 'querytype':
    case 'query':
    case 'qu':
    case 'ty':
    case 'q':
    case 't': {
      const type = dnsTypeNumber(value ?? '')
      if (type === undefined) return `unknown query type: ${value ?? ''}`
      question.type = type
      return undefined
    }
    case 'timeout':
      question.timeout = Number(value) * 1000
      return undefined
    case 'retry':
      question.retry = Number(value)
      return undefined
    case 'port':
    case 'po':
      question.port = Number(value)
      return undefined
    case 'recurse':
    case 'norecurse':
      question.recurses = key === 'recurse'
      return undefined
    case 'search':
    case 'nosearch':
      question.searches = key === 'search'
      return undefined
    case 'vc':
    case 'novc':
      question.tcp = key === 'vc'
      return undefined
    case 'debug':
    case 'nodebug':
    case 'd2':
    case 'all':
    case 'class':
      return `option -${key} is not simulated here`
    default:
      return `*** Invalid option: ${word}`
  }
}

/** What holds when nothing else is said. */
export function freshQuestion(process: Process): Question {
  const { timeout } = readResolverSettings(process)
  return { type: undefined, port: 53, timeout, retry: 2, recurses: true, searches: true, tcp: false }
}
