#!/bin/sh
# Grade each COUNT-th student of a class, the first being number INDEX.
# Usage: grade_share.sh FOLDER SET INDEX COUNT
# FOLDER/submissions holds a folder for each student; the results go to FOLDER/graded/SET/INDEX.
set -eu
folder=$1 set=$2 index=$3 count=$4
share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT

number=0
for submission in "$folder"/submissions/*; do
    if [ $((number % count)) -eq "$index" ]; then cp -a "$submission" "$share/"; fi
    number=$((number + 1))
done
cd "$(dirname "$0")/../.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
"$python" -m coursework.grade "$share" --set "$set" --out "$folder/graded/$set/$index"
