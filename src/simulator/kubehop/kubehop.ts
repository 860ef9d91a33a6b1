import { defineProgram } from '../machine/options.ts'
import type { Process, Program } from '../machine/program.ts'
import { complete } from './complete.ts'
import { en } from './en.ts'
import { ko } from './ko.ts'
import { Refusal } from './refusal.ts'
import { jsonOf, textOf } from './report.ts'
import { type Answer, type Request, trace } from './trace.ts'
import type { TraceWorld } from './traceWorld.ts'
import type { Language, Mistake, Words } from './words.ts'

const languages: Readonly<Record<Language, Words>> = { ko, en }
const usualPatience = '5'
const misuseStatus = 2

/** Makes the command that asks the network of a lab; `pageLanguage` is what it speaks when LANG does not say. */
export function createKubehop(world: TraceWorld, pageLanguage: () => Language): Program {
  return defineProgram({
    name: 'kubehop',
    summary: 'ask the network: would a packet arrive, and which line decided?',
    usage: 'trace FROM TO[:PORT] [OPTION]...',
    usageStatus: misuseStatus,
    options: [
      { short: 'w', long: 'why', help: 'say why it ended so' },
      { long: 'udp', help: 'send a UDP datagram' },
      { long: 'icmp', help: 'send an echo request' },
      { long: 'sctp', help: 'open an SCTP association' },
      { short: 'n', long: 'namespace', value: 'NAME', help: 'where FROM and TO are' },
      { short: 'o', long: 'output', value: 'FORMAT', help: 'text or json' },
      { short: 't', long: 'timeout', value: 'SECONDS', help: 'how long to wait for an answer' },
      { long: 'lang', value: 'LANGUAGE', help: 'ko or en' },
      { short: 'h', long: 'help', help: 'show help' },
    ],
    complete: (process, words) => complete(world.client, process, words),
    async run(process, args) {
      const language = args.get('lang') ?? languageOf(process) ?? pageLanguage()
      const words = languages[language as Language] ?? languages[languageOf(process) ?? pageLanguage()]
      try {
        if (!(language in languages)) throw new Refusal({ kind: 'badLanguage', word: language })
        const [command, ...operands] = args.operands
        if (args.has('help')) {
          await process.write(words.help)
          return 0
        }
        if (command === undefined) throw new Refusal({ kind: 'noCommand' })
        if (command !== 'trace') throw new Refusal({ kind: 'unknownCommand', word: command })
        const output = args.get('output') ?? 'text'
        if (output !== 'text' && output !== 'json') throw new Refusal({ kind: 'badOutput', word: output })
        const protocols = (['udp', 'icmp', 'sctp'] as const).filter(name => args.has(name))
        if (protocols.length > 1) throw new Refusal({ kind: 'onlyOneProtocol' })
        const answer = await trace(process, world, {
          ...ends(operands),
          namespace: args.get('namespace'),
          protocol: protocols[0],
          patience: secondsOf(args.get('timeout') ?? usualPatience),
          nameOf: place => words.place[place.kind](place.name),
        })
        const hasWhy = args.has('why')
        await process.write(output === 'json' ? jsonOf(answer, words) : textOf(answer, words, hasWhy))
        return statusOf(answer)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const say = words.mistake[error.mistake.kind] as (mistake: Mistake) => string
        return process.fail(`${say(error.mistake)}\n${words.tryHelp}`, misuseStatus)
      }
    },
  })
}

function statusOf({ path, cause }: Answer): number {
  return path?.verdict === 'answered' && cause.kind === 'answered' ? 0 : 1
}

function ends(operands: readonly string[]): Pick<Request, 'from' | 'to'> {
  const [from, to, extra] = operands
  if (from === undefined) throw new Refusal({ kind: 'fromMissing' })
  if (to === undefined) throw new Refusal({ kind: 'toMissing' })
  if (extra !== undefined) throw new Refusal({ kind: 'tooMany', word: extra })
  return { from, to }
}

function secondsOf(word: string): number {
  const seconds = Number(word.replace(/s$/, ''))
  if (!(seconds > 0)) throw new Refusal({ kind: 'badTime', word })
  return Math.ceil(seconds * 1000)
}

/** What the environment asks for, in the order in which the C library reads it. */
function languageOf({ env }: Process): Language | undefined {
  const locale = env.get('LC_ALL') || env.get('LC_MESSAGES') || env.get('LANG') || ''
  return /^(ko|en)/.exec(locale)?.[1] as Language | undefined
}
