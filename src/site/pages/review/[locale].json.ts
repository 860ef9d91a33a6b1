import type { APIRoute, GetStaticPaths } from 'astro'
import { questionBank } from '../../questionBank.ts'
import { type Locale, locales } from '../../strings/strings.ts'

export const getStaticPaths: GetStaticPaths = () => locales.map(locale => ({ params: { locale } }))

/** Every question of the course, for the review page. */
export const GET: APIRoute = async ({ params }) =>
  new Response(JSON.stringify([...(await questionBank(params['locale'] as Locale)).values()]), {
    headers: { 'content-type': 'application/json' },
  })
