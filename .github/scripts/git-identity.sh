#!/usr/bin/env bash
# Who commits when a workflow does.
set -euo pipefail
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
