import { boolean, text } from './flag.ts'

/** `--dry-run`: only try. */
export const dryRun = text(
  'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
  'none',
  { bare: 'unchanged' },
)

/** `--field-manager`: who is recorded as the owner of the fields. */
export function fieldManager(name: string) {
  return text('Name of the manager used to track field ownership.', name)
}

/** `--validate`: what becomes of fields that the schema does not know. */
export const validate = text(
  'Must be one of: strict (or true), warn, ignore (or false). "true" or "strict" will use a schema to validate the input and fail the request if invalid. It will perform server side validation if ServerSideFieldValidation is enabled on the api-server, but will fall back to less reliable client-side validation if not. "warn" will warn about unknown or duplicate fields without blocking the request if server-side field validation is enabled on the API server, and behave as "ignore" otherwise. "false" or "ignore" will not perform any schema validation, silently dropping any unknown or duplicate fields.',
  'strict',
  { bare: 'strict' },
)

/** `--save-config`: remember the configuration for a later apply. */
export const saveConfig = boolean(
  'If true, the configuration of current object will be saved in its annotation. Otherwise, the annotation will be unchanged. This flag is useful when you want to perform kubectl apply on this object in the future.',
)

/** `--record`: the command as the cause of the change. */
export const record = boolean(
  'Record current kubectl command in the resource annotation. If set to false, do not record the command. If set to true, record the command. If not set, default to updating the existing annotation value only if one already exists.',
  false,
  { deprecated: '--record will be removed in the future' },
)

/** `--cascade`, `--force`, `--grace-period`, `--timeout`: how objects go. */
export const cascade = text(
  'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
  'background',
  { bare: 'background' },
)
