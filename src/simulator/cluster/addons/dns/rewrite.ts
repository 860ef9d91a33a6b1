import type { DnsMessage, DnsRecord } from '../../../network/dns.ts'
import { absolute, CorefileError, type Directive } from './corefile.ts'
import { type DnsPlugin, questionOf } from './plugin.ts'

/** Asks for another name than the client did, and answers under the client's name. */
export function rewritePlugin({ args, line }: Directive): DnsPlugin {
  const words = args.filter(word => word !== 'stop' && word !== 'continue')
  const [field, ...rest] = words
  if (field !== 'name')
    throw new CorefileError(`plugin/rewrite: Corefile:${line} - rewriting '${field}' is not simulated here`)
  const rewrite = readRule(rest, line)
  return {
    answer(request, reply, next) {
      const question = questionOf(request)
      const name = rewrite(question.name)
      if (name === undefined) return next(request, reply)
      const asked: DnsMessage = { ...request, questions: [{ ...question, name }] }
      const back = (record: DnsRecord) =>
        record.name.toLowerCase() === name ? { ...record, name: question.name } : record
      next(asked, answer =>
        reply(answer && { ...answer, questions: request.questions, answers: answer.answers.map(back) }),
      )
    },
  }
}

function readRule(words: readonly string[], line: number): (name: string) => string | undefined {
  const kinds = ['exact', 'prefix', 'suffix', 'substring', 'regex']
  const [kind = 'exact', from = '', to = ''] = kinds.includes(words[0] ?? '') ? words : ['exact', ...words]
  const lower = from.toLowerCase()
  switch (kind) {
    case 'exact':
      return name => (name.toLowerCase() === absolute(from) ? absolute(to) : undefined)
    case 'prefix':
      return name => (name.toLowerCase().startsWith(lower) ? to + name.slice(from.length) : undefined)
    case 'suffix':
      return name => (name.toLowerCase().endsWith(lower) ? name.slice(0, -from.length) + to : undefined)
    case 'substring':
      return name => (name.toLowerCase().includes(lower) ? name.toLowerCase().replaceAll(lower, to) : undefined)
    case 'regex': {
      const pattern = new RegExp(from)
      const template = to.replaceAll(/\{(\d+)\}/g, (_, group: string) => `$${group}`)
      return name => (pattern.test(name) ? absolute(name.replace(pattern, template)) : undefined)
    }
  }
  throw new CorefileError(`plugin/rewrite: Corefile:${line} - unknown kind of rule '${kind}'`)
}
