/** What the roles are, for whoever gives them. */
export const roles = [
  { value: 'viewer', label: 'Viewer: sees everything, changes nothing' },
  { value: 'responder', label: 'Responder: acknowledges, approves, runs runbooks' },
  { value: 'engineer', label: 'Engineer: also runbooks, rules and targets' },
  { value: 'admin', label: 'Administrator: also people, keys and channels' },
];
