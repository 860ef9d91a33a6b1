import { parentReference } from './references.ts'
import { conditions, controllerName, list, object } from './schema.ts'

/** What the controllers say of a route, for each Gateway that it is attached to. */
export const routeStatus = object('What the controllers say of the route.', {
  'parents!': list(
    'What each Gateway makes of the route.',
    object('What one of them makes of it.', {
      'conditions!': conditions('Whether the route is accepted, and its references are resolved.'),
      'controllerName!': controllerName('Who says so.'),
      'parentRef!': parentReference,
    }),
    32,
  ),
})
