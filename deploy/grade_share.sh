#!/bin/sh
# Grade each COUNT-th submission, the first being number INDEX.
# Usage: grade_share.sh FOLDER INDEX COUNT; FOLDER holds course/, submissions/ and gets graded/.
set -eu
folder=$1 index=$2 count=$3
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT

cp -a "$folder/course" "$own/course"
rm -rf "$own/course/_build"
mkdir "$own/share"
number=0
for submission in "$folder"/submissions/*; do
    if [ $((number % count)) -eq "$index" ]; then cp -a "$submission" "$own/share/"; fi
    number=$((number + 1))
done

failed=0
(cd "$own/course" && make grade SUBMISSIONS="$own/share") || failed=$?
mkdir -p "$folder/graded"
rm -rf "$folder/graded/$index"
cp -a "$own/course/_build" "$folder/graded/$index"
exit "$failed"
