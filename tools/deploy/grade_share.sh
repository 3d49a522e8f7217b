#!/bin/sh
# Grade each COUNT-th student of a class, the first being number SHARE, from 1 to COUNT.
# Usage: grade_share.sh FOLDER SET SHARE COUNT [OPTION...]
# FOLDER/submissions holds what the class handed in; the results go to FOLDER/graded/SET/results. Whoever
# grades the whole class into FOLDER/graded/SET when all shares are done runs nothing again, and
# writes marks, pages and reports.
set -eu
folder=$1 set=$2 share=$3 count=$4
shift 4

cd "$(dirname "$0")/../.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
exec "$python" -m coursework.grade "$folder/submissions" --set "$set" --out "$folder/graded/$set" \
    --share "$share/$count" "$@"
