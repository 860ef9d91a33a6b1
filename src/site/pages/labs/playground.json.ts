import type { APIRoute } from 'astro'
import { playgroundPack } from '../../playground/playground.ts'

/** What the worker of the playground needs to build its lab. */
export const GET: APIRoute = () =>
  new Response(JSON.stringify(playgroundPack()), { headers: { 'content-type': 'application/json' } })
