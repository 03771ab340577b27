/** Kept as text in the code, so that it is there in Node and in the browser alike; `templates/` holds the same as a file. */
export const DISK_CLEANUP = `name: disk-cleanup
description: Free disk space by removing old journals, package caches and old temporary files, and prove that enough is free
category: disk-maintenance
tags: [linux, disk, cleanup]

triggers:
  - alert_name: "DiskSpaceLow"
  - alert_name: "DiskFull"
  - alert_name: "HostOutOfDiskSpace"
  - alert_name: "NodeFilesystem*SpaceFillingUp"
  - alert_name: "NodeFilesystemAlmostOutOfSpace"

parameters:
  - name: mount
    description: Mount point that is short of space
    from: "{{ labels.mountpoint }}"
    default: "/"
    pattern: "^/[a-zA-Z0-9/_.-]*$"
  - name: keep_days
    description: Temporary files that were changed within so many days are kept
    type: integer
    default: 7
    minimum: 1
    maximum: 365
  - name: journal_days
    description: The system journal is kept for so many days
    type: integer
    default: 7
    minimum: 1
    maximum: 365
  - name: max_percent
    description: The fix has worked when no more than this is in use
    type: integer
    default: 85
    minimum: 1
    maximum: 99

targets:
  from_label: instance

safety:
  # Files are deleted: a person looks at the plan first.
  approval: required
  approval_expires: 1h
  cooldown: 30m
  max_per_hour: 2
  idempotent: true

steps:
  - name: Show what is in use before
    command: "df -Ph -- {{ parameters.mount }}"
    timeout: 20s

  - name: Remove old journals
    command: "sudo -n journalctl --vacuum-time={{ parameters.journal_days }}d"
    on_failure: continue
    timeout: 2m

  - name: Empty the package cache
    command: |
      if command -v apt-get >/dev/null 2>&1; then sudo -n apt-get clean
      elif command -v dnf >/dev/null 2>&1; then sudo -n dnf clean packages
      fi
    on_failure: continue
    timeout: 2m

  - name: Remove old temporary files
    # Regular files only, on these file systems only, and none that is in recent use.
    command: "sudo -n find /tmp /var/tmp -xdev -type f -mtime +{{ parameters.keep_days }} -atime +{{ parameters.keep_days }} -delete"
    on_failure: continue
    timeout: 5m

  - name: Show what is in use after
    command: "df -Ph -- {{ parameters.mount }}"
    timeout: 20s

verify:
  - name: Enough space is free
    command: "df -P -- {{ parameters.mount }} | LIMIT={{ parameters.max_percent }} awk 'NR == 2 { exit ($5 + 0 > ENVIRON[\\"LIMIT\\"] + 0) }'"
    timeout: 20s
  - alert_resolved_within: 15m
`;
