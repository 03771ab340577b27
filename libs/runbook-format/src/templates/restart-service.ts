/** Kept as text in the code, so that it is there in Node and in the browser alike; `templates/` holds the same as a file. */
export const RESTART_SERVICE = `name: restart-service
description: Restart a systemd service that is down or does not answer, and prove that it runs again
category: service-recovery
tags: [systemd, linux, restart]

trigger:
  alert_name: "ServiceDown"
  labels: { service: "*" }

parameters:
  - name: service
    description: Name of the systemd unit
    required: true
    from: "{{ labels.service }}"
    # No wildcard and no leading hyphen: systemctl would read both as more than a name.
    pattern: "^[a-zA-Z0-9@_][a-zA-Z0-9@._-]*$"

targets:
  from_label: instance

safety:
  approval: by_rule
  approval_expires: 30m
  cooldown: 10m
  max_per_hour: 5
  # Each step only looks or brings about a state, so each may be run again after an interruption.
  idempotent: true

steps:
  - name: Show the state of the service
    command: "systemctl status --no-pager --lines=50 -- {{ parameters.service }}"
    # A service that is down has exit code 3; that is why we are here.
    expected_exit_code: [0, 1, 2, 3]
    timeout: 20s

  - name: Restart the service
    command: "sudo -n systemctl restart -- {{ parameters.service }}"
    timeout: 90s
    retries: { attempts: 2, delay: 5s }

verify:
  - name: The service is active
    command: "systemctl is-active -- {{ parameters.service }}"
    expected_output: "active"
    timeout: 10s
    retries: { attempts: 5, delay: 2s }
  - alert_resolved_within: 5m
`;
