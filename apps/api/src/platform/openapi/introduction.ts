/** The groups of routes in the order of the product: how an alert comes in, what becomes of it, and what that takes. */
export const groups: Record<string, string> = {
  auth: 'Signing in, and who is signed in',
  ingest: 'Where senders post their alerts. Answered when they are stored, and not before',
  'ingest-mappings': 'How the fields of a generic source are found',
  alerts: 'Alerts, their timeline and analyses, and what people do with them',
  rules: 'What is to be done about which alerts; the first that matches decides',
  runbooks: 'Runbooks, their versions, and starting them',
  'runbook-templates': 'Runbooks to begin with',
  executions: 'Runs of runbooks: plans, approvals, steps, output',
  targets: 'Hosts on which steps run, and their host keys',
  'known-hosts': 'Certificate authorities, revoked keys and known_hosts files, which hold for many hosts',
  credentials: 'Secrets by which targets are reached; they never come back',
  'llm-providers': 'Models that analyse alerts; none is needed',
  'notification-channels': 'Where messages go',
  'notification-policies': 'Which messages go where',
  notifications: 'Messages and their delivery',
  'failed-operations': 'Work in the background that used up its attempts, and waits for a decision',
  breakers: 'What the engine has stopped calling for a while, because it fails',
  'audit-log': 'Who did what to what, when and from where',
  'feature-flags': 'What is switched on for whom',
  users: 'People and their roles',
  invitations: 'People who are invited, and links for new passwords',
  'api-keys': 'Keys of senders and programs',
  'signing-keys': 'Keys that sign access tokens, and their rotation',
  health: 'For probes and load balancers',
  metrics: 'For Prometheus',
};

/** What holds for every route, for a reader who begins here. */
export const introduction = `From a firing alert to a proven fix.

### Signing in
Send \`Authorization: Bearer …\` with an access token of \`POST /api/v1/auth/login\` or with an API key (\`aiops_…\`). Here,
press **Authorize** and put either into *bearer*. Senders that can do no better also get in with the key as the password of
HTTP basic, or as \`?key=\`. Every route says which role and which scope of a key it needs.

### Lists
\`{"data": […], "pagination": {"total", "total_is_estimate", "next_cursor", "has_more"}}\`, either by \`page\` and
\`page_size\`, or by \`cursor\` and \`limit\`: begin without a cursor and pass on \`next_cursor\` until it is null. Pages by cursor
neither repeat nor miss anything while entries come and go, and the last one costs what the first does. A cursor serves the
filter and the sort that it was made for. \`sort=-created_at\` sorts backwards; what else a list can be sorted by is in the
answer to a sort that it does not know. \`q\` looks for a text.

### Fields
\`fields=id,status\` on anything that is read answers these fields alone, and reads no more than them. A field that does not
exist is a 400.

### Values
JSON in \`snake_case\`, times in RFC 3339 in UTC with milliseconds, ids as UUIDs of version 7. Request fields that are not
known are refused, except by senders' routes. Secrets are write-only and come back as \`***\`.

### Errors
Problems of RFC 9457 (\`application/problem+json\`): \`type\` leads to [what can be done about it](/api/docs/errors), \`errors\`
names the fields, \`trace_id\` leads to the log. Send \`X-Trace-ID\` or a W3C \`traceparent\` to choose it.

### Limits
Every answer has \`X-RateLimit-Limit\`, \`X-RateLimit-Remaining\` and \`X-RateLimit-Reset\`; a 429 says in \`Retry-After\` when to
come back, and so does a 503.`;
