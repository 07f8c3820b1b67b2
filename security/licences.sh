#!/usr/bin/env bash
# Lists the licence of each module that the program with all its parts (tag litestream) is linked from, and fails on one that
# is missing or not among those that a closed or open product may ship with.
set -euo pipefail

kind() {
	local text
	text=$(tr -s '[:space:]' ' ' < "$1")
	case $text in
	*"Apache License"*) echo Apache-2.0 ;;
	*"Mozilla Public License"*2.0*) echo MPL-2.0 ;;
	*"GNU AFFERO"* | *"GNU GENERAL PUBLIC"* | *"GNU LESSER GENERAL"* | *"Server Side Public"* | *"Business Source"*) echo refused ;;
	*"Permission is hereby granted, free of charge"*) echo MIT ;;
	*"Redistribution and use in source and binary forms"*"either the name"*) echo BSD-3-Clause ;;
	*"Redistribution and use in source and binary forms"*"may not be used to endorse"*) echo BSD-3-Clause ;;
	*"Redistribution and use in source and binary forms"*) echo BSD-2-Clause ;;
	*"Permission to use, copy, modify, and/or distribute"* | *"Permission to use, copy, modify, and distribute"*) echo ISC ;;
	*"dedicate any and all copyright"* | *"CC0"* | *"public domain"*) echo public-domain ;;
	*) echo unknown ;;
	esac
}

bad=0
while read -r module version dir; do
	file=$(find "$dir" -maxdepth 1 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'unlicense*' \) | sort | head -n 1)
	licence=missing
	[ -n "$file" ] && licence=$(kind "$file")
	printf '%-16s %s %s\n' "$licence" "$module" "$version"
	case $licence in missing | refused | unknown) bad=1 ;; esac
done < <(go list -tags litestream -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}{{end}}' . | sort -u)
exit $bad
